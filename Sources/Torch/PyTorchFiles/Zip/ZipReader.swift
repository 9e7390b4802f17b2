internal import Support

/// Reads a zip archive of stored or deflated records, after it has checked the whole central
/// directory.
///
/// The checks are strict, so that no two readers can interpret a file differently: the archive
/// begins at the first byte of the file, its end record is the last one in it, names are unique,
/// local headers agree with the central directory, and records do not overlap.
struct ZipReader {
  private let file: ReadableFile
  private var records: [String: Record] = [:]

  /// The maximum size of the central directory in bytes, enough for a million records.
  private static let maximumDirectorySize: UInt64 = 100_000_000

  /// The name of the first record.
  let firstName: String

  private struct Record {
    var checksum: UInt32
    /// The bytes of the record in the file.
    var range: Range<UInt64>
    var isCompressed: Bool
    /// The size of the record without compression.
    var byteCount: Int
  }

  init(_ file: ReadableFile) throws(FileFailure) {
    self.file = file
    let end = try ZipEnd(of: file)
    let entries = try ZipReader.directory(at: end, of: file)
    guard let first = entries.first else { throw .damaged("it is an empty zip archive") }
    firstName = first.name
    var freeFrom: UInt64 = 0
    for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      guard entry.headerOffset >= freeFrom else {
        throw .damaged("record \(entry.name.quotedForMessage) overlaps the previous record")
      }
      let start = try ZipReader.dataStart(of: entry, before: end.directory.lowerBound, in: file)
      let range = start..<(start + entry.storedByteCount)
      let record = Record(
        checksum: entry.checksum, range: range, isCompressed: entry.isCompressed,
        byteCount: Int(entry.byteCount))
      guard records.updateValue(record, forKey: entry.name) == nil else {
        throw .damaged("it has the record \(entry.name.quotedForMessage) twice")
      }
      freeFrom = range.upperBound
    }
  }

  func has(_ name: String) -> Bool { records[name] != nil }

  /// The size of a record in bytes; `nil` if there is no record with that name.
  func byteCount(of name: String) -> Int? { records[name]?.byteCount }

  /// Fills a buffer of the size of the record, and verifies the checksum.
  func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    guard let record = records[name] else {
      throw .damaged("it does not contain the record \(name.quotedForMessage)")
    }
    precondition(
      buffer.count == record.byteCount,
      "the buffer has \(buffer.count) bytes, the record \(record.byteCount)")
    if record.isCompressed {
      let compressed = try file.bytes(record.range)
      guard compressed.withUnsafeBytes({ Inflate.decompress($0, into: buffer) }) else {
        throw .damaged("record \(name.quotedForMessage) cannot be decompressed")
      }
    } else {
      try file.read(at: record.range.lowerBound, into: buffer)
    }
    guard CRC32.checksum(of: UnsafeRawBufferPointer(buffer)) == record.checksum else {
      throw .damaged("the checksum of record \(name.quotedForMessage) does not match its bytes")
    }
  }

  func read(_ name: String) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount(of: name) ?? 0)
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileFailure) in
      try read(name, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes
  }

  private static func directory(at end: ZipEnd, of file: ReadableFile) throws(FileFailure)
    -> [ZipRecord]
  {
    guard end.directory.upperBound - end.directory.lowerBound <= maximumDirectorySize else {
      throw .damaged("its central directory is longer than \(maximumDirectorySize) bytes")
    }
    var cursor = ByteCursor(try file.bytes(end.directory))
    var entries: [ZipRecord] = []
    while cursor.remaining > 0 { entries.append(try entry(&cursor)) }
    guard UInt64(entries.count) == end.count else {
      throw .damaged(
        "its central directory has \(entries.count) records, but declares \(end.count)")
    }
    return entries
  }

  private static func entry(_ cursor: inout ByteCursor) throws(FileFailure) -> ZipRecord {
    guard try cursor.integer(UInt32.self) == Zip.centralSignature else {
      throw .damaged("its central directory is damaged")
    }
    try cursor.skip(4)  // versions
    let flags: UInt16 = try cursor.integer()
    let method: UInt16 = try cursor.integer()
    try cursor.skip(4)  // time and date
    let checksum: UInt32 = try cursor.integer()
    var compressed = UInt64(try cursor.integer(UInt32.self))
    var byteCount = UInt64(try cursor.integer(UInt32.self))
    let nameByteCount: UInt16 = try cursor.integer()
    let extraByteCount: UInt16 = try cursor.integer()
    let commentByteCount: UInt16 = try cursor.integer()
    let disk: UInt16 = try cursor.integer()
    try cursor.skip(6)  // attributes
    var offset = UInt64(try cursor.integer(UInt32.self))
    let name = String(decoding: try cursor.bytes(Int(nameByteCount)), as: UTF8.self)
    var extra = ByteCursor(Array(try cursor.bytes(Int(extraByteCount))))
    try cursor.skip(Int(commentByteCount))

    // Values that do not fit in 32 bits are in an extra field, in this order.
    while extra.remaining >= 4 {
      let field: UInt16 = try extra.integer()
      let count: UInt16 = try extra.integer()
      var content = ByteCursor(Array(try extra.bytes(Int(count))))
      guard field == Zip.zip64Field else { continue }
      if byteCount == UInt64(UInt32.max) { byteCount = try content.integer() }
      if compressed == UInt64(UInt32.max) { compressed = try content.integer() }
      if offset == UInt64(UInt32.max) { offset = try content.integer() }
    }
    guard flags & Zip.encryptedFlag == 0 else {
      throw .unsupported("record \(name.quotedForMessage) is encrypted; save it without a password")
    }
    guard method == Zip.stored || method == Zip.deflated else {
      throw .unsupported(
        "record \(name.quotedForMessage) is compressed with method \(method), not with deflate; "
          + "save the file with torch.save, or archive it with `zip -0`")
    }
    // Deflate compresses by less than a factor of 1,032, so a file cannot declare sizes at will.
    let isPlausible =
      method == Zip.deflated ? byteCount / 1032 <= compressed : byteCount == compressed
    guard disk == 0, isPlausible else {
      throw .damaged(
        "the central directory entry of record \(name.quotedForMessage) is inconsistent")
    }
    return ZipRecord(
      name: name, checksum: checksum, byteCount: byteCount, storedByteCount: compressed,
      isCompressed: method == Zip.deflated, headerOffset: offset)
  }

  /// Returns the offset of the bytes of a record, after it has checked the local header.
  private static func dataStart(
    of entry: ZipRecord, before limit: UInt64, in file: ReadableFile
  ) throws(FileFailure) -> UInt64 {
    func misplaced() -> FileFailure {
      .damaged(
        "record \(entry.name.quotedForMessage) is not at its offset in the central directory")
    }
    let fixed = UInt64(Zip.localByteCount)
    guard entry.headerOffset <= limit, limit - entry.headerOffset >= fixed else {
      throw misplaced()
    }
    let nameStart = entry.headerOffset + fixed
    var header = ByteCursor(try file.bytes(entry.headerOffset..<nameStart))
    guard try header.integer(UInt32.self) == Zip.localSignature else { throw misplaced() }
    try header.skip(22)
    let nameByteCount = UInt64(try header.integer(UInt16.self))
    let extraByteCount = UInt64(try header.integer(UInt16.self))
    guard limit - nameStart >= nameByteCount + extraByteCount,
      limit - nameStart - nameByteCount - extraByteCount >= entry.storedByteCount
    else { throw misplaced() }
    let name = try file.bytes(nameStart..<(nameStart + nameByteCount))
    guard String(decoding: name, as: UTF8.self) == entry.name else { throw misplaced() }
    return nameStart + nameByteCount + extraByteCount
  }
}
