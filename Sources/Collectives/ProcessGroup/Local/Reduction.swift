/// Combines numbers of several ranks, in the order of the ranks.
///
/// Half precision is added up in float32 and rounded once, at the end.
enum Reduction {
  /// The combination, in new memory, of a buffer for each rank, all of one type and count.
  static func combine(_ buffers: [CollectiveBuffer], _ op: ReduceOp) -> CollectiveBuffer {
    let (count, type) = (buffers[0].count, buffers[0].elementType)
    let result = PlainMemory(byteCount: count * type.byteCount).buffer(count, type)
    Collectives.combine(
      buffers.map { UnsafeRawPointer($0.address) }, into: result.address, count: count, type, op)
    return result
  }

  /// Divides numbers with a fraction by a count, in place.
  static func divide(_ buffer: CollectiveBuffer, by divisor: Int) {
    switch buffer.elementType {
    case .float64: scale(buffer, Double.self) { $0 / Double(divisor) }
    case .float32: scale(buffer, Float.self) { $0 / Float(divisor) }
    case .float16: scale(buffer, Float16.self) { Float16(Float($0) / Float(divisor)) }
    case .bfloat16:
      scale(buffer, UInt16.self) {
        bfloat16(rounding: Float(bitPattern: UInt32($0) << 16) / Float(divisor))
      }
    default: preconditionFailure("an average of \(buffer.elementType) passed validation")
    }
  }

  private static func scale<Element>(
    _ buffer: CollectiveBuffer, _: Element.Type, _ divide: (Element) -> Element
  ) {
    let elements = buffer.elements(Element.self)
    for place in 0..<buffer.count { elements[place] = divide(elements[place]) }
  }

  /// The nearest bfloat16, ties to even; NaN stays NaN.
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
