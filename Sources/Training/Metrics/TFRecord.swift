internal import Support
internal import Torch

/// TensorFlow's framing of a record, with which a reader detects truncation and corruption.
///
/// The layout is that of TensorFlow's `RecordWriter`: the length (8 bytes, little-endian), its
/// checksum (4 bytes), the record, and its checksum (4 bytes).
enum TFRecord {
  /// Returns the framed record.
  static func framed(_ record: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(record.count))
    return length + littleEndian(maskedChecksum(length)) + record
      + littleEndian(maskedChecksum(record))
  }

  /// Returns TensorFlow's masked CRC-32C.
  ///
  /// The mask makes it safe to checksum data that contains checksums.
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
