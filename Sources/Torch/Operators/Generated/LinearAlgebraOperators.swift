// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Products and decompositions of matrices.

extension Tensor {
  /// `beta * self` plus `alpha` times the sum of the products of two batches of matrices.
  ///
  /// PyTorch: `Tensor.addbmm`.
  public func addbmm(
    _ batch1: Tensor, _ batch2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1
  ) -> Tensor {
    addbmmOperator.tensor(
      .tensor(self), .tensor(batch1), .tensor(batch2), .scalar(beta), .scalar(alpha))
  }

  /// `beta * self` plus `alpha` times the sum of the products of two batches of matrices.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addbmm_`.
  @discardableResult
  public func addbmm_(
    _ batch1: Tensor, _ batch2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1
  ) -> Tensor {
    addbmmInPlace.run(
      .tensor(self), .tensor(batch1), .tensor(batch2), .scalar(beta), .scalar(alpha))
    return self
  }

  /// `beta * self + alpha * mat1 @ mat2`.
  ///
  /// PyTorch: `Tensor.addmm`.
  public func addmm(_ mat1: Tensor, _ mat2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addmmOperator.tensor(.tensor(self), .tensor(mat1), .tensor(mat2), .scalar(beta), .scalar(alpha))
  }

  /// `beta * self + alpha * mat1 @ mat2`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addmm_`.
  @discardableResult
  public func addmm_(_ mat1: Tensor, _ mat2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addmmInPlace.run(.tensor(self), .tensor(mat1), .tensor(mat2), .scalar(beta), .scalar(alpha))
    return self
  }

  /// `beta * self + alpha * mat @ vec`.
  ///
  /// PyTorch: `Tensor.addmv`.
  public func addmv(_ mat: Tensor, _ vec: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addmvOperator.tensor(.tensor(self), .tensor(mat), .tensor(vec), .scalar(beta), .scalar(alpha))
  }

  /// `beta * self + alpha * mat @ vec`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addmv_`.
  @discardableResult
  public func addmv_(_ mat: Tensor, _ vec: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addmvInPlace.run(.tensor(self), .tensor(mat), .tensor(vec), .scalar(beta), .scalar(alpha))
    return self
  }

  /// `beta * self` plus `alpha` times the outer product of two vectors.
  ///
  /// PyTorch: `Tensor.addr`.
  public func addr(_ vec1: Tensor, _ vec2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addrOperator.tensor(.tensor(self), .tensor(vec1), .tensor(vec2), .scalar(beta), .scalar(alpha))
  }

  /// `beta * self` plus `alpha` times the outer product of two vectors.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addr_`.
  @discardableResult
  public func addr_(_ vec1: Tensor, _ vec2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1)
    -> Tensor
  {
    addrInPlace.run(.tensor(self), .tensor(vec1), .tensor(vec2), .scalar(beta), .scalar(alpha))
    return self
  }

  /// `beta * self + alpha * batch1 @ batch2` for batches of matrices.
  ///
  /// PyTorch: `Tensor.baddbmm`.
  public func baddbmm(
    _ batch1: Tensor, _ batch2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1
  ) -> Tensor {
    baddbmmOperator.tensor(
      .tensor(self), .tensor(batch1), .tensor(batch2), .scalar(beta), .scalar(alpha))
  }

  /// `beta * self + alpha * batch1 @ batch2` for batches of matrices.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.baddbmm_`.
  @discardableResult
  public func baddbmm_(
    _ batch1: Tensor, _ batch2: Tensor, beta: any Scalar = 1, alpha: any Scalar = 1
  ) -> Tensor {
    baddbmmInPlace.run(
      .tensor(self), .tensor(batch1), .tensor(batch2), .scalar(beta), .scalar(alpha))
    return self
  }

  /// The products of two batches of matrices.
  ///
  /// PyTorch: `Tensor.bmm`.
  public func bmm(_ mat2: Tensor) -> Tensor {
    bmmOperator.tensor(.tensor(self), .tensor(mat2))
  }

  /// The `p`-norm distances of all pairs of rows.
  ///
  /// PyTorch: `torch.cdist`.
  public func cdist(_ x2: Tensor, p: Double = 2.0, computeMode: Int? = nil) -> Tensor {
    cdistOperator.tensor(.tensor(self), .tensor(x2), .double(p), .optionalInt(computeMode))
  }

