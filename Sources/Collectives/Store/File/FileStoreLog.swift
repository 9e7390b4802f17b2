import Worker

/// The content of a FileStore's file: a log of changes, in which the last record of a key counts.
///
/// The format is that of PyTorch 2.13: each record is a key and a value, both a 32-bit length and
/// as many bytes. A key begins with `/` in a record that sets it, and with `-/` in one that deletes
/// it. The keys `refcount/` and `cleanup/` count the users of the file.
package struct FileStoreLog: Sendable {
  /// The first byte of a user's keys.
  static let userPrefix: UInt8 = UInt8(ascii: "/")
  static let deletionPrefix: UInt8 = UInt8(ascii: "-")

  /// The number of users that have the file open.
  static let referenceCount = Array("refcount/".utf8)

  /// The number of users that have finished.
  static let finishedCount = Array("cleanup/".utf8)

  /// The keys, as in the file, and their values.
  private(set) var values: [[UInt8]: [UInt8]] = [:]

  /// The end of the last complete record that was read.
  private(set) var position = 0

  /// The number of keys that users have set.
  var userKeyCount: Int {
    values.keys.count { $0.first == Self.userPrefix }
  }

  /// Applies the records that follow ``position``.
  ///
  /// An incomplete record at the end, whose writer died, is ignored.
  ///
  /// - Throws: ``StoreViolation`` if the file is not a store's.
  mutating func read(_ bytes: [UInt8]) throws(StoreViolation) {
    var rest = bytes[...]
    while let (key, afterKey) = Self.block(rest), let (value, after) = Self.block(afterKey) {
      try apply(key, value)
      position += after.startIndex - rest.startIndex
      rest = after
    }
    if position == 0 && !rest.isEmpty { throw StoreViolation("its first record is invalid") }
  }

  /// The bytes of a record.
  package static func record(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for block in [key, value] {
      bytes.appendNumber(UInt32(block.count))
      bytes += block
    }
    return bytes
  }

  private mutating func apply(_ key: [UInt8], _ value: [UInt8]) throws(StoreViolation) {
    switch key.first {
    case Self.deletionPrefix: values[Array(key.dropFirst())] = nil
    case Self.userPrefix: values[key] = value
    default:
      guard key == Self.referenceCount || key == Self.finishedCount else {
        throw StoreViolation("it has a record whose key begins with neither / nor -")
      }
      values[key] = value
    }
  }

  private static func block(
    _ bytes: ArraySlice<UInt8>
  ) -> (block: [UInt8], rest: ArraySlice<UInt8>)? {
    guard bytes.count >= 4 else { return nil }
    let length = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let rest = bytes.dropFirst(4)
    guard rest.count >= length else { return nil }
    return (Array(rest.prefix(length)), rest.dropFirst(length))
  }
}
