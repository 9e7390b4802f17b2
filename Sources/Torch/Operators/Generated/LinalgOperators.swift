// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// PyTorch's torch.linalg.

extension Tensor {
  /// PyTorch's `torch.linalg` on this tensor.
  public var linalg: LinearAlgebra { LinearAlgebra(tensor: self) }
}

/// PyTorch's torch.linalg, as methods of ``Tensor/linalg``.
public struct LinearAlgebra {
  let tensor: Tensor

  /// The Cholesky factors of positive definite matrices.
  ///
  /// PyTorch: `torch.linalg.cholesky`.
  public func cholesky(upper: Bool = false) -> Tensor {
    linalgCholeskyOperator.tensor(.tensor(tensor), .bool(upper))
  }

  /// The Cholesky factors, and the order of the leading minor that is not positive definite.
  ///
  /// PyTorch: `torch.linalg.cholesky_ex`.
  public func choleskyEx(upper: Bool = false, checkErrors: Bool = false) -> (
    l: Tensor, info: Tensor
  ) {
    let results = linalgCholeskyExOperator.tensors(
      count: 2, .tensor(tensor), .bool(upper), .bool(checkErrors))
    return (l: results[0], info: results[1])
  }

  /// The condition numbers with respect to a norm.
  ///
  /// PyTorch: `torch.linalg.cond`.
  public func cond(p: (any Scalar)? = nil) -> Tensor {
    linalgCondOperator.tensor(.tensor(tensor), .optionalScalar(p))
  }

  /// The condition numbers with respect to a norm.
  ///
  /// PyTorch: `torch.linalg.cond`.
  public func cond(_ p: MatrixNorm) -> Tensor {
    linalgCondPStrOperator.tensor(.tensor(tensor), .string(p.rawValue))
  }

  /// The cross product of vectors of size 3 along a dimension.
  ///
  /// PyTorch: `torch.linalg.cross`.
  public func cross(_ other: Tensor, dim: Int = -1) -> Tensor {
    linalgCrossOperator.tensor(.tensor(tensor), .tensor(other), .int(dim))
  }

  /// The determinants.
  ///
  /// PyTorch: `torch.linalg.det`.
  public func det() -> Tensor {
    linalgDetOperator.tensor(.tensor(tensor))
  }

