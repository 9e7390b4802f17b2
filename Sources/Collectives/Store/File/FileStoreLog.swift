import Worker

/// What a FileStore's file says: a log of changes, of which the last one about a key holds.
///
/// The format is that of PyTorch 2.13: each record is a key and a value, both a 32-bit length and
/// that many bytes. A key begins with `/` where a user set it, with `-/` where a user deleted it,
/// and is `refcount/` or `cleanup/` for the users of the file themselves.
struct FileStoreLog: Sendable {
  /// Where a user's keys begin.
  static let userPrefix: UInt8 = UInt8(ascii: "/")
  static let deletionPrefix: UInt8 = UInt8(ascii: "-")

  /// How many users have the file open now.
  static let referenceCount = Array("refcount/".utf8)

  /// How many users have finished with it.
  static let finishedCount = Array("cleanup/".utf8)

  /// The keys as the file names them, and their values.
  private(set) var values: [[UInt8]: [UInt8]] = [:]

  /// Up to where the file is known: the end of the last whole record.
  private(set) var position = 0

  /// The number of keys that users have set.
  var userKeyCount: Int {
    values.keys.count { $0.first == Self.userPrefix }
  }

  /// Takes in the records that follow ``position``.
  ///
  /// A record at the end that is not whole, because its writer died, is left out.
  ///
  /// - Throws: ``StoreViolation`` if this is no store's file.
  mutating func read(_ bytes: [UInt8]) throws(StoreViolation) {
    var rest = bytes[...]
    while let (key, afterKey) = Self.block(rest), let (value, after) = Self.block(afterKey) {
      try apply(key, value)
      position += after.startIndex - rest.startIndex
      rest = after
    }
    if position == 0 && !rest.isEmpty { throw StoreViolation("its first record makes no sense") }
  }

  /// One record.
  static func record(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
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
