// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// New tensors.

extension Tensor {
  /// The numbers from `start` to `end`, without `end`, `step` apart.
  ///
  /// PyTorch: `torch.arange`.
  public static func arange(
    _ start: any Scalar, _ end: any Scalar, step: any Scalar = 1, dtype: DType? = nil,
    device: Device? = nil
  ) -> Tensor {
    arangeStartStepOperator.tensor(
      .scalar(start), .scalar(end), .scalar(step), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// The integers from 0 to `end`, without `end`.
  ///
  /// PyTorch: `torch.arange`.
  public static func arange(_ end: any Scalar, dtype: DType? = nil, device: Device? = nil) -> Tensor
  {
    arangeOperator.tensor(.scalar(end), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The Bartlett window.
  ///
  /// PyTorch: `torch.bartlett_window`.
  public static func bartlettWindow(
    _ windowLength: Int, periodic: Bool = true, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    bartlettWindowPeriodicOperator.tensor(
      .int(windowLength), .bool(periodic), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The Blackman window.
  ///
  /// PyTorch: `torch.blackman_window`.
  public static func blackmanWindow(
    _ windowLength: Int, periodic: Bool = true, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    blackmanWindowPeriodicOperator.tensor(
      .int(windowLength), .bool(periodic), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor with uninitialized elements.
  ///
  /// PyTorch: `torch.empty`.
  public static func empty(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    emptyMemoryFormatOperator.tensor(
      .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of the same shape with uninitialized elements.
  ///
  /// PyTorch: `torch.empty_like`.
  public func emptyLike(dtype: DType? = nil, device: Device? = nil) -> Tensor {
    emptyLikeOperator.tensor(
      .tensor(self), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor with uninitialized elements and given strides.
  ///
  /// PyTorch: `torch.empty_strided`.
  public static func emptyStrided(
    _ size: [Int], _ stride: [Int], dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    emptyStridedOperator.tensor(
      .ints(size), .ints(stride), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The identity matrix.
  ///
  /// PyTorch: `torch.eye`.
  public static func eye(_ n: Int, dtype: DType? = nil, device: Device? = nil) -> Tensor {
    eyeOperator.tensor(.int(n), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The identity matrix.
  ///
  /// PyTorch: `torch.eye`.
  public static func eye(_ n: Int, _ m: Int, dtype: DType? = nil, device: Device? = nil) -> Tensor {
    eyeMOperator.tensor(.int(n), .int(m), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor whose elements are all `fillValue`.
  ///
  /// PyTorch: `torch.full`.
  public static func full(
    _ size: [Int], _ fillValue: any Scalar, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    fullOperator.tensor(
      .ints(size), .scalar(fillValue), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of the same shape whose elements are all `fillValue`.
  ///
  /// PyTorch: `torch.full_like`.
  public func fullLike(_ fillValue: any Scalar, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    fullLikeOperator.tensor(
      .tensor(self), .scalar(fillValue), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The Hamming window.
  ///
  /// PyTorch: `torch.hamming_window`.
  public static func hammingWindow(
    _ windowLength: Int, periodic: Bool = true, alpha: Double = 0.54, beta: Double = 0.46,
    dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    hammingWindowPeriodicAlphaBetaOperator.tensor(
      .int(windowLength), .bool(periodic), .double(alpha), .double(beta), .optionalDType(dtype),
      .default, .optionalDevice(device))
  }

  /// The Hann window.
  ///
  /// PyTorch: `torch.hann_window`.
  public static func hannWindow(
    _ windowLength: Int, periodic: Bool = true, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    hannWindowPeriodicOperator.tensor(
      .int(windowLength), .bool(periodic), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// The Kaiser window.
  ///
  /// PyTorch: `torch.kaiser_window`.
  public static func kaiserWindow(
    _ windowLength: Int, periodic: Bool = true, beta: Double = 12.0, dtype: DType? = nil,
    device: Device? = nil
  ) -> Tensor {
    kaiserWindowBetaOperator.tensor(
      .int(windowLength), .bool(periodic), .double(beta), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// `steps` evenly spaced numbers from `start` to `end`, with both.
  ///
  /// PyTorch: `torch.linspace`.
  public static func linspace(
    _ start: any Scalar, _ end: any Scalar, steps: Int, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    linspaceOperator.tensor(
      .scalar(start), .scalar(end), .int(steps), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// `base` to the power of `steps` evenly spaced numbers from `start` to `end`.
  ///
  /// PyTorch: `torch.logspace`.
  public static func logspace(
    _ start: any Scalar, _ end: any Scalar, steps: Int, base: Double = 10.0, dtype: DType? = nil,
    device: Device? = nil
  ) -> Tensor {
    logspaceOperator.tensor(
      .scalar(start), .scalar(end), .int(steps), .double(base), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// An uninitialized tensor of the same type and device.
  ///
  /// PyTorch: `Tensor.new_empty`.
  public func newEmpty(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    newEmptyOperator.tensor(
      .tensor(self), .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// An uninitialized tensor of the same type and device with given strides.
  ///
  /// PyTorch: `Tensor.new_empty_strided`.
  public func newEmptyStrided(
    _ size: [Int], _ stride: [Int], dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    newEmptyStridedOperator.tensor(
      .tensor(self), .ints(size), .ints(stride), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// A tensor of the same type and device whose elements are all `fillValue`.
  ///
  /// PyTorch: `Tensor.new_full`.
  public func newFull(
    _ size: [Int], _ fillValue: any Scalar, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    newFullOperator.tensor(
      .tensor(self), .ints(size), .scalar(fillValue), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// A tensor of ones of the same type and device.
  ///
  /// PyTorch: `Tensor.new_ones`.
  public func newOnes(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    newOnesOperator.tensor(
      .tensor(self), .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of zeros of the same type and device.
  ///
  /// PyTorch: `Tensor.new_zeros`.
  public func newZeros(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    newZerosOperator.tensor(
      .tensor(self), .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of ones.
  ///
  /// PyTorch: `torch.ones`.
  public static func ones(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    onesOperator.tensor(.ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of ones of the same shape.
  ///
  /// PyTorch: `torch.ones_like`.
  public func onesLike(dtype: DType? = nil, device: Device? = nil) -> Tensor {
    onesLikeOperator.tensor(.tensor(self), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of zeros.
  ///
  /// PyTorch: `torch.zeros`.
  public static func zeros(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    zerosOperator.tensor(.ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A tensor of zeros of the same shape.
  ///
  /// PyTorch: `torch.zeros_like`.
  public func zerosLike(dtype: DType? = nil, device: Device? = nil) -> Tensor {
    zerosLikeOperator.tensor(
      .tensor(self), .optionalDType(dtype), .default, .optionalDevice(device))
  }
}

private let arangeStartStepOperator = Operator("aten::arange", "start_step")
private let arangeOperator = Operator("aten::arange")
private let bartlettWindowPeriodicOperator = Operator("aten::bartlett_window", "periodic")
private let blackmanWindowPeriodicOperator = Operator("aten::blackman_window", "periodic")
private let emptyMemoryFormatOperator = Operator("aten::empty", "memory_format")
private let emptyLikeOperator = Operator("aten::empty_like")
private let emptyStridedOperator = Operator("aten::empty_strided")
private let eyeOperator = Operator("aten::eye")
private let eyeMOperator = Operator("aten::eye", "m")
private let fullOperator = Operator("aten::full")
private let fullLikeOperator = Operator("aten::full_like")
private let hammingWindowPeriodicAlphaBetaOperator = Operator(
  "aten::hamming_window", "periodic_alpha_beta")
private let hannWindowPeriodicOperator = Operator("aten::hann_window", "periodic")
private let kaiserWindowBetaOperator = Operator("aten::kaiser_window", "beta")
private let linspaceOperator = Operator("aten::linspace")
private let logspaceOperator = Operator("aten::logspace")
private let newEmptyOperator = Operator("aten::new_empty")
private let newEmptyStridedOperator = Operator("aten::new_empty_strided")
private let newFullOperator = Operator("aten::new_full")
private let newOnesOperator = Operator("aten::new_ones")
private let newZerosOperator = Operator("aten::new_zeros")
private let onesOperator = Operator("aten::ones")
private let onesLikeOperator = Operator("aten::ones_like")
private let zerosOperator = Operator("aten::zeros")
private let zerosLikeOperator = Operator("aten::zeros_like")
