/// A plain Python value, which ``pickle()`` encodes for `pickle.load`.
package enum PickledValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case list([PickledValue])
  case dictionary([(String, PickledValue)])

  /// Returns the value as a pickle of protocol 2, which every Python 3 reads.
  package func pickle() -> [UInt8] {
    var bytes: [UInt8] = [0x80, 2]
    append(to: &bytes)
    bytes.append(UInt8(ascii: "."))
    return bytes
  }

  private func append(to bytes: inout [UInt8]) {
    switch self {
    case .none: bytes.append(UInt8(ascii: "N"))
    case .bool(let value): bytes.append(value ? 0x88 : 0x89)
    case .int(let value):
      if let short = Int32(exactly: value) {
        bytes.append(UInt8(ascii: "J"))
        Self.append(littleEndian: UInt32(bitPattern: short), to: &bytes)
      } else {
        bytes += [0x8A, 8]  // a long of 8 bytes
        Self.append(littleEndian: UInt64(bitPattern: Int64(value)), to: &bytes)
      }
    case .float(let value):
      bytes.append(UInt8(ascii: "G"))
      Self.append(littleEndian: value.bitPattern.byteSwapped, to: &bytes)
    case .string(let text):
      bytes.append(UInt8(ascii: "X"))
      Self.append(littleEndian: UInt32(text.utf8.count), to: &bytes)
      bytes += text.utf8
    case .list(let elements):
      bytes += "](".utf8
      for element in elements { element.append(to: &bytes) }
      bytes.append(UInt8(ascii: "e"))
    case .dictionary(let entries):
      bytes += "}(".utf8
      for (key, value) in entries {
        PickledValue.string(key).append(to: &bytes)
        value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "u"))
    }
  }

  private static func append(littleEndian value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}

extension PickledValue: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self = .string(text) }
}
