/// The number in a file name such as `train-00000-of-00002.parquet`.
///
/// A fingerprint may follow, as in the older `train-00000-of-00002-0123456789abcdef.parquet`.
struct Shard: Hashable {
  let index: Int
  let count: Int

  /// Parses a file name; `nil` if it is not a shard of the split with this extension.
  init?(_ name: String, split: String, suffix: String) {
    guard name.hasPrefix("\(split)-"), name.hasSuffix(".\(suffix)"),
      name.utf8.count > split.utf8.count + suffix.utf8.count + 2
    else { return nil }
    let middle = name.utf8.dropFirst(split.utf8.count + 1).dropLast(suffix.utf8.count + 1)
    let parts = middle.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    func number(_ part: Substring.UTF8View) -> Int? {
      part.allSatisfy { 0x30...0x39 ~= $0 } ? Int(Substring(part)) : nil
    }
    guard parts.count == 3 || parts.count == 4, parts[1].elementsEqual("of".utf8),
      let index = number(parts[0]), let count = number(parts[2]), count > 0
    else { return nil }
    if parts.count == 4 {
      let isHexadecimal = parts[3].allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
      guard isHexadecimal, parts[3].count >= 8 else { return nil }
    }
    self.index = index
    self.count = count
  }

  /// Checks that the shards of one export are complete.
  ///
  /// - Parameters:
  ///   - shards: The shards of the files, with the same count, in order.
  ///   - paths: The paths of the files.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if a shard is missing, `ambiguous`
  ///   if one exists twice, `malformedFile` if an index is out of range.
  static func check(_ shards: [Shard], paths: [String]) throws(DataLoadingError) {
    guard let count = shards.first?.count, shards.count == paths.count else { return }
    for (position, shard) in shards.enumerated() {
      if shard.index >= count {
        throw DataLoadingError(
          .malformedFile,
          "shards are numbered from 0 to \(count - 1); rename or remove this one",
          path: paths[position])
      }
      if position > 0, shards[position - 1].index == shard.index {
        throw DataLoadingError(
          .ambiguous,
          "shard \(shard.index) of \(count) exists twice, also as \(paths[position - 1]); remove "
            + "the files of one export", path: paths[position])
      }
    }
    let present = Set(shards.map(\.index))
    guard present.count < count else { return }
    var absent: [Int] = []
    for index in 0..<count where !present.contains(index) {
      absent.append(index)
      if absent.count == 6 { break }
    }
    let missing = count - present.count
    let list = absent.prefix(5).map { "\($0)" }.joined(separator: ", ") + (missing > 5 ? ", …" : "")
    throw DataLoadingError(
      .fileUnreadable,
      "\(missing) of \(count) shards \(missing == 1 ? "is" : "are") missing: \(list) (counted from "
        + "0); copy the missing files", path: paths[0])
  }
}
