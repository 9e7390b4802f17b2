/// A record of a zip archive.
struct ZipRecord {
  var name: String
  var checksum: UInt32
  var byteCount: UInt64
  /// The size in the archive, which compression changes.
  var storedByteCount: UInt64
  var isCompressed = false
  /// The offset of the local header in the archive.
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

  /// The extra field for values that do not fit in 32 bits.
  static let zip64Field: UInt16 = 0x0001
  /// The extra field that PyTorch uses for padding to the alignment.
  static let paddingField: UInt16 = 0x4246
  /// The flag for names in UTF-8.
  static let utf8Flag: UInt16 = 0x0800
  static let encryptedFlag: UInt16 = 0x0001
  /// The compression methods.
  static let stored: UInt16 = 0
  static let deflated: UInt16 = 8
  /// 1980-01-01, the earliest date of the format.
  ///
  /// A fixed date makes files of equal contents equal.
  static let date: UInt16 = 0x0021
}

/// A buffer to which integers are appended in little-endian byte order.
struct LittleEndianBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(repeating byte: UInt8, count: Int) {
    bytes.append(contentsOf: repeatElement(byte, count: count))
  }
}
