internal import CTorch

extension Tensor {
  /// The tensor itself if it is contiguous, otherwise a contiguous copy.
  public func contiguous() -> Tensor { isContiguous ? self : contiguousOp.tensor(.tensor(self)) }

  /// The tensor itself if it is on the device, otherwise a copy on it.
  ///
  /// A copy from the CPU to a GPU is queued: the call does not wait for it, and the tensor may be
  /// overwritten after the call.
  public func to(_ device: Device) -> Tensor {
    guard device != self.device else { return self }
    // Without page-locked memory the copy would wait for all work queued on the GPU.
    let isQueued = self.device == .cpu && device.kind == .cuda && !requiresGrad
    let source = isQueued ? pinMemoryOp.tensor(.tensor(self)) : self
    return toDevice.tensor(.tensor(source), .device(device), .dtype(dtype), .bool(isQueued))
  }

  /// The tensor itself if it has the type, otherwise a converted copy.
  public func to(_ dtype: DType) -> Tensor {
    dtype == self.dtype ? self : toDType.tensor(.tensor(self), .dtype(dtype))
  }

  /// Replaces the memory of the tensor with a copy on another device.
  ///
  /// The tensor keeps its identity, like a parameter in PyTorch's `module.to(device)`.
  func moveData(to device: Device) {
    // Not to(_:): it would retain page-locked memory of the size of the model.
    let copy = toDevice.tensor(.tensor(detach()), .device(device), .dtype(dtype))
    check(ct_tensor_set_data(handle, copy.handle), "move of \(summary) to \(device)")
  }
}

private let contiguousOp = Operator("aten::contiguous")
private let toDevice = Operator("aten::to", "device")
private let pinMemoryOp = Operator("aten::pin_memory")
private let toDType = Operator("aten::to", "dtype")
