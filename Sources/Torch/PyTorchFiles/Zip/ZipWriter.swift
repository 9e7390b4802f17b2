internal import Support

/// Writes a zip archive of stored records in PyTorch's layout.
///
/// The bytes of every record begin at a multiple of 64, so that they can be mapped and used in
/// place.
struct ZipWriter {
  private let file: AtomicFile
  private let zip64Limit: UInt64
  private var records: [ZipRecord] = []
  private var position: UInt64 = 0

  static let alignment: UInt64 = 64

  /// Creates a writer.
  ///
  /// - Parameters:
  ///   - file: The empty file for the archive.
  ///   - zip64Limit: The smallest value that is written with 64 bits. The default is the limit of
  ///     the format; tests use a smaller one to avoid files of 4 GB.
  init(file: AtomicFile, zip64Limit: UInt64 = UInt64(UInt32.max)) {
    self.file = file
    self.zip64Limit = zip64Limit
  }

  mutating func append(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    let record = ZipRecord(
      name: name, checksum: CRC32.checksum(of: bytes),
      byteCount: UInt64(bytes.count), storedByteCount: UInt64(bytes.count), headerOffset: position)
    let header = localHeader(of: record)
    try append(header)
    try file.append(bytes)
    position += record.byteCount
    records.append(record)
  }

  /// Writes the central directory, which ends the archive.
  mutating func finish() throws(SystemError) {
    let start = position
    for record in records { try append(centralHeader(of: record)) }
    try append(end(directoryAt: start, byteCount: position - start))
  }

  private mutating func append(_ bytes: [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
      try file.append(UnsafeRawBufferPointer(bytes))
    }
    position += UInt64(bytes.count)
  }

  private func localHeader(of record: ZipRecord) -> [UInt8] {
    let isLarge = record.byteCount >= zip64Limit
    var extra = LittleEndianBytes()
    if isLarge {
      extra.append(Zip.zip64Field)
      extra.append(16 as UInt16)
      extra.append(record.byteCount)
      extra.append(record.byteCount)
    }
    let dataStart =
      record.headerOffset
      + UInt64(Zip.localByteCount + record.name.utf8.count + extra.bytes.count + 4)
    let padding = Int((ZipWriter.alignment - dataStart % ZipWriter.alignment) % ZipWriter.alignment)
    extra.append(Zip.paddingField)
    extra.append(UInt16(padding))
    extra.append(repeating: UInt8(ascii: "Z"), count: padding)

    var header = LittleEndianBytes()
    header.append(Zip.localSignature)
    appendCommonFields(of: record, isLarge: isLarge, extraByteCount: extra.bytes.count, to: &header)
    header.append(record.name.utf8)
    header.append(extra.bytes)
    return header.bytes
  }

  private func centralHeader(of record: ZipRecord) -> [UInt8] {
    let isLarge = record.byteCount >= zip64Limit
    let isFar = record.headerOffset >= zip64Limit
    var extra = LittleEndianBytes()
    if isLarge || isFar {
      extra.append(Zip.zip64Field)
      extra.append(UInt16((isLarge ? 16 : 0) + (isFar ? 8 : 0)))
      if isLarge {
        extra.append(record.byteCount)
        extra.append(record.byteCount)
      }
      if isFar { extra.append(record.headerOffset) }
    }
    var header = LittleEndianBytes()
    header.append(Zip.centralSignature)
    header.append(45 as UInt16)  // Made by version 4.5.
    appendCommonFields(of: record, isLarge: isLarge, extraByteCount: extra.bytes.count, to: &header)
    header.append(repeating: 0, count: 10)  // Comment, disk, attributes.
    header.append(isFar ? UInt32.max : UInt32(record.headerOffset))
    header.append(record.name.utf8)
    header.append(extra.bytes)
    return header.bytes
  }

  /// Appends the fields that both headers share, from the version to the length of the extra
  /// fields.
  private func appendCommonFields(
    of record: ZipRecord, isLarge: Bool, extraByteCount: Int, to header: inout LittleEndianBytes
  ) {
    header.append(45 as UInt16)  // Version 4.5 supports zip64.
    header.append(Zip.utf8Flag)
    header.append(Zip.stored)
    header.append(0 as UInt16)  // Midnight.
    header.append(Zip.date)
    header.append(record.checksum)
    let byteCount = isLarge ? UInt32.max : UInt32(record.byteCount)
    header.append(byteCount)
    header.append(byteCount)
    header.append(UInt16(record.name.utf8.count))
    header.append(UInt16(extraByteCount))
  }

  /// The end records of the archive: the zip64 record, its locator, and the 32-bit record.
  private func end(directoryAt start: UInt64, byteCount: UInt64) -> [UInt8] {
    let count = UInt64(records.count)
    var end = LittleEndianBytes()
    end.append(Zip.end64Signature)
    end.append(UInt64(Zip.end64ByteCount - 12))
    end.append(45 as UInt16)
    end.append(45 as UInt16)
    end.append(0 as UInt32)  // This disk.
    end.append(0 as UInt32)  // The disk of the central directory.
    end.append(count)
    end.append(count)
    end.append(byteCount)
    end.append(start)

    end.append(Zip.locatorSignature)
    end.append(0 as UInt32)
    end.append(start + byteCount)
    end.append(1 as UInt32)  // Number of disks.

    end.append(Zip.endSignature)
    end.append(0 as UInt32)
    end.append(UInt16(clamping: count))
    end.append(UInt16(clamping: count))
    end.append(byteCount >= zip64Limit ? UInt32.max : UInt32(byteCount))
    end.append(start >= zip64Limit ? UInt32.max : UInt32(start))
    end.append(0 as UInt16)  // Comment.
    return end.bytes
  }
}