  /// The product of matrices in the cheapest order.
  ///
  /// PyTorch: `torch.chain_matmul`.
  public static func chainMatmul(_ matrices: [Tensor]) -> Tensor {
    chainMatmulOperator.tensor(.tensors(matrices))
  }

  /// The inverse of a matrix from its Cholesky factor.
  ///
  /// PyTorch: `Tensor.cholesky_inverse`.
  public func choleskyInverse(upper: Bool = false) -> Tensor {
    choleskyInverseOperator.tensor(.tensor(self), .bool(upper))
  }

  /// The solution of a linear system from the Cholesky factor `input2`.
  ///
  /// PyTorch: `Tensor.cholesky_solve`.
  public func choleskySolve(_ input2: Tensor, upper: Bool = false) -> Tensor {
    choleskySolveOperator.tensor(.tensor(self), .tensor(input2), .bool(upper))
  }

  /// The correlation coefficients of the rows, which are variables.
  ///
  /// PyTorch: `Tensor.corrcoef`.
  public func corrcoef() -> Tensor {
    corrcoefOperator.tensor(.tensor(self))
  }

  /// The cosine of the angle between vectors along a dimension.
  ///
  /// PyTorch: `torch.nn.functional.cosine_similarity`.
  public func cosineSimilarity(_ x2: Tensor, dim: Int = 1, eps: Double = 1e-08) -> Tensor {
    cosineSimilarityOperator.tensor(.tensor(self), .tensor(x2), .int(dim), .double(eps))
  }

  /// The covariance of the rows, which are variables.
  ///
  /// PyTorch: `Tensor.cov`.
  public func cov(correction: Int = 1, fweights: Tensor? = nil, aweights: Tensor? = nil) -> Tensor {
    covOperator.tensor(
      .tensor(self), .int(correction), .optionalTensor(fweights), .optionalTensor(aweights))
  }

  /// The cross product of vectors of size 3 along a dimension.
  ///
  /// PyTorch: `Tensor.cross`.
  public func cross(_ other: Tensor, dim: Int? = nil) -> Tensor {
    crossOperator.tensor(.tensor(self), .tensor(other), .optionalInt(dim))
  }

  /// The inner product of two vectors.
  ///
  /// PyTorch: `Tensor.dot`.
  public func dot(_ tensor: Tensor) -> Tensor {
    dotOperator.tensor(.tensor(self), .tensor(tensor))
  }

  /// The sum of products by Einstein's convention, such as `ij,jk->ik`.
  ///
  /// PyTorch: `torch.einsum`.
  public static func einsum(_ equation: String, _ tensors: [Tensor], path: [Int]? = nil) -> Tensor {
    einsumOperator.tensor(.string(equation), .tensors(tensors), .optionalInts(path))
  }

  /// The Householder form of the QR decomposition.
  ///
  /// PyTorch: `Tensor.geqrf`.
  public func geqrf() -> (a: Tensor, tau: Tensor) {
    let results = geqrfOperator.tensors(count: 2, .tensor(self))
    return (a: results[0], tau: results[1])
  }

  /// The gradient by finite differences.
  ///
  /// PyTorch: `torch.gradient`.
  public func finiteDifferences(spacing: (any Scalar)? = nil, dim: Int? = nil, edgeOrder: Int = 1)
    -> [Tensor]
  {
    gradientScalarintOperator.tensors(
      count: 0, .tensor(self), .optionalScalar(spacing), .optionalInt(dim), .int(edgeOrder))
  }

