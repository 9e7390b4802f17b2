internal import CTorch

extension Tensor {
  /// The one element of a tensor, as a number.
  ///
  /// On a GPU this waits for everything that was started before.
  public var item: Double {
    var value = 0.0
    check(ct_tensor_item_double(handle, &value), "item of \(summary)")
    return value
  }

  /// The elements row by row, copied.
  ///
  /// - Precondition: `Element` is the Swift type of the tensor's ``dtype``.
  public func array<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
    precondition(Element.dtype == dtype, "a \(dtype) tensor has no \(Element.self) elements")
    return withBytes { bytes in Array(bytes.bindMemory(to: Element.self)) }
  }

  /// Calls `body` with the elements row by row; they are copied first when the tensor is on another
  /// device or not contiguous.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let local = detached().moved(to: .cpu).contiguous()
    defer { withExtendedLifetime(local) {} }
    return try body(UnsafeRawBufferPointer(start: local.dataAddress, count: local.byteCount))
  }
}
