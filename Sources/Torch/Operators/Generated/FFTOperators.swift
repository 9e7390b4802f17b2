// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// PyTorch's torch.fft.

extension Tensor {
  /// PyTorch's `torch.fft` on this tensor.
  public var fft: FourierTransform { FourierTransform(tensor: self) }
}

/// PyTorch's torch.fft, as methods of ``Tensor/fft``.
public struct FourierTransform {
  let tensor: Tensor

  /// The discrete Fourier transform along a dimension.
  ///
  /// PyTorch: `torch.fft.fft`.
  public func fft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftFftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The discrete Fourier transform along two dimensions.
  ///
  /// PyTorch: `torch.fft.fft2`.
  public func fft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftFft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The frequencies of the bins of a transform of `n` samples, spaced by `d`.
  ///
  /// PyTorch: `torch.fft.fftfreq`.
  public static func fftfreq(_ n: Int, d: Double = 1.0, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    fftFftfreqOperator.tensor(
      .int(n), .double(d), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The discrete Fourier transform along several dimensions.
  ///
  /// PyTorch: `torch.fft.fftn`.
  public func fftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftFftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The result of a transform with frequency 0 in the middle.
  ///
  /// PyTorch: `torch.fft.fftshift`.
  public func fftshift(dim: (any IntegerList)? = nil) -> Tensor {
    fftFftshiftOperator.tensor(.tensor(tensor), .optionalList(dim, 1))
  }

  /// The transform of a half-Hermitian signal, real.
  ///
  /// PyTorch: `torch.fft.hfft`.
  public func hfft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftHfftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The transform of a half-Hermitian signal along two dimensions, real.
  ///
  /// PyTorch: `torch.fft.hfft2`.
  public func hfft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftHfft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The transform of a half-Hermitian signal along several dimensions, real.
  ///
  /// PyTorch: `torch.fft.hfftn`.
  public func hfftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftHfftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse transform along a dimension.
  ///
  /// PyTorch: `torch.fft.ifft`.
  public func ifft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftIfftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The inverse transform along two dimensions.
  ///
  /// PyTorch: `torch.fft.ifft2`.
  public func ifft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIfft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse transform along several dimensions.
  ///
  /// PyTorch: `torch.fft.ifftn`.
  public func ifftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIfftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse of `fftshift`.
  ///
  /// PyTorch: `torch.fft.ifftshift`.
  public func ifftshift(dim: (any IntegerList)? = nil) -> Tensor {
    fftIfftshiftOperator.tensor(.tensor(tensor), .optionalList(dim, 1))
  }

  /// The inverse of `hfft`.
  ///
  /// PyTorch: `torch.fft.ihfft`.
  public func ihfft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftIhfftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The inverse of `hfft2`.
  ///
  /// PyTorch: `torch.fft.ihfft2`.
  public func ihfft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIhfft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse of `hfftn`.
  ///
  /// PyTorch: `torch.fft.ihfftn`.
  public func ihfftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIhfftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse of `rfft`.
  ///
  /// PyTorch: `torch.fft.irfft`.
  public func irfft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftIrfftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The inverse of `rfft2`.
  ///
  /// PyTorch: `torch.fft.irfft2`.
  public func irfft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIrfft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The inverse of `rfftn`.
  ///
  /// PyTorch: `torch.fft.irfftn`.
  public func irfftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftIrfftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The transform of a real signal, without its redundant half.
  ///
  /// PyTorch: `torch.fft.rfft`.
  public func rfft(n: Int? = nil, dim: Int = -1, norm: FourierNormalization? = nil) -> Tensor {
    fftRfftOperator.tensor(
      .tensor(tensor), .optionalInt(n), .int(dim), .optionalString(norm?.rawValue))
  }

  /// The transform of a real signal along two dimensions, without its redundant half.
  ///
  /// PyTorch: `torch.fft.rfft2`.
  public func rfft2(
    s: (any IntegerList)? = nil, dim: any IntegerList = [-2, -1], norm: FourierNormalization? = nil
  ) -> Tensor {
    fftRfft2Operator.tensor(
      .tensor(tensor), .optionalList(s, 1), .list(dim, 1), .optionalString(norm?.rawValue))
  }

  /// The frequencies of the bins of `rfft`.
  ///
  /// PyTorch: `torch.fft.rfftfreq`.
  public static func rfftfreq(_ n: Int, d: Double = 1.0, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    fftRfftfreqOperator.tensor(
      .int(n), .double(d), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The transform of a real signal along several dimensions, without its redundant half.
  ///
  /// PyTorch: `torch.fft.rfftn`.
  public func rfftn(
    s: (any IntegerList)? = nil, dim: (any IntegerList)? = nil, norm: FourierNormalization? = nil
  ) -> Tensor {
    fftRfftnOperator.tensor(
      .tensor(tensor), .optionalList(s, 1), .optionalList(dim, 1), .optionalString(norm?.rawValue))
  }
}

private let fftFftOperator = Operator("aten::fft_fft")
private let fftFft2Operator = Operator("aten::fft_fft2")
private let fftFftfreqOperator = Operator("aten::fft_fftfreq")
private let fftFftnOperator = Operator("aten::fft_fftn")
private let fftFftshiftOperator = Operator("aten::fft_fftshift")
private let fftHfftOperator = Operator("aten::fft_hfft")
private let fftHfft2Operator = Operator("aten::fft_hfft2")
private let fftHfftnOperator = Operator("aten::fft_hfftn")
private let fftIfftOperator = Operator("aten::fft_ifft")
private let fftIfft2Operator = Operator("aten::fft_ifft2")
private let fftIfftnOperator = Operator("aten::fft_ifftn")
private let fftIfftshiftOperator = Operator("aten::fft_ifftshift")
private let fftIhfftOperator = Operator("aten::fft_ihfft")
private let fftIhfft2Operator = Operator("aten::fft_ihfft2")
private let fftIhfftnOperator = Operator("aten::fft_ihfftn")
private let fftIrfftOperator = Operator("aten::fft_irfft")
private let fftIrfft2Operator = Operator("aten::fft_irfft2")
private let fftIrfftnOperator = Operator("aten::fft_irfftn")
private let fftRfftOperator = Operator("aten::fft_rfft")
private let fftRfft2Operator = Operator("aten::fft_rfft2")
private let fftRfftfreqOperator = Operator("aten::fft_rfftfreq")
private let fftRfftnOperator = Operator("aten::fft_rfftn")
