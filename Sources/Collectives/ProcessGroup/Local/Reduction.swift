/// Reduces the elements of several ranks, in rank order.
///
/// 16-bit floats are combined in float32 and rounded once, at the end.
enum Reduction {
  /// Returns the reduction of one buffer per rank, in new memory; all have the same type and count.
  static func combine(_ buffers: [CollectiveBuffer], _ op: ReduceOp) -> CollectiveBuffer {
    let count = buffers[0].count
    let type = buffers[0].elementType
    let result = PlainMemory(byteCount: count * type.byteCount).buffer(count, type)
    Collectives.combine(
      buffers.map { UnsafeRawPointer($0.address) }, into: result.address, count: count, type, op)
    return result
  }

  /// Divides floating-point elements, in place.
  static func divide(_ buffer: CollectiveBuffer, by divisor: Int) {
    switch buffer.elementType {
    case .float64: scale(buffer, Double.self) { $0 / Double(divisor) }
    case .float32: scale(buffer, Float.self) { $0 / Float(divisor) }
    case .float16: scale(buffer, Float16.self) { Float16(Float($0) / Float(divisor)) }
    case .bfloat16:
      scale(buffer, UInt16.self) {
        bfloat16(rounding: Float(bitPattern: UInt32($0) << 16) / Float(divisor))
      }
    default: preconditionFailure("cannot divide \(buffer.elementType)")
    }
  }

  private static func scale<Element>(
    _ buffer: CollectiveBuffer, _: Element.Type, _ divide: (Element) -> Element
  ) {
    let elements = buffer.elements(Element.self)
    for index in 0..<buffer.count { elements[index] = divide(elements[index]) }
  }

  /// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
  private static func bfloat16(rounding value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }
}

extension CollectiveBuffer {
  fileprivate func elements<Element>(_ type: Element.Type) -> UnsafeMutablePointer<Element> {
    address.assumingMemoryBound(to: Element.self)
  }
}
