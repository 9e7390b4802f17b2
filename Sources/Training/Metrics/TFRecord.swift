internal import Support
internal import Torch

/// TensorFlow's frame around a record, from which a reader sees whether it is whole.
///
/// Length (8 bytes, little endian), its checksum (4), the record, its checksum (4); as TensorFlow's
/// `RecordWriter`.
enum TFRecord {
  /// The framed record.
  static func framed(_ record: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(record.count))
    return length + littleEndian(maskedChecksum(length)) + record
      + littleEndian(maskedChecksum(record))
  }

  /// A checksum that may itself stand in data of which a checksum is made.
  private static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32C()
    bytes.withUnsafeBytes { crc.combine($0) }
    let checksum = crc.value
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}
