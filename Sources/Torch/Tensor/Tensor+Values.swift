internal import CTorch
internal import Support

extension Tensor {
  /// The tensor itself if its memory holds its values, otherwise a copy whose memory does.
  ///
  /// libtorch postpones conjugations and negations, and some gradients are zeros without memory.
  package func materialized() -> Tensor {
    guard isDefined else { return self }
    if isZeroTensor.bool(.tensor(self)) { return zerosLike() }
    return isConj() || isNeg() ? resolveConj().resolveNeg() : self
  }

  /// Gives the tensor memory if it has none; libtorch refuses to write to such a tensor.
  package func allocateMemory() {
    guard isZeroTensor.bool(.tensor(self)) else { return }
    let zeros = detach().clone()
    check(ct_tensor_set_data(handle, zeros.handle), "allocateMemory of \(summary)")
  }

  /// The element of a one-element tensor.
  ///
  /// On a GPU, this waits for all queued work.
  public var item: Double {
    var value = 0.0
    check(ct_tensor_item_double(handle, &value), "item of \(summary)")
    return value
  }

  /// Copies the elements to an array in row-major order.
  ///
  /// - Precondition: `Element` is the Swift type of the tensor's ``dtype``.
  public func array<Element: TensorElement>(
    of type: Element.Type = Element.self, file: StaticString = #fileID, line: UInt = #line
  ) -> [Element] {
    require(
      Element.dtype == dtype,
      "the elements of a \(dtype) tensor are not of type \(Element.self): convert the tensor with "
        + "to(.\(Element.dtype))",
      file: file, line: line)
    return withBytes { bytes in Array(bytes.bindMemory(to: Element.self)) }
  }

  /// Calls `body` with the bytes of the elements in row-major order.
  ///
  /// The elements are copied first if the tensor is not on the CPU or not contiguous.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let local = detach().to(.cpu).materialized().contiguous()
    defer { withExtendedLifetime(local) {} }
    return try body(UnsafeRawBufferPointer(start: local.dataAddress, count: local.byteCount))
  }
}

private let isZeroTensor = Operator("aten::_is_zerotensor")