  /// The inner products along the last dimensions.
  ///
  /// PyTorch: `Tensor.inner`.
  public func inner(_ other: Tensor) -> Tensor {
    innerOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The Kronecker product.
  ///
  /// PyTorch: `Tensor.kron`.
  public func kron(_ other: Tensor) -> Tensor {
    kronOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The logarithm of the determinants.
  ///
  /// PyTorch: `Tensor.logdet`.
  public func logdet() -> Tensor {
    logdetOperator.tensor(.tensor(self))
  }

  /// The solution of a linear system from an LU factorization.
  ///
  /// PyTorch: `Tensor.lu_solve`.
  public func luSolve(_ luData: Tensor, _ luPivots: Tensor) -> Tensor {
    luSolveOperator.tensor(.tensor(self), .tensor(luData), .tensor(luPivots))
  }

  /// The matrices P, L and U of an LU factorization.
  ///
  /// PyTorch: `torch.lu_unpack`.
  public func luUnpack(_ luPivots: Tensor, unpackData: Bool = true, unpackPivots: Bool = true) -> (
    p: Tensor, l: Tensor, u: Tensor
  ) {
    let results = luUnpackOperator.tensors(
      count: 3, .tensor(self), .tensor(luPivots), .bool(unpackData), .bool(unpackPivots))
    return (p: results[0], l: results[1], u: results[2])
  }

  /// The matrix product over the last two dimensions; the others are broadcast.
  ///
  /// PyTorch: `Tensor.matmul`.
  public func matmul(_ other: Tensor) -> Tensor {
    matmulOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The matrix exponential.
  ///
  /// PyTorch: `Tensor.matrix_exp`.
  public func matrixExp() -> Tensor {
    matrixExpOperator.tensor(.tensor(self))
  }

  /// The `n`-th power of square matrices.
  ///
  /// PyTorch: `Tensor.matrix_power`.
  public func matrixPower(_ n: Int) -> Tensor {
    matrixPowerOperator.tensor(.tensor(self), .int(n))
  }

  /// The product of two matrices.
  ///
  /// PyTorch: `Tensor.mm`.
  public func mm(_ mat2: Tensor) -> Tensor {
    mmOperator.tensor(.tensor(self), .tensor(mat2))
  }

  /// The product of a matrix and a vector.
  ///
  /// PyTorch: `Tensor.mv`.
  public func mv(_ vec: Tensor) -> Tensor {
    mvOperator.tensor(.tensor(self), .tensor(vec))
  }

  /// The orthogonal matrix of Householder reflections.
  ///
  /// PyTorch: `Tensor.orgqr`.
  public func orgqr(_ input2: Tensor) -> Tensor {
    orgqrOperator.tensor(.tensor(self), .tensor(input2))
  }

  /// The product with the orthogonal matrix of Householder reflections.
  ///
  /// PyTorch: `Tensor.ormqr`.
  public func ormqr(_ input2: Tensor, _ input3: Tensor, left: Bool = true, transpose: Bool = false)
    -> Tensor
  {
    ormqrOperator.tensor(
      .tensor(self), .tensor(input2), .tensor(input3), .bool(left), .bool(transpose))
  }

  /// The outer product of two vectors.
  ///
  /// PyTorch: `Tensor.outer`.
  public func outer(_ vec2: Tensor) -> Tensor {
    outerOperator.tensor(.tensor(self), .tensor(vec2))
  }

  /// The `p`-norm distance of each pair of rows.
  ///
  /// PyTorch: `torch.nn.functional.pairwise_distance`.
  public func pairwiseDistance(
    _ x2: Tensor, p: Double = 2.0, eps: Double = 1e-06, keepDim: Bool = false
  ) -> Tensor {
    pairwiseDistanceOperator.tensor(
      .tensor(self), .tensor(x2), .double(p), .double(eps), .bool(keepDim))
  }

  /// The `p`-norm distances of all pairs of different rows, as a vector.
  ///
  /// PyTorch: `torch.nn.functional.pdist`.
  public func pdist(p: Double = 2.0) -> Tensor {
    pdistOperator.tensor(.tensor(self), .double(p))
  }

  /// The pseudoinverse.
  ///
  /// PyTorch: `Tensor.pinverse`.
  public func pinverse(rcond: Double = 1e-15) -> Tensor {
    pinverseOperator.tensor(.tensor(self), .double(rcond))
  }

  /// Complex numbers from absolute values and angles.
  ///
  /// PyTorch: `torch.polar`.
  public func polar(_ angle: Tensor) -> Tensor {
    polarOperator.tensor(.tensor(self), .tensor(angle))
  }

  /// The slices along a dimension with their `p`-norm limited to `maxnorm`.
  ///
  /// PyTorch: `Tensor.renorm`.
  public func renorm(p: any Scalar, dim: Int, maxnorm: any Scalar) -> Tensor {
    renormOperator.tensor(.tensor(self), .scalar(p), .int(dim), .scalar(maxnorm))
  }

  /// The slices along a dimension with their `p`-norm limited to `maxnorm`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.renorm_`.
  @discardableResult
  public func renorm_(p: any Scalar, dim: Int, maxnorm: any Scalar) -> Tensor {
    renormInPlace.run(.tensor(self), .scalar(p), .int(dim), .scalar(maxnorm))
    return self
  }

  /// The sum of products over dimensions of both tensors.
  ///
  /// PyTorch: `torch.tensordot`.
  public func tensordot(_ other: Tensor, dimsSelf: [Int], dimsOther: [Int]) -> Tensor {
    tensordotOperator.tensor(.tensor(self), .tensor(other), .ints(dimsSelf), .ints(dimsOther))
  }

  /// The sum of the diagonal of a matrix.
  ///
  /// PyTorch: `Tensor.trace`.
  public func trace() -> Tensor {
    traceOperator.tensor(.tensor(self))
  }

  /// The row and column indices of a lower triangle.
  ///
  /// PyTorch: `torch.tril_indices`.
  public static func trilIndices(
    _ row: Int, _ col: Int, offset: Int = 0, dtype: DType? = .int64, device: Device? = nil
  ) -> Tensor {
    trilIndicesOperator.tensor(
      .int(row), .int(col), .int(offset), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The row and column indices of an upper triangle.
  ///
  /// PyTorch: `torch.triu_indices`.
  public static func triuIndices(
    _ row: Int, _ col: Int, offset: Int = 0, dtype: DType? = .int64, device: Device? = nil
  ) -> Tensor {
    triuIndicesOperator.tensor(
      .int(row), .int(col), .int(offset), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The inner product of two vectors, the first conjugated.
  ///
  /// PyTorch: `Tensor.vdot`.
  public func vdot(_ other: Tensor) -> Tensor {
    vdotOperator.tensor(.tensor(self), .tensor(other))
  }
}

private let addbmmOperator = Operator("aten::addbmm")
private let addbmmInPlace = Operator("aten::addbmm_")
private let addmmOperator = Operator("aten::addmm")
private let addmmInPlace = Operator("aten::addmm_")
private let addmvOperator = Operator("aten::addmv")
private let addmvInPlace = Operator("aten::addmv_")
private let addrOperator = Operator("aten::addr")
private let addrInPlace = Operator("aten::addr_")
private let baddbmmOperator = Operator("aten::baddbmm")
private let baddbmmInPlace = Operator("aten::baddbmm_")
private let bmmOperator = Operator("aten::bmm")
private let cdistOperator = Operator("aten::cdist")
private let chainMatmulOperator = Operator("aten::chain_matmul")
private let choleskyInverseOperator = Operator("aten::cholesky_inverse")
private let choleskySolveOperator = Operator("aten::cholesky_solve")
private let corrcoefOperator = Operator("aten::corrcoef")
private let cosineSimilarityOperator = Operator("aten::cosine_similarity")
private let covOperator = Operator("aten::cov")
private let crossOperator = Operator("aten::cross")
private let dotOperator = Operator("aten::dot")
private let einsumOperator = Operator("aten::einsum")
private let geqrfOperator = Operator("aten::geqrf")
private let gradientScalarintOperator = Operator("aten::gradient", "scalarint")
private let innerOperator = Operator("aten::inner")
private let kronOperator = Operator("aten::kron")
private let logdetOperator = Operator("aten::logdet")
private let luSolveOperator = Operator("aten::lu_solve")
private let luUnpackOperator = Operator("aten::lu_unpack")
private let matmulOperator = Operator("aten::matmul")
private let matrixExpOperator = Operator("aten::matrix_exp")
private let matrixPowerOperator = Operator("aten::matrix_power")
private let mmOperator = Operator("aten::mm")
private let mvOperator = Operator("aten::mv")
private let orgqrOperator = Operator("aten::orgqr")
private let ormqrOperator = Operator("aten::ormqr")
private let outerOperator = Operator("aten::outer")
private let pairwiseDistanceOperator = Operator("aten::pairwise_distance")
private let pdistOperator = Operator("aten::pdist")
private let pinverseOperator = Operator("aten::pinverse")
private let polarOperator = Operator("aten::polar")
private let renormOperator = Operator("aten::renorm")
private let renormInPlace = Operator("aten::renorm_")
private let tensordotOperator = Operator("aten::tensordot")
private let traceOperator = Operator("aten::trace")
private let trilIndicesOperator = Operator("aten::tril_indices")
private let triuIndicesOperator = Operator("aten::triu_indices")
private let vdotOperator = Operator("aten::vdot")
