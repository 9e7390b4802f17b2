/// The end of central directory record of a zip archive.
struct ZipEnd {
  /// The byte range of the central directory in the file.
  private(set) var directory: Range<UInt64>
  /// The number of records in the central directory.
  private(set) var count: UInt64

  /// Reads the record at the end of the file.
  ///
  /// A comment may follow the record.
  init(of file: ReadableFile) throws(FileFailure) {
    guard let start = try ZipEnd.start(in: file) else {
      throw .damaged("its end is missing, possibly because it was copied only in part")
    }
    var cursor = ByteCursor(file, start..<file.byteCount)
    try cursor.skip(4)  // The signature.
    let disks: UInt32 = try cursor.integer()
    let countHere: UInt16 = try cursor.integer()
    let count: UInt16 = try cursor.integer()
    let byteCount: UInt32 = try cursor.integer()
    let offset: UInt32 = try cursor.integer()
    guard disks == 0, count == countHere else {
      throw .damaged("its end of central directory record is inconsistent")
    }
    guard let large = try End64(before: start, of: file) else {
      self.count = UInt64(count)
      directory = try ZipEnd.range(
        from: UInt64(offset), count: UInt64(byteCount), before: start)
      return
    }
    // The 32-bit record repeats the values that fit in it.
    guard count == UInt16(clamping: large.count),
      offset == .max || UInt64(offset) == large.offset,
      byteCount == .max || UInt64(byteCount) == large.byteCount
    else { throw .damaged("its two end of central directory records contradict each other") }
    self.count = large.count
    directory = try ZipEnd.range(from: large.offset, count: large.byteCount, before: large.start)
  }

  /// Returns the range of the central directory, which the end record must follow directly.
  private static func range(from start: UInt64, count: UInt64, before end: UInt64)
    throws(FileFailure) -> Range<UInt64>
  {
    guard start <= end, end - start == count else {
      throw .damaged("its central directory is not at the recorded offset")
    }
    return start..<end
  }

  /// Finds the record: like PyTorch, the last one, whatever follows it.
  private static func start(in file: ReadableFile) throws(FileFailure) -> UInt64? {
    let size = UInt64(Zip.endByteCount)
    guard file.byteCount >= size else { return nil }
    let maximumComment = UInt64(UInt16.max)
    let first = file.byteCount - size - min(file.byteCount - size, maximumComment)
    let tail = try file.bytes(first..<file.byteCount)
    for start in (0...tail.count - Int(size)).reversed() where tail[start] == 0x50 {
      var cursor = ByteCursor(tail, at: start)
      if try cursor.integer(UInt32.self) == Zip.endSignature { return first + UInt64(start) }
    }
    return nil
  }
}

/// The zip64 end of central directory record, which is found through the locator that follows it.
private struct End64 {
  var start: UInt64
  var count: UInt64
  var byteCount: UInt64
  var offset: UInt64

  /// Reads the record.
  ///
  /// - Returns: `nil` if there is no locator.
  init?(before end: UInt64, of file: ReadableFile) throws(FileFailure) {
    let size = UInt64(Zip.end64ByteCount)
    let locatorSize = UInt64(Zip.locatorByteCount)
    guard end >= size + locatorSize else { return nil }
    var locator = ByteCursor(try file.bytes((end - locatorSize)..<end))
    guard try locator.integer(UInt32.self) == Zip.locatorSignature else { return nil }
    start = end - locatorSize - size
    var cursor = ByteCursor(try file.bytes(start..<(start + size)))
    guard try locator.integer(UInt32.self) == 0, try locator.integer(UInt64.self) == start,
      try locator.integer(UInt32.self) == 1,
      try cursor.integer(UInt32.self) == Zip.end64Signature,
      try cursor.integer(UInt64.self) == size - 12
    else { throw .damaged("its zip64 end of central directory record is damaged") }
    try cursor.skip(4)  // versions
    let disks: UInt64 = try cursor.integer()
    let countHere: UInt64 = try cursor.integer()
    count = try cursor.integer()
    byteCount = try cursor.integer()
    offset = try cursor.integer()
    guard disks == 0, count == countHere else {
      throw .damaged("its zip64 end of central directory record is inconsistent")
    }
  }
}
