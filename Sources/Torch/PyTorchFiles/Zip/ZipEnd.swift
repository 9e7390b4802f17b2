/// The last bytes of a zip archive, which say where its table of contents lies.
struct ZipEnd {
  /// Where the table lies in the file.
  private(set) var table: Range<UInt64>
  /// The number of records in it.
  private(set) var count: UInt64

  /// Finds the end; archives with a comment behind it are not PyTorch's.
  init(of file: ReadableFile) throws(FileFailure) {
    let size = UInt64(Zip.endByteCount)
    guard file.byteCount >= size else {
      throw .damaged("it has \(file.byteCount) bytes, and no zip archive is that short")
    }
    let start = file.byteCount - size
    var cursor = ByteCursor(try file.bytes(start..<file.byteCount))
    guard try cursor.number(UInt32.self) == Zip.endSignature else {
      throw try ZipEnd.failure(of: file)
    }
    let disks: UInt32 = try cursor.number()
    let countHere: UInt16 = try cursor.number()
    let count: UInt16 = try cursor.number()
    let byteCount: UInt32 = try cursor.number()
    let offset: UInt32 = try cursor.number()
    let comment: UInt16 = try cursor.number()
    guard disks == 0, count == countHere, comment == 0 else {
      throw .damaged("its end contradicts itself")
    }
    guard let large = try End64(before: start, of: file) else {
      (self.count, table) = (
        UInt64(count),
        try ZipEnd.range(from: UInt64(offset), count: UInt64(byteCount), before: start)
      )
      return
    }
    // The old form repeats what fits it.
    guard count == UInt16(clamping: large.count),
      offset == .max || UInt64(offset) == large.offset,
      byteCount == .max || UInt64(byteCount) == large.byteCount
    else { throw .damaged("the two forms of its end contradict each other") }
    self.count = large.count
    table = try ZipEnd.range(from: large.offset, count: large.byteCount, before: large.start)
  }

  /// The table touches the end that follows it.
  private static func range(from start: UInt64, count: UInt64, before end: UInt64)
    throws(FileFailure) -> Range<UInt64>
  {
    guard start <= end, end - start == count else {
      throw .damaged("its table of contents is not where its end says")
    }
    return start..<end
  }

  /// Why there is no end where it should be.
  private static func failure(of file: ReadableFile) throws(FileFailure) -> FileFailure {
    let start = try file.bytes(0..<4)
    if start.starts(with: [0x50, 0x4b]) {
      return .damaged("its end is missing, as when it was copied only in part")
    }
    if start.starts(with: [0x80, 0x02]) {
      return .unsupported(
        "it is in the format of PyTorch before 1.6; in Python, save it again with torch.save")
    }
    return .damaged("it is no zip archive")
  }
}

/// The form of the end with 64-bit numbers, which a locator behind it points to.
private struct End64 {
  var start: UInt64
  var count: UInt64
  var byteCount: UInt64
  var offset: UInt64

  /// - Returns: `nil` when there is no locator.
  init?(before end: UInt64, of file: ReadableFile) throws(FileFailure) {
    let size = UInt64(Zip.end64ByteCount)
    let locatorSize = UInt64(Zip.locatorByteCount)
    guard end >= size + locatorSize else { return nil }
    var locator = ByteCursor(try file.bytes((end - locatorSize)..<end))
    guard try locator.number(UInt32.self) == Zip.locatorSignature else { return nil }
    start = end - locatorSize - size
    var cursor = ByteCursor(try file.bytes(start..<(start + size)))
    guard try locator.number(UInt32.self) == 0, try locator.number(UInt64.self) == start,
      try locator.number(UInt32.self) == 1,
      try cursor.number(UInt32.self) == Zip.end64Signature,
      try cursor.number(UInt64.self) == size - 12
    else { throw .damaged("its end is broken") }
    try cursor.skip(4)  // versions
    let disks: UInt64 = try cursor.number()
    let countHere: UInt64 = try cursor.number()
    count = try cursor.number()
    byteCount = try cursor.number()
    offset = try cursor.number()
    guard disks == 0, count == countHere else { throw .damaged("its end contradicts itself") }
  }
}
