/// A cache key: a fingerprint of the content and the parameters that a result depends on.
///
/// ```swift
/// var key = try ContentKey(ofFileAt: "train.csv")
/// key.add("max length \(options.maxLength)")
/// ```
///
/// A 128-bit hash that protects against mistakes, not against deliberate collisions.
public struct ContentKey: Sendable, Hashable, CustomStringConvertible {
  private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var high: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  /// Creates an empty key.
  public init() {}

  /// Creates the key of a file's content; hashes gigabytes per second.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public init(ofFileAt path: String) throws(DataLoadingError) {
    try add(fileAt: path)
  }

  /// Adds a file's content.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public mutating func add(fileAt path: String) throws(DataLoadingError) {
    let file = try MappedBytes(path)
    file.with(0..<file.count) { add($0) }
  }

  /// Adds a parameter.
  public mutating func add(_ text: String) {
    Array(text.utf8).withUnsafeBytes { add($0) }
  }

  /// The key as 32 hexadecimal digits.
  public var description: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    while index + 8 <= bytes.count {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    var rest: UInt64 = 0
    for byte in bytes[index...] { rest = rest << 8 | UInt64(byte) }
    mix(rest)
    // Hashing the length of each part distinguishes "ab", "c" from "a", "bc".
    mix(UInt64(bytes.count))
    finish()
  }

  private mutating func mix(_ word: UInt64) {
    low = rotated((low ^ word) &* 0x9E37_79B1_85EB_CA87, by: 31)
    high = rotated((high &+ word) &* 0xC2B2_AE3D_27D4_EB4F, by: 27) ^ low
  }

  /// Applies the finalizer of MurmurHash3 (Appleby) to both halves.
  private mutating func finish() {
    func final(_ value: UInt64) -> UInt64 {
      var value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
      value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
      return value ^ value >> 33
    }
    let newHigh = final(high ^ rotated(low, by: 17))
    low = final(low &+ high)
    high = newHigh
  }

  private func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
    value << bits | value >> (64 - bits)
  }
}
