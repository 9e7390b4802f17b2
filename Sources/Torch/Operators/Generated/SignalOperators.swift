// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Short-time Fourier transforms.

extension Tensor {
  /// The short-time Fourier transform.
  ///
  /// PyTorch: `Tensor.stft`.
  public func stft(
    _ nFft: Int, hopLength: Int? = nil, winLength: Int? = nil, window: Tensor? = nil,
    normalized: Bool = false, onesided: Bool? = nil, returnComplex: Bool? = nil
  ) -> Tensor {
    stftOperator.tensor(
      .tensor(self), .int(nFft), .optionalInt(hopLength), .optionalInt(winLength),
      .optionalTensor(window), .bool(normalized), .optionalBool(onesided),
      .optionalBool(returnComplex))
  }

  /// The short-time Fourier transform.
  ///
  /// PyTorch: `Tensor.stft`.
  public func stft(
    _ nFft: Int, hopLength: Int? = nil, winLength: Int? = nil, window: Tensor? = nil,
    center: Bool = true, padMode: PaddingMode = .reflect, normalized: Bool = false,
    onesided: Bool? = nil, returnComplex: Bool? = nil
  ) -> Tensor {
    stftCenterOperator.tensor(
      .tensor(self), .int(nFft), .optionalInt(hopLength), .optionalInt(winLength),
      .optionalTensor(window), .bool(center), .string(padMode.rawValue), .bool(normalized),
      .optionalBool(onesided), .optionalBool(returnComplex))
  }

  /// The inverse of the short-time Fourier transform.
  ///
  /// PyTorch: `Tensor.istft`.
  public func istft(
    _ nFft: Int, hopLength: Int? = nil, winLength: Int? = nil, window: Tensor? = nil,
    center: Bool = true, normalized: Bool = false, onesided: Bool? = nil, length: Int? = nil,
    returnComplex: Bool = false
  ) -> Tensor {
    istftOperator.tensor(
      .tensor(self), .int(nFft), .optionalInt(hopLength), .optionalInt(winLength),
      .optionalTensor(window), .bool(center), .bool(normalized), .optionalBool(onesided),
      .optionalInt(length), .bool(returnComplex))
  }
}

private let stftOperator = Operator("aten::stft")
private let stftCenterOperator = Operator("aten::stft", "center")
private let istftOperator = Operator("aten::istft")