  /// A view of the diagonals of matrices.
  ///
  /// PyTorch: `torch.linalg.diagonal`.
  public func diagonal(offset: Int = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor {
    linalgDiagonalOperator.tensor(.tensor(tensor), .int(offset), .int(dim1), .int(dim2))
  }

  /// The eigenvalues and eigenvectors of square matrices, complex.
  ///
  /// PyTorch: `torch.linalg.eig`.
  public func eig() -> (eigenvalues: Tensor, eigenvectors: Tensor) {
    let results = linalgEigOperator.tensors(count: 2, .tensor(tensor))
    return (eigenvalues: results[0], eigenvectors: results[1])
  }

  /// The eigenvalues and eigenvectors of symmetric or Hermitian matrices.
  ///
  /// PyTorch: `torch.linalg.eigh`.
  public func eigh(uplo: Triangle = .lower) -> (eigenvalues: Tensor, eigenvectors: Tensor) {
    let results = linalgEighOperator.tensors(count: 2, .tensor(tensor), .string(uplo.rawValue))
    return (eigenvalues: results[0], eigenvectors: results[1])
  }

  /// The eigenvalues of square matrices, complex.
  ///
  /// PyTorch: `torch.linalg.eigvals`.
  public func eigvals() -> Tensor {
    linalgEigvalsOperator.tensor(.tensor(tensor))
  }

  /// The eigenvalues of symmetric or Hermitian matrices.
  ///
  /// PyTorch: `torch.linalg.eigvalsh`.
  public func eigvalsh(uplo: Triangle = .lower) -> Tensor {
    linalgEigvalshOperator.tensor(.tensor(tensor), .string(uplo.rawValue))
  }

  /// The first columns of a product of Householder matrices.
  ///
  /// PyTorch: `torch.linalg.householder_product`.
  public func householderProduct(_ tau: Tensor) -> Tensor {
    linalgHouseholderProductOperator.tensor(.tensor(tensor), .tensor(tau))
  }

  /// The inverses of square matrices.
  ///
  /// PyTorch: `torch.linalg.inv`.
  public func inv() -> Tensor {
    linalgInvOperator.tensor(.tensor(tensor))
  }

  /// The inverses, and the position of a zero pivot.
  ///
  /// PyTorch: `torch.linalg.inv_ex`.
  public func invEx(checkErrors: Bool = false) -> (inverse: Tensor, info: Tensor) {
    let results = linalgInvExOperator.tensors(count: 2, .tensor(tensor), .bool(checkErrors))
    return (inverse: results[0], info: results[1])
  }

  /// A compact LDL factorization of symmetric or Hermitian matrices.
  ///
  /// PyTorch: `torch.linalg.ldl_factor`.
  public func ldlFactor(hermitian: Bool = false) -> (ld: Tensor, pivots: Tensor) {
    let results = linalgLdlFactorOperator.tensors(count: 2, .tensor(tensor), .bool(hermitian))
    return (ld: results[0], pivots: results[1])
  }

  /// A compact LDL factorization, and the position of a zero pivot.
  ///
  /// PyTorch: `torch.linalg.ldl_factor_ex`.
  public func ldlFactorEx(hermitian: Bool = false, checkErrors: Bool = false) -> (
    ld: Tensor, pivots: Tensor, info: Tensor
  ) {
    let results = linalgLdlFactorExOperator.tensors(
      count: 3, .tensor(tensor), .bool(hermitian), .bool(checkErrors))
    return (ld: results[0], pivots: results[1], info: results[2])
  }

  /// The solution of linear systems from an LDL factorization.
  ///
  /// PyTorch: `torch.linalg.ldl_solve`.
  public func ldlSolve(_ pivots: Tensor, _ b: Tensor, hermitian: Bool = false) -> Tensor {
    linalgLdlSolveOperator.tensor(.tensor(tensor), .tensor(pivots), .tensor(b), .bool(hermitian))
  }

  /// The least-squares solution of linear systems.
  ///
  /// PyTorch: `torch.linalg.lstsq`.
  public func lstsq(_ b: Tensor, rcond: Double? = nil, driver: String? = nil) -> (
    solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor
  ) {
    let results = linalgLstsqOperator.tensors(
      count: 4, .tensor(tensor), .tensor(b), .optionalDouble(rcond), .optionalString(driver))
    return (
      solution: results[0], residuals: results[1], rank: results[2], singularValues: results[3]
    )
  }

  /// The LU decomposition with partial pivoting.
  ///
  /// PyTorch: `torch.linalg.lu`.
  public func lu(pivot: Bool = true) -> (p: Tensor, l: Tensor, u: Tensor) {
    let results = linalgLuOperator.tensors(count: 3, .tensor(tensor), .bool(pivot))
    return (p: results[0], l: results[1], u: results[2])
  }

  /// A compact LU factorization.
  ///
  /// PyTorch: `torch.linalg.lu_factor`.
  public func luFactor(pivot: Bool = true) -> (lu: Tensor, pivots: Tensor) {
    let results = linalgLuFactorOperator.tensors(count: 2, .tensor(tensor), .bool(pivot))
    return (lu: results[0], pivots: results[1])
  }

  /// A compact LU factorization, and the position of a zero pivot.
  ///
  /// PyTorch: `torch.linalg.lu_factor_ex`.
  public func luFactorEx(pivot: Bool = true, checkErrors: Bool = false) -> (
    lu: Tensor, pivots: Tensor, info: Tensor
  ) {
    let results = linalgLuFactorExOperator.tensors(
      count: 3, .tensor(tensor), .bool(pivot), .bool(checkErrors))
    return (lu: results[0], pivots: results[1], info: results[2])
  }

  /// The solution of linear systems from an LU factorization.
  ///
  /// PyTorch: `torch.linalg.lu_solve`.
  public func luSolve(_ pivots: Tensor, _ b: Tensor, left: Bool = true, adjoint: Bool = false)
    -> Tensor
  {
    linalgLuSolveOperator.tensor(
      .tensor(tensor), .tensor(pivots), .tensor(b), .bool(left), .bool(adjoint))
  }

  /// The matrix exponential.
  ///
  /// PyTorch: `torch.linalg.matrix_exp`.
  public func matrixExp() -> Tensor {
    linalgMatrixExpOperator.tensor(.tensor(tensor))
  }

  /// A norm of matrices.
  ///
  /// PyTorch: `torch.linalg.matrix_norm`.
  public func matrixNorm(
    _ ord: any Scalar, dim: [Int] = [-2, -1], keepDim: Bool = false, dtype: DType? = nil
  ) -> Tensor {
    linalgMatrixNormOperator.tensor(
      .tensor(tensor), .scalar(ord), .ints(dim), .bool(keepDim), .optionalDType(dtype))
  }

  /// A norm of matrices.
  ///
  /// PyTorch: `torch.linalg.matrix_norm`.
  public func matrixNorm(
    ord: MatrixNorm = .fro, dim: [Int] = [-2, -1], keepDim: Bool = false, dtype: DType? = nil
  ) -> Tensor {
    linalgMatrixNormStrOrdOperator.tensor(
      .tensor(tensor), .string(ord.rawValue), .ints(dim), .bool(keepDim), .optionalDType(dtype))
  }

  /// The `n`-th power of square matrices.
  ///
  /// PyTorch: `torch.linalg.matrix_power`.
  public func matrixPower(_ n: Int) -> Tensor {
    linalgMatrixPowerOperator.tensor(.tensor(tensor), .int(n))
  }

  /// The rank of matrices.
  ///
  /// PyTorch: `torch.linalg.matrix_rank`.
  public func matrixRank(atol: Double? = nil, rtol: Double? = nil, hermitian: Bool = false)
    -> Tensor
  {
    linalgMatrixRankAtolRtolFloatOperator.tensor(
      .tensor(tensor), .optionalDouble(atol), .optionalDouble(rtol), .bool(hermitian))
  }

  /// The rank of matrices.
  ///
  /// PyTorch: `torch.linalg.matrix_rank`.
  public func matrixRank(atol: Tensor? = nil, rtol: Tensor? = nil, hermitian: Bool = false)
    -> Tensor
  {
    linalgMatrixRankAtolRtolTensorOperator.tensor(
      .tensor(tensor), .optionalTensor(atol), .optionalTensor(rtol), .bool(hermitian))
  }

  /// The product of matrices in the cheapest order.
  ///
  /// PyTorch: `torch.linalg.multi_dot`.
  public static func multiDot(_ tensors: [Tensor]) -> Tensor {
    linalgMultiDotOperator.tensor(.tensors(tensors))
  }

  /// A norm of vectors or matrices.
  ///
  /// PyTorch: `torch.linalg.norm`.
  public func norm(
    ord: (any Scalar)? = nil, dim: (any IntegerList)? = nil, keepDim: Bool = false,
    dtype: DType? = nil
  ) -> Tensor {
    linalgNormOperator.tensor(
      .tensor(tensor), .optionalScalar(ord), .optionalList(dim, 1), .bool(keepDim),
      .optionalDType(dtype))
  }

  /// A norm of vectors or matrices.
  ///
  /// PyTorch: `torch.linalg.norm`.
  public func norm(
    _ ord: MatrixNorm, dim: (any IntegerList)? = nil, keepDim: Bool = false, dtype: DType? = nil
  ) -> Tensor {
    linalgNormOrdStrOperator.tensor(
      .tensor(tensor), .string(ord.rawValue), .optionalList(dim, 1), .bool(keepDim),
      .optionalDType(dtype))
  }

  /// The pseudoinverse.
  ///
  /// PyTorch: `torch.linalg.pinv`.
  public func pinv(atol: Double? = nil, rtol: Double? = nil, hermitian: Bool = false) -> Tensor {
    linalgPinvAtolRtolFloatOperator.tensor(
      .tensor(tensor), .optionalDouble(atol), .optionalDouble(rtol), .bool(hermitian))
  }

  /// The pseudoinverse.
  ///
  /// PyTorch: `torch.linalg.pinv`.
  public func pinv(atol: Tensor? = nil, rtol: Tensor? = nil, hermitian: Bool = false) -> Tensor {
    linalgPinvAtolRtolTensorOperator.tensor(
      .tensor(tensor), .optionalTensor(atol), .optionalTensor(rtol), .bool(hermitian))
  }

  /// The QR decomposition.
  ///
  /// PyTorch: `torch.linalg.qr`.
  public func qr(mode: QRMode = .reduced) -> (q: Tensor, r: Tensor) {
    let results = linalgQrOperator.tensors(count: 2, .tensor(tensor), .string(mode.rawValue))
    return (q: results[0], r: results[1])
  }

  /// Sign and logarithm of the absolute value of the determinants.
  ///
  /// PyTorch: `torch.linalg.slogdet`.
  public func slogdet() -> (sign: Tensor, logabsdet: Tensor) {
    let results = linalgSlogdetOperator.tensors(count: 2, .tensor(tensor))
    return (sign: results[0], logabsdet: results[1])
  }

  /// The solution X of A X = B.
  ///
  /// PyTorch: `torch.linalg.solve`.
  public func solve(_ b: Tensor, left: Bool = true) -> Tensor {
    linalgSolveOperator.tensor(.tensor(tensor), .tensor(b), .bool(left))
  }

  /// The solution X of A X = B, and the position of a zero pivot.
  ///
  /// PyTorch: `torch.linalg.solve_ex`.
  public func solveEx(_ b: Tensor, left: Bool = true, checkErrors: Bool = false) -> (
    result: Tensor, info: Tensor
  ) {
    let results = linalgSolveExOperator.tensors(
      count: 2, .tensor(tensor), .tensor(b), .bool(left), .bool(checkErrors))
    return (result: results[0], info: results[1])
  }

  /// The solution of a triangular system.
  ///
  /// PyTorch: `torch.linalg.solve_triangular`.
  public func solveTriangular(
    _ b: Tensor, upper: Bool, left: Bool = true, unitriangular: Bool = false
  ) -> Tensor {
    linalgSolveTriangularOperator.tensor(
      .tensor(tensor), .tensor(b), .bool(upper), .bool(left), .bool(unitriangular))
  }

  /// The singular value decomposition.
  ///
  /// PyTorch: `torch.linalg.svd`.
  public func svd(fullMatrices: Bool = true, driver: String? = nil) -> (
    u: Tensor, s: Tensor, vh: Tensor
  ) {
    let results = linalgSvdOperator.tensors(
      count: 3, .tensor(tensor), .bool(fullMatrices), .optionalString(driver))
    return (u: results[0], s: results[1], vh: results[2])
  }

  /// The singular values.
  ///
  /// PyTorch: `torch.linalg.svdvals`.
  public func svdvals(driver: String? = nil) -> Tensor {
    linalgSvdvalsOperator.tensor(.tensor(tensor), .optionalString(driver))
  }

  /// The inverse for `tensordot`.
  ///
  /// PyTorch: `torch.linalg.tensorinv`.
  public func tensorinv(ind: Int = 2) -> Tensor {
    linalgTensorinvOperator.tensor(.tensor(tensor), .int(ind))
  }

  /// The solution X of `tensordot(A, X) = other`.
  ///
  /// PyTorch: `torch.linalg.tensorsolve`.
  public func tensorsolve(_ other: Tensor, dims: [Int]? = nil) -> Tensor {
    linalgTensorsolveOperator.tensor(.tensor(tensor), .tensor(other), .optionalInts(dims))
  }

  /// The Vandermonde matrices of vectors.
  ///
  /// PyTorch: `torch.linalg.vander`.
  public func vander(n: Int? = nil) -> Tensor {
    linalgVanderOperator.tensor(.tensor(tensor), .optionalInt(n))
  }

  /// The inner products of vectors along a dimension.
  ///
  /// PyTorch: `torch.linalg.vecdot`.
  public func vecdot(_ y: Tensor, dim: Int = -1) -> Tensor {
    linalgVecdotOperator.tensor(.tensor(tensor), .tensor(y), .int(dim))
  }

  /// A norm of vectors along dimensions.
  ///
  /// PyTorch: `torch.linalg.vector_norm`.
  public func vectorNorm(
    ord: any Scalar = 2, dim: (any IntegerList)? = nil, keepDim: Bool = false, dtype: DType? = nil
  ) -> Tensor {
    linalgVectorNormOperator.tensor(
      .tensor(tensor), .scalar(ord), .optionalList(dim, 1), .bool(keepDim), .optionalDType(dtype))
  }
}

private let linalgCholeskyOperator = Operator("aten::linalg_cholesky")
private let linalgCholeskyExOperator = Operator("aten::linalg_cholesky_ex")
private let linalgCondOperator = Operator("aten::linalg_cond")
private let linalgCondPStrOperator = Operator("aten::linalg_cond", "p_str")
private let linalgCrossOperator = Operator("aten::linalg_cross")
private let linalgDetOperator = Operator("aten::linalg_det")
private let linalgDiagonalOperator = Operator("aten::linalg_diagonal")
private let linalgEigOperator = Operator("aten::linalg_eig")
private let linalgEighOperator = Operator("aten::linalg_eigh")
private let linalgEigvalsOperator = Operator("aten::linalg_eigvals")
private let linalgEigvalshOperator = Operator("aten::linalg_eigvalsh")
private let linalgHouseholderProductOperator = Operator("aten::linalg_householder_product")
private let linalgInvOperator = Operator("aten::linalg_inv")
private let linalgInvExOperator = Operator("aten::linalg_inv_ex")
private let linalgLdlFactorOperator = Operator("aten::linalg_ldl_factor")
private let linalgLdlFactorExOperator = Operator("aten::linalg_ldl_factor_ex")
private let linalgLdlSolveOperator = Operator("aten::linalg_ldl_solve")
private let linalgLstsqOperator = Operator("aten::linalg_lstsq")
private let linalgLuOperator = Operator("aten::linalg_lu")
private let linalgLuFactorOperator = Operator("aten::linalg_lu_factor")
private let linalgLuFactorExOperator = Operator("aten::linalg_lu_factor_ex")
private let linalgLuSolveOperator = Operator("aten::linalg_lu_solve")
private let linalgMatrixExpOperator = Operator("aten::linalg_matrix_exp")
private let linalgMatrixNormOperator = Operator("aten::linalg_matrix_norm")
private let linalgMatrixNormStrOrdOperator = Operator("aten::linalg_matrix_norm", "str_ord")
private let linalgMatrixPowerOperator = Operator("aten::linalg_matrix_power")
private let linalgMatrixRankAtolRtolFloatOperator = Operator(
  "aten::linalg_matrix_rank", "atol_rtol_float")
private let linalgMatrixRankAtolRtolTensorOperator = Operator(
  "aten::linalg_matrix_rank", "atol_rtol_tensor")
private let linalgMultiDotOperator = Operator("aten::linalg_multi_dot")
private let linalgNormOperator = Operator("aten::linalg_norm")
private let linalgNormOrdStrOperator = Operator("aten::linalg_norm", "ord_str")
private let linalgPinvAtolRtolFloatOperator = Operator("aten::linalg_pinv", "atol_rtol_float")
private let linalgPinvAtolRtolTensorOperator = Operator("aten::linalg_pinv", "atol_rtol_tensor")
private let linalgQrOperator = Operator("aten::linalg_qr")
private let linalgSlogdetOperator = Operator("aten::linalg_slogdet")
private let linalgSolveOperator = Operator("aten::linalg_solve")
private let linalgSolveExOperator = Operator("aten::linalg_solve_ex")
private let linalgSolveTriangularOperator = Operator("aten::linalg_solve_triangular")
private let linalgSvdOperator = Operator("aten::linalg_svd")
private let linalgSvdvalsOperator = Operator("aten::linalg_svdvals")
private let linalgTensorinvOperator = Operator("aten::linalg_tensorinv")
private let linalgTensorsolveOperator = Operator("aten::linalg_tensorsolve")
private let linalgVanderOperator = Operator("aten::linalg_vander")
private let linalgVecdotOperator = Operator("aten::linalg_vecdot")
private let linalgVectorNormOperator = Operator("aten::linalg_vector_norm")
