internal import CTorch

/// Reads a zip archive of stored records, whose whole table of contents it has checked.
///
/// Strict, so that no two readers see different things in one file: the archive begins at the file's
/// first byte and ends at its last, names are unique, local headers agree with the table, and no two
/// records share bytes.
struct ZipReader {
  private let file: ReadableFile
  private var records: [String: Record] = [:]

  /// In bytes; room for a million records.
  private static let largestTable: UInt64 = 100_000_000

  /// The name of the first record.
  let firstName: String

  private struct Record {
    var checksum: UInt32
    var range: Range<UInt64>
  }

  init(_ file: ReadableFile) throws(FileFailure) {
    self.file = file
    let end = try ZipEnd(of: file)
    let entries = try ZipReader.table(at: end, of: file)
    guard let first = entries.first else { throw .damaged("it is an empty zip archive") }
    firstName = first.name
    var freeFrom: UInt64 = 0
    for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      guard entry.headerOffset >= freeFrom else {
        throw .damaged("record \(entry.name.quotedForMessage) overlaps the one before it")
      }
      let start = try ZipReader.dataStart(of: entry, before: end.table.lowerBound, in: file)
      let range = start..<(start + entry.byteCount)
      guard
        records.updateValue(Record(checksum: entry.checksum, range: range), forKey: entry.name)
          == nil
      else { throw .damaged("it has the record \(entry.name.quotedForMessage) twice") }
      freeFrom = range.upperBound
    }
  }

  func has(_ name: String) -> Bool { records[name] != nil }

  /// The size of a record in bytes; `nil` when there is none of that name.
  func byteCount(of name: String) -> Int? { records[name].map { $0.range.count } }

  /// Fills a buffer of the record's size, and compares the checksum.
  func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    guard let record = records[name] else {
      throw .damaged("it has no record \(name.quotedForMessage)")
    }
    precondition(buffer.count == record.range.count, "\(buffer.count) bytes for \(record.range)")
    try file.read(at: record.range.lowerBound, into: buffer)
    guard ct_crc32(0, buffer.baseAddress, buffer.count) == record.checksum else {
      throw .damaged("the bytes of record \(name.quotedForMessage) do not have its checksum")
    }
  }

  func read(_ name: String) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount(of: name) ?? 0)
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileFailure) in
      try read(name, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes
  }

  private static func table(at end: ZipEnd, of file: ReadableFile) throws(FileFailure)
    -> [ZipRecord]
  {
    guard end.table.upperBound - end.table.lowerBound <= largestTable else {
      throw .damaged("its table of contents is longer than any that PyTorch writes")
    }
    var cursor = ByteCursor(try file.bytes(end.table))
    var entries: [ZipRecord] = []
    while cursor.remaining > 0 { entries.append(try entry(&cursor)) }
    guard UInt64(entries.count) == end.count else {
      throw .damaged("its table has \(entries.count) records and not \(end.count)")
    }
    return entries
  }

  private static func entry(_ cursor: inout ByteCursor) throws(FileFailure) -> ZipRecord {
    guard try cursor.number(UInt32.self) == Zip.centralSignature else {
      throw .damaged("its table of contents is broken")
    }
    try cursor.skip(4)  // versions
    let flags: UInt16 = try cursor.number()
    let method: UInt16 = try cursor.number()
    try cursor.skip(4)  // time and date
    let checksum: UInt32 = try cursor.number()
    var compressed = UInt64(try cursor.number(UInt32.self))
    var byteCount = UInt64(try cursor.number(UInt32.self))
    let nameByteCount: UInt16 = try cursor.number()
    let extraByteCount: UInt16 = try cursor.number()
    let commentByteCount: UInt16 = try cursor.number()
    let disk: UInt16 = try cursor.number()
    try cursor.skip(6)  // attributes
    var offset = UInt64(try cursor.number(UInt32.self))
    let name = String(decoding: try cursor.bytes(Int(nameByteCount)), as: UTF8.self)
    var extra = ByteCursor(Array(try cursor.bytes(Int(extraByteCount))))
    try cursor.skip(Int(commentByteCount))

    // Numbers that don't fit stand in an extra field, in this order.
    while extra.remaining >= 4 {
      let field: UInt16 = try extra.number()
      let count: UInt16 = try extra.number()
      var content = ByteCursor(Array(try extra.bytes(Int(count))))
      guard field == Zip.zip64Field else { continue }
      if byteCount == UInt64(UInt32.max) { byteCount = try content.number() }
      if compressed == UInt64(UInt32.max) { compressed = try content.number() }
      if offset == UInt64(UInt32.max) { offset = try content.number() }
    }
    guard method == 0 else {
      throw .unsupported(
        "record \(name.quotedForMessage) is compressed; save the file with torch.save, or zip it "
          + "with `zip -0`")
    }
    guard flags & Zip.encryptedFlag == 0, disk == 0, compressed == byteCount else {
      throw .damaged("the table's entry of \(name.quotedForMessage) contradicts itself")
    }
    return ZipRecord(
      name: name, checksum: checksum, byteCount: byteCount, headerOffset: offset)
  }

  /// Where a record's bytes begin, by its own header, which has to agree with the table.
  private static func dataStart(
    of entry: ZipRecord, before limit: UInt64, in file: ReadableFile
  ) throws(FileFailure) -> UInt64 {
    func misplaced() -> FileFailure {
      .damaged("record \(entry.name.quotedForMessage) is not where the table says")
    }
    let fixed = UInt64(Zip.localByteCount)
    guard entry.headerOffset <= limit, limit - entry.headerOffset >= fixed else {
      throw misplaced()
    }
    let nameStart = entry.headerOffset + fixed
    var header = ByteCursor(try file.bytes(entry.headerOffset..<nameStart))
    guard try header.number(UInt32.self) == Zip.localSignature else { throw misplaced() }
    try header.skip(22)
    let nameByteCount = UInt64(try header.number(UInt16.self))
    let extraByteCount = UInt64(try header.number(UInt16.self))
    guard limit - nameStart >= nameByteCount + extraByteCount,
      limit - nameStart - nameByteCount - extraByteCount >= entry.byteCount
    else { throw misplaced() }
    let name = try file.bytes(nameStart..<(nameStart + nameByteCount))
    guard String(decoding: name, as: UTF8.self) == entry.name else { throw misplaced() }
    return nameStart + nameByteCount + extraByteCount
  }
}
