/// Combines numbers of several ranks, in the order of the ranks.
///
/// Half precision is added up in float32 and rounded once, at the end.
enum Reduction {
  /// The combination, in new memory, of a buffer for each rank, all of one type and count.
  static func combine(_ buffers: [CollectiveBuffer], _ op: ReduceOp) -> CollectiveBuffer {
    let (count, type) = (buffers[0].count, buffers[0].elementType)
    let result = PlainMemory(byteCount: count * type.byteCount).buffer(count, type)
    switch type {
    case .float64: fold(buffers, result, op, Double.self)
    case .float32: fold(buffers, result, op, Float.self)
    case .float16: foldHalf(buffers, result, op, Float16.self, { Float($0) }, { Float16($0) })
    case .bfloat16:
      foldHalf(
        buffers, result, op, UInt16.self, { Float(bitPattern: UInt32($0) << 16) },
        bfloat16(rounding:))
    case .int64: fold(buffers, result, op, Int64.self)
    case .int32: fold(buffers, result, op, Int32.self)
    case .int16: fold(buffers, result, op, Int16.self)
    case .int8: fold(buffers, result, op, Int8.self)
    case .uint8: fold(buffers, result, op, UInt8.self)
    case .bool: fold(buffers, result, op.forBool, UInt8.self)
    }
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

  private static func fold<Element: BinaryFloatingPoint>(
    _ buffers: [CollectiveBuffer], _ result: CollectiveBuffer, _ op: ReduceOp, _: Element.Type
  ) {
    let combine: (Element, Element) -> Element = floating(op)
    let divisor = op == .average ? Element(buffers.count) : 1
    let inputs = buffers.map { $0.elements(Element.self) }
    let (rest, output) = (inputs.dropFirst(), result.elements(Element.self))
    for place in 0..<result.count {
      var value = inputs[0][place]
      for input in rest { value = combine(value, input[place]) }
      output[place] = value / divisor
    }
  }

  private static func foldHalf<Half>(
    _ buffers: [CollectiveBuffer], _ result: CollectiveBuffer, _ op: ReduceOp, _: Half.Type,
    _ widen: (Half) -> Float, _ narrow: (Float) -> Half
  ) {
    let combine: (Float, Float) -> Float = floating(op)
    let divisor = op == .average ? Float(buffers.count) : 1
    let inputs = buffers.map { $0.elements(Half.self) }
    let (rest, output) = (inputs.dropFirst(), result.elements(Half.self))
    for place in 0..<result.count {
      var value = widen(inputs[0][place])
      for input in rest { value = combine(value, widen(input[place])) }
      output[place] = narrow(value / divisor)
    }
  }

  private static func fold<Element: FixedWidthInteger>(
    _ buffers: [CollectiveBuffer], _ result: CollectiveBuffer, _ op: ReduceOp, _: Element.Type
  ) {
    let combine: (Element, Element) -> Element =
      switch op {
      case .sum, .average: { $0 &+ $1 }
      case .product: { $0 &* $1 }
      case .min: { min($0, $1) }
      case .max: { max($0, $1) }
      case .bitwiseAnd: { $0 & $1 }
      case .bitwiseOr: { $0 | $1 }
      case .bitwiseXor: { $0 ^ $1 }
      }
    let inputs = buffers.map { $0.elements(Element.self) }
    let (rest, output) = (inputs.dropFirst(), result.elements(Element.self))
    for place in 0..<result.count {
      var value = inputs[0][place]
      for input in rest { value = combine(value, input[place]) }
      output[place] = value
    }
  }

  private static func floating<Element: BinaryFloatingPoint>(_ op: ReduceOp)
    -> (Element, Element) -> Element
  {
    switch op {
    case .sum, .average: { $0 + $1 }
    case .product: { $0 * $1 }
    // A NaN of any rank is the result, as in PyTorch's own reductions.
    case .min: { $0.isNaN || $0 < $1 ? $0 : $1 }
    case .max: { $0.isNaN || $0 > $1 ? $0 : $1 }
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor:
      preconditionFailure("\(op) of floating point passed validation")
    }
  }

  /// The nearest bfloat16, ties to even; NaN stays NaN.
  private static func bfloat16(rounding value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }
}

extension ReduceOp {
  /// The operation on bytes that are 0 or 1: the sum is "any", the product is "all".
  fileprivate var forBool: ReduceOp {
    switch self {
    case .sum: .max
    case .product: .min
    default: self
    }
  }
}

extension CollectiveBuffer {
  fileprivate func elements<Element>(_ type: Element.Type) -> UnsafeMutablePointer<Element> {
    address.assumingMemoryBound(to: Element.self)
  }
}
