// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// PyTorch's torch.special, without what Tensor has itself.

extension Tensor {
  /// PyTorch's `torch.special` on this tensor.
  public var special: SpecialFunctions { SpecialFunctions(tensor: self) }
}

/// PyTorch's torch.special, without what Tensor has itself, as methods of ``Tensor/special``.
public struct SpecialFunctions {
  let tensor: Tensor

  /// The Airy function Ai.
  ///
  /// PyTorch: `torch.special.airy_ai`.
  public func airyAi() -> Tensor {
    specialAiryAiOperator.tensor(.tensor(tensor))
  }

  /// The Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `torch.special.bessel_j0`.
  public func besselJ0() -> Tensor {
    specialBesselJ0Operator.tensor(.tensor(tensor))
  }

  /// The Bessel function of the first kind of order 1.
  ///
  /// PyTorch: `torch.special.bessel_j1`.
  public func besselJ1() -> Tensor {
    specialBesselJ1Operator.tensor(.tensor(tensor))
  }

  /// The Bessel function of the second kind of order 0.
  ///
  /// PyTorch: `torch.special.bessel_y0`.
  public func besselY0() -> Tensor {
    specialBesselY0Operator.tensor(.tensor(tensor))
  }

  /// The Bessel function of the second kind of order 1.
  ///
  /// PyTorch: `torch.special.bessel_y1`.
  public func besselY1() -> Tensor {
    specialBesselY1Operator.tensor(.tensor(tensor))
  }

