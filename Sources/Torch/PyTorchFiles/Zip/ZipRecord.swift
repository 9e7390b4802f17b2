/// One file in a zip archive, stored as it is.
struct ZipRecord {
  var name: String
  var checksum: UInt32
  var byteCount: UInt64
  /// Where its local header begins in the archive.
  var headerOffset: UInt64
}

/// Signatures and sizes of the zip format (PKWARE's APPNOTE.TXT).
enum Zip {
  static let localSignature: UInt32 = 0x0403_4b50
  static let centralSignature: UInt32 = 0x0201_4b50
  static let endSignature: UInt32 = 0x0605_4b50
  static let end64Signature: UInt32 = 0x0606_4b50
  static let locatorSignature: UInt32 = 0x0706_4b50

  static let localByteCount = 30
  static let centralByteCount = 46
  static let endByteCount = 22
  static let end64ByteCount = 56
  static let locatorByteCount = 20

  /// The extra field with the numbers that don't fit 32 bits.
  static let zip64Field: UInt16 = 0x0001
  /// The extra field with which PyTorch fills up to the alignment.
  static let paddingField: UInt16 = 0x4246
  /// Names are UTF-8.
  static let utf8Flag: UInt16 = 0x0800
  static let encryptedFlag: UInt16 = 0x0001
  /// 1980-01-01, the first day that the format knows; equal contents make equal files.
  static let date: UInt16 = 0x0021
}

/// Bytes in the making, little-endian.
struct LittleEndianBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(repeating byte: UInt8, count: Int) {
    bytes.append(contentsOf: repeatElement(byte, count: count))
  }
}
