internal import CTorch

extension Tensor {
  /// Overwrites the elements with those of another tensor, converted and broadcast.
  public func copy(from other: Tensor) { copyInto.run(.tensor(self), .tensor(other)) }

  /// Overwrites the elements with zeros.
  public func fillWithZeros() { zero.run(.tensor(self)) }

  /// Replaces the memory of the tensor with a copy on another device.
  ///
  /// The tensor keeps its identity, like a parameter in PyTorch's `module.to(device)`.
  func moveData(to device: Device) {
    // Not moved(to:): it would retain page-locked memory of the size of the model.
    let copy = toDevice.tensor(.tensor(detached()), .device(device), .dtype(dtype))
    check(ct_tensor_set_data(handle, copy.handle), "move of \(summary) to \(device)")
  }

  /// Multiplies every element by a scalar.
  public func scale(by factor: Double) { multiply.run(.tensor(self), .double(factor)) }

  /// Divides every element by a scalar.
  public func divide(by divisor: Double) { divideInPlace.run(.tensor(self), .double(divisor)) }

  /// Adds another tensor multiplied by a scalar.
  public func add(_ other: Tensor, scaledBy factor: Double = 1) {
    // Integer tensors reject a floating-point factor, even 1.
    addInPlace.run(.tensor(self), .tensor(other), factor == 1 ? .default : .double(factor))
  }

  /// Overwrites all elements with a scalar.
  public func fill(with value: Double) { fillInPlace.run(.tensor(self), .double(value)) }

  /// Overwrites the elements with draws from a normal distribution.
  public func fillNormal(mean: Double = 0, standardDeviation: Double = 1) {
    SharedGenerator.warnOnLoaderThread()
    normalOp.run(.tensor(self), .double(mean), .double(standardDeviation))
  }

  /// Overwrites the elements with draws from the uniform distribution over a range.
  public func fillUniform(in range: Range<Double>) {
    SharedGenerator.warnOnLoaderThread()
    uniform.run(.tensor(self), .double(range.lowerBound), .double(range.upperBound))
  }
}

private let toDevice = Operator("aten::to", "device")
private let copyInto = Operator("aten::copy_")
private let zero = Operator("aten::zero_")
private let multiply = Operator("aten::mul_", "Scalar")
private let divideInPlace = Operator("aten::div_", "Scalar")
private let addInPlace = Operator("aten::add_", "Tensor")
private let fillInPlace = Operator("aten::fill_", "Scalar")
private let normalOp = Operator("aten::normal_")
private let uniform = Operator("aten::uniform_")
