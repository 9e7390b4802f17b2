internal import CTorch

extension Tensor {
  /// Overwrites the elements with those of another tensor, converted and broadcast.
  @discardableResult
  public func copy_(_ other: Tensor) -> Tensor { changed(by: copyOp, .tensor(other)) }

  /// Overwrites the elements with zeros.
  @discardableResult
  public func zero_() -> Tensor { changed(by: zeroOp) }

  /// Multiplies every element by a scalar.
  @discardableResult
  public func mul_(_ other: any Scalar) -> Tensor { changed(by: mulOp, .scalar(other)) }

  /// Divides every element by a scalar.
  @discardableResult
  public func div_(_ other: any Scalar) -> Tensor { changed(by: divOp, .scalar(other)) }

  /// Adds another tensor, multiplied by a scalar, with broadcasting.
  @discardableResult
  public func add_(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    changed(by: addOp, .tensor(other), .scalar(alpha))
  }

  /// Overwrites all elements with a scalar.
  @discardableResult
  public func fill_(_ value: any Scalar) -> Tensor { changed(by: fillOp, .scalar(value)) }

  /// Overwrites the elements with draws from a normal distribution.
  @discardableResult
  public func normal_(mean: Double = 0, std: Double = 1) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return changed(by: normalOp, .double(mean), .double(std))
  }

  /// Overwrites the elements with draws from the uniform distribution over `from..<to`.
  @discardableResult
  public func uniform_(from: Double = 0, to: Double = 1) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return changed(by: uniformOp, .double(from), .double(to))
  }

  /// Replaces the memory of the tensor with a copy on another device.
  ///
  /// The tensor keeps its identity, like a parameter in PyTorch's `module.to(device)`.
  func moveData(to device: Device) {
    // Not to(_:): it would retain page-locked memory of the size of the model.
    let copy = toDevice.tensor(.tensor(detach()), .device(device), .dtype(dtype))
    check(ct_tensor_set_data(handle, copy.handle), "move of \(summary) to \(device)")
  }

  private func changed(by op: Operator, _ arguments: Operator.Argument...) -> Tensor {
    switch arguments.count {
    case 0: op.run(.tensor(self))
    case 1: op.run(.tensor(self), arguments[0])
    default: op.run(.tensor(self), arguments[0], arguments[1])
    }
    return self
  }
}

private let toDevice = Operator("aten::to", "device")
private let copyOp = Operator("aten::copy_")
private let zeroOp = Operator("aten::zero_")
private let mulOp = Operator("aten::mul_", "Scalar")
private let divOp = Operator("aten::div_", "Scalar")
private let addOp = Operator("aten::add_", "Tensor")
private let fillOp = Operator("aten::fill_", "Scalar")
private let normalOp = Operator("aten::normal_")
private let uniformOp = Operator("aten::uniform_")
