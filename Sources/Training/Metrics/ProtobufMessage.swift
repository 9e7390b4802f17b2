/// A message in the Protocol Buffers wire format, written field by field.
///
/// Event files need five messages and a dozen fields, all unchanged for ten years. Swift Protobuf
/// was considered: it would add a dependency for every user and a build plugin that compiles
/// `protoc`, to replace this one file. The tests compare the bytes with those of TensorBoard's own
/// writer.
///
/// As proto3 prescribes, zero values are omitted, except in a `oneof`.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  init(_ write: (inout ProtobufMessage) -> Void) { write(&self) }

  /// An `int64`, `int32` or `enum` field.
  mutating func integer(_ field: UInt8, _ value: Int) {
    guard value != 0 else { return }
    key(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A `double` field.
  mutating func double(_ field: UInt8, _ value: Double) {
    guard value.bitPattern != 0 else { return }
    key(field, wireType: 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// A `float` field in a `oneof`.
  mutating func float(_ field: UInt8, _ value: Float) {
    key(field, wireType: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// A `string` or `bytes` field that is in a `oneof` or repeated, or that is not empty.
  mutating func string(_ field: UInt8, _ value: String) {
    lengthDelimited(field, Array(value.utf8))
  }

  /// A nested message field.
  mutating func message(_ field: UInt8, _ write: (inout ProtobufMessage) -> Void) {
    lengthDelimited(field, ProtobufMessage(write).bytes)
  }

  private mutating func lengthDelimited(_ field: UInt8, _ content: [UInt8]) {
    key(field, wireType: 2)
    varint(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ field: UInt8, wireType: UInt8) {
    precondition((1...15).contains(field), "the key of field \(field) does not fit in a byte")
    bytes.append(field << 3 | wireType)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
