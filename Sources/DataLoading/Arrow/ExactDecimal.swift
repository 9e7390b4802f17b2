/// A decimal of an Arrow column: an integer divided by a power of ten.
struct ExactDecimal: CustomStringConvertible {
  private let unscaled: Int128
  private let scale: Int

  /// Creates the decimal of little-endian two's complement bytes; `nil` if it has more than 128
  /// bits.
  init?(_ bytes: UnsafeRawBufferPointer, scale: Int) {
    var value: Int128 = bytes.last.map { $0 >= 0x80 } ?? false ? -1 : 0
    let sign = UInt8(truncatingIfNeeded: value)
    guard bytes.dropFirst(16).allSatisfy({ $0 == sign }) else { return nil }
    for byte in bytes.prefix(16).reversed() { value = value << 8 | Int128(byte) }
    guard bytes.count <= 16 || (value < 0) == (sign != 0) else { return nil }
    unscaled = value
    self.scale = scale
  }

  /// The value as an `integer` if the type has no decimal places, or else as a `real`.
  ///
  /// `nil` if the value does not fit into 64 bits, or no `Double` equals it.
  var value: ColumnValue? {
    var value = unscaled
    if scale <= 0 {
      for _ in 0..<(value == 0 ? 0 : -scale) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        value = product
      }
      return Int64(exactly: value).map { .integer($0) }
    }
    guard value != 0 else { return .real(0) }
    // 10^scale is 5^scale times 2^scale. A Double can represent the quotient only if 5^scale
    // divides the value.
    for _ in 0..<scale {
      guard value % 5 == 0 else { return nil }
      value /= 5
    }
    let zeros = value.trailingZeroBitCount
    guard let fraction = Int64(exactly: value >> zeros), fraction.magnitude <= 1 << 53 else {
      return nil
    }
    return .real(Double(sign: .plus, exponent: zeros - scale, significand: Double(fraction)))
  }

  var description: String {
    let digits = "\(unscaled.magnitude)"
    let sign = unscaled < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits + (scale < 0 ? "E\(-scale)" : "") }
    guard scale < 80 else { return "\(sign)\(digits)E-\(scale)" }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }
}