  /// The Chebyshev polynomial of the first kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_t`.
  public func chebyshevPolynomialT(_ n: Tensor) -> Tensor {
    specialChebyshevPolynomialTOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Chebyshev polynomial of the first kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_t`.
  public func chebyshevPolynomialT(_ n: any Scalar) -> Tensor {
    specialChebyshevPolynomialTNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The Chebyshev polynomial of the second kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_u`.
  public func chebyshevPolynomialU(_ n: Tensor) -> Tensor {
    specialChebyshevPolynomialUOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Chebyshev polynomial of the second kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_u`.
  public func chebyshevPolynomialU(_ n: any Scalar) -> Tensor {
    specialChebyshevPolynomialUNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The Chebyshev polynomial of the third kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_v`.
  public func chebyshevPolynomialV(_ n: Tensor) -> Tensor {
    specialChebyshevPolynomialVOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Chebyshev polynomial of the third kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_v`.
  public func chebyshevPolynomialV(_ n: any Scalar) -> Tensor {
    specialChebyshevPolynomialVNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The Chebyshev polynomial of the fourth kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_w`.
  public func chebyshevPolynomialW(_ n: Tensor) -> Tensor {
    specialChebyshevPolynomialWOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Chebyshev polynomial of the fourth kind of degree `n`.
  ///
  /// PyTorch: `torch.special.chebyshev_polynomial_w`.
  public func chebyshevPolynomialW(_ n: any Scalar) -> Tensor {
    specialChebyshevPolynomialWNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The entropy -x log(x) of every element.
  ///
  /// PyTorch: `torch.special.entr`.
  public func entr() -> Tensor {
    specialEntrOperator.tensor(.tensor(tensor))
  }

  /// The scaled complementary error function exp(x²) erfc(x).
  ///
  /// PyTorch: `torch.special.erfcx`.
  public func erfcx() -> Tensor {
    specialErfcxOperator.tensor(.tensor(tensor))
  }

  /// The physicist's Hermite polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.hermite_polynomial_h`.
  public func hermitePolynomialH(_ n: Tensor) -> Tensor {
    specialHermitePolynomialHOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The physicist's Hermite polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.hermite_polynomial_h`.
  public func hermitePolynomialH(_ n: any Scalar) -> Tensor {
    specialHermitePolynomialHNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The probabilist's Hermite polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.hermite_polynomial_he`.
  public func hermitePolynomialHe(_ n: Tensor) -> Tensor {
    specialHermitePolynomialHeOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The probabilist's Hermite polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.hermite_polynomial_he`.
  public func hermitePolynomialHe(_ n: any Scalar) -> Tensor {
    specialHermitePolynomialHeNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The exponentially scaled modified Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `torch.special.i0e`.
  public func i0e() -> Tensor {
    specialI0eOperator.tensor(.tensor(tensor))
  }

  /// The modified Bessel function of the first kind of order 1.
  ///
  /// PyTorch: `torch.special.i1`.
  public func i1() -> Tensor {
    specialI1Operator.tensor(.tensor(tensor))
  }

  /// The exponentially scaled modified Bessel function of the first kind of order 1.
  ///
  /// PyTorch: `torch.special.i1e`.
  public func i1e() -> Tensor {
    specialI1eOperator.tensor(.tensor(tensor))
  }

  /// The Laguerre polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.laguerre_polynomial_l`.
  public func laguerrePolynomialL(_ n: Tensor) -> Tensor {
    specialLaguerrePolynomialLOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Laguerre polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.laguerre_polynomial_l`.
  public func laguerrePolynomialL(_ n: any Scalar) -> Tensor {
    specialLaguerrePolynomialLNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The Legendre polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.legendre_polynomial_p`.
  public func legendrePolynomialP(_ n: Tensor) -> Tensor {
    specialLegendrePolynomialPOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The Legendre polynomial of degree `n`.
  ///
  /// PyTorch: `torch.special.legendre_polynomial_p`.
  public func legendrePolynomialP(_ n: any Scalar) -> Tensor {
    specialLegendrePolynomialPNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The logarithm of the normal distribution function.
  ///
  /// PyTorch: `torch.special.log_ndtr`.
  public func logNdtr() -> Tensor {
    specialLogNdtrOperator.tensor(.tensor(tensor))
  }

  /// The modified Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `torch.special.modified_bessel_i0`.
  public func modifiedBesselI0() -> Tensor {
    specialModifiedBesselI0Operator.tensor(.tensor(tensor))
  }

  /// The modified Bessel function of the first kind of order 1.
  ///
  /// PyTorch: `torch.special.modified_bessel_i1`.
  public func modifiedBesselI1() -> Tensor {
    specialModifiedBesselI1Operator.tensor(.tensor(tensor))
  }

  /// The modified Bessel function of the second kind of order 0.
  ///
  /// PyTorch: `torch.special.modified_bessel_k0`.
  public func modifiedBesselK0() -> Tensor {
    specialModifiedBesselK0Operator.tensor(.tensor(tensor))
  }

  /// The modified Bessel function of the second kind of order 1.
  ///
  /// PyTorch: `torch.special.modified_bessel_k1`.
  public func modifiedBesselK1() -> Tensor {
    specialModifiedBesselK1Operator.tensor(.tensor(tensor))
  }

  /// The normal distribution function.
  ///
  /// PyTorch: `torch.special.ndtr`.
  public func ndtr() -> Tensor {
    specialNdtrOperator.tensor(.tensor(tensor))
  }

  /// The inverse of the normal distribution function.
  ///
  /// PyTorch: `torch.special.ndtri`.
  public func ndtri() -> Tensor {
    specialNdtriOperator.tensor(.tensor(tensor))
  }

  /// The exponentially scaled modified Bessel function of the second kind of order 0.
  ///
  /// PyTorch: `torch.special.scaled_modified_bessel_k0`.
  public func scaledModifiedBesselK0() -> Tensor {
    specialScaledModifiedBesselK0Operator.tensor(.tensor(tensor))
  }

  /// The exponentially scaled modified Bessel function of the second kind of order 1.
  ///
  /// PyTorch: `torch.special.scaled_modified_bessel_k1`.
  public func scaledModifiedBesselK1() -> Tensor {
    specialScaledModifiedBesselK1Operator.tensor(.tensor(tensor))
  }

  /// The shifted Chebyshev polynomial of the first kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_t`.
  public func shiftedChebyshevPolynomialT(_ n: Tensor) -> Tensor {
    specialShiftedChebyshevPolynomialTOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The shifted Chebyshev polynomial of the first kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_t`.
  public func shiftedChebyshevPolynomialT(_ n: any Scalar) -> Tensor {
    specialShiftedChebyshevPolynomialTNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The shifted Chebyshev polynomial of the second kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_u`.
  public func shiftedChebyshevPolynomialU(_ n: Tensor) -> Tensor {
    specialShiftedChebyshevPolynomialUOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The shifted Chebyshev polynomial of the second kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_u`.
  public func shiftedChebyshevPolynomialU(_ n: any Scalar) -> Tensor {
    specialShiftedChebyshevPolynomialUNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The shifted Chebyshev polynomial of the third kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_v`.
  public func shiftedChebyshevPolynomialV(_ n: Tensor) -> Tensor {
    specialShiftedChebyshevPolynomialVOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The shifted Chebyshev polynomial of the third kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_v`.
  public func shiftedChebyshevPolynomialV(_ n: any Scalar) -> Tensor {
    specialShiftedChebyshevPolynomialVNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The shifted Chebyshev polynomial of the fourth kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_w`.
  public func shiftedChebyshevPolynomialW(_ n: Tensor) -> Tensor {
    specialShiftedChebyshevPolynomialWOperator.tensor(.tensor(tensor), .tensor(n))
  }

  /// The shifted Chebyshev polynomial of the fourth kind of degree `n`.
  ///
  /// PyTorch: `torch.special.shifted_chebyshev_polynomial_w`.
  public func shiftedChebyshevPolynomialW(_ n: any Scalar) -> Tensor {
    specialShiftedChebyshevPolynomialWNScalarOperator.tensor(.tensor(tensor), .scalar(n))
  }

  /// The spherical Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `torch.special.spherical_bessel_j0`.
  public func sphericalBesselJ0() -> Tensor {
    specialSphericalBesselJ0Operator.tensor(.tensor(tensor))
  }

  /// `self * log1p(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `torch.special.xlog1py`.
  public func xlog1py(_ other: Tensor) -> Tensor {
    specialXlog1pyOperator.tensor(.tensor(tensor), .tensor(other))
  }

  /// `self * log1p(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `torch.special.xlog1py`.
  public func xlog1py(_ other: any Scalar) -> Tensor {
    specialXlog1pyOtherScalarOperator.tensor(.tensor(tensor), .scalar(other))
  }

  /// The Hurwitz zeta function.
  ///
  /// PyTorch: `torch.special.zeta`.
  public func zeta(_ other: Tensor) -> Tensor {
    specialZetaOperator.tensor(.tensor(tensor), .tensor(other))
  }

  /// The Hurwitz zeta function.
  ///
  /// PyTorch: `torch.special.zeta`.
  public func zeta(_ other: any Scalar) -> Tensor {
    specialZetaOtherScalarOperator.tensor(.tensor(tensor), .scalar(other))
  }
}

private let specialAiryAiOperator = Operator("aten::special_airy_ai")
private let specialBesselJ0Operator = Operator("aten::special_bessel_j0")
private let specialBesselJ1Operator = Operator("aten::special_bessel_j1")
private let specialBesselY0Operator = Operator("aten::special_bessel_y0")
private let specialBesselY1Operator = Operator("aten::special_bessel_y1")
private let specialChebyshevPolynomialTOperator = Operator("aten::special_chebyshev_polynomial_t")
private let specialChebyshevPolynomialTNScalarOperator = Operator(
  "aten::special_chebyshev_polynomial_t", "n_scalar")
private let specialChebyshevPolynomialUOperator = Operator("aten::special_chebyshev_polynomial_u")
private let specialChebyshevPolynomialUNScalarOperator = Operator(
  "aten::special_chebyshev_polynomial_u", "n_scalar")
private let specialChebyshevPolynomialVOperator = Operator("aten::special_chebyshev_polynomial_v")
private let specialChebyshevPolynomialVNScalarOperator = Operator(
  "aten::special_chebyshev_polynomial_v", "n_scalar")
private let specialChebyshevPolynomialWOperator = Operator("aten::special_chebyshev_polynomial_w")
private let specialChebyshevPolynomialWNScalarOperator = Operator(
  "aten::special_chebyshev_polynomial_w", "n_scalar")
private let specialEntrOperator = Operator("aten::special_entr")
private let specialErfcxOperator = Operator("aten::special_erfcx")
private let specialHermitePolynomialHOperator = Operator("aten::special_hermite_polynomial_h")
private let specialHermitePolynomialHNScalarOperator = Operator(
  "aten::special_hermite_polynomial_h", "n_scalar")
private let specialHermitePolynomialHeOperator = Operator("aten::special_hermite_polynomial_he")
private let specialHermitePolynomialHeNScalarOperator = Operator(
  "aten::special_hermite_polynomial_he", "n_scalar")
private let specialI0eOperator = Operator("aten::special_i0e")
private let specialI1Operator = Operator("aten::special_i1")
private let specialI1eOperator = Operator("aten::special_i1e")
private let specialLaguerrePolynomialLOperator = Operator("aten::special_laguerre_polynomial_l")
private let specialLaguerrePolynomialLNScalarOperator = Operator(
  "aten::special_laguerre_polynomial_l", "n_scalar")
private let specialLegendrePolynomialPOperator = Operator("aten::special_legendre_polynomial_p")
private let specialLegendrePolynomialPNScalarOperator = Operator(
  "aten::special_legendre_polynomial_p", "n_scalar")
private let specialLogNdtrOperator = Operator("aten::special_log_ndtr")
private let specialModifiedBesselI0Operator = Operator("aten::special_modified_bessel_i0")
private let specialModifiedBesselI1Operator = Operator("aten::special_modified_bessel_i1")
private let specialModifiedBesselK0Operator = Operator("aten::special_modified_bessel_k0")
private let specialModifiedBesselK1Operator = Operator("aten::special_modified_bessel_k1")
private let specialNdtrOperator = Operator("aten::special_ndtr")
private let specialNdtriOperator = Operator("aten::special_ndtri")
private let specialScaledModifiedBesselK0Operator = Operator(
  "aten::special_scaled_modified_bessel_k0")
private let specialScaledModifiedBesselK1Operator = Operator(
  "aten::special_scaled_modified_bessel_k1")
private let specialShiftedChebyshevPolynomialTOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_t")
private let specialShiftedChebyshevPolynomialTNScalarOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_t", "n_scalar")
private let specialShiftedChebyshevPolynomialUOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_u")
private let specialShiftedChebyshevPolynomialUNScalarOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_u", "n_scalar")
private let specialShiftedChebyshevPolynomialVOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_v")
private let specialShiftedChebyshevPolynomialVNScalarOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_v", "n_scalar")
private let specialShiftedChebyshevPolynomialWOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_w")
private let specialShiftedChebyshevPolynomialWNScalarOperator = Operator(
  "aten::special_shifted_chebyshev_polynomial_w", "n_scalar")
private let specialSphericalBesselJ0Operator = Operator("aten::special_spherical_bessel_j0")
private let specialXlog1pyOperator = Operator("aten::special_xlog1py")
private let specialXlog1pyOtherScalarOperator = Operator("aten::special_xlog1py", "other_scalar")
private let specialZetaOperator = Operator("aten::special_zeta")
private let specialZetaOtherScalarOperator = Operator("aten::special_zeta", "other_scalar")
