/// The tokens of a WordPiece model: maps bytes to ids and ids to bytes.
///
/// One buffer holds all tokens, and an open-addressing hash table finds them, so a lookup creates
/// no `String`. The hash is updated byte by byte, so one pass computes the hashes of all prefixes
/// of a word.
struct Vocabulary: Sendable {
  /// The 64-bit FNV-1a hash (Fowler, Noll, Vo).
  struct Hash: Sendable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func combine(_ byte: UInt8) {
      value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
  }

  private struct Slot {
    var hash: UInt64
    /// The index of the token; -1 if the slot is free.
    var token: Int32
  }

  private var bytes: [UInt8] = []
  private var starts: [Int32] = [0]
  private var ids: [Int32] = []
  private var slots: [Slot]
  private var mask: UInt64

  /// The length of the longest token in bytes.
  private(set) var longestToken = 0

  /// The number of tokens.
  var count: Int { ids.count }

  /// Whether the ids are 0, 1, 2 and so on.
  private(set) var isDense = true

  /// One more than the largest id: the number of rows of an embedding.
  private(set) var idBound: Int32 = 0

  /// Creates an empty vocabulary with capacity for `minimumCapacity` tokens.
  init(minimumCapacity: Int) {
    var size = 16
    while size < 2 * minimumCapacity { size *= 2 }
    slots = Array(repeating: Slot(hash: 0, token: -1), count: size)
    mask = UInt64(size - 1)
    bytes.reserveCapacity(8 * minimumCapacity)
    starts.reserveCapacity(minimumCapacity + 1)
    ids.reserveCapacity(minimumCapacity)
  }

  /// Adds a token.
  ///
  /// Returns false if the vocabulary contains it. Ids must not descend.
  mutating func insert(_ token: Span<UInt8>, id: Int32) -> Bool {
    precondition(
      id >= idBound - 1, "id \(id) was added after id \(idBound - 1); ids must not descend")
    var hash = Hash()
    for index in token.indices { hash.combine(token[index]) }
    if find(token, prefix: 0, hash: hash) != nil { return false }
    if 2 * (count + 1) > slots.count { grow() }
    isDense = isDense && Int(id) == count
    place(Slot(hash: hash.value, token: Int32(count)))
    for index in token.indices { bytes.append(token[index]) }
    starts.append(Int32(bytes.count))
    ids.append(id)
    longestToken = max(longestToken, token.count)
    idBound = id + 1
    return true
  }

  /// The id of a token.
  func id(of token: String) -> Int32? { id(of: Array(token.utf8)) }

  /// The id of a token in UTF-8.
  func id(of token: [UInt8]) -> Int32? {
    var hash = Hash()
    for byte in token { hash.combine(byte) }
    return find(token.span, prefix: 0, hash: hash)
  }

  /// The id of the token that consists of `prefix` bytes and `rest`; `hash` is the hash of both.
  ///
  /// Compares `rest` byte by byte, and the prefix by its 64-bit hash and its length only.
  @inline(__always)
  func find(_ rest: Span<UInt8>, prefix: Int, hash: Hash) -> Int32? {
    let slots = slots.span
    var index = Self.home(hash.value) & mask
    while true {
      let slot = slots[Int(index)]
      if slot.token < 0 { return nil }
      if slot.hash == hash.value, matches(Int(slot.token), rest, prefix) {
        return ids[Int(slot.token)]
      }
      index = (index + 1) & mask
    }
  }

  /// The first token with an id, or `nil` if no token has it.
  subscript(id: Int32) -> String? {
    guard let token = index(of: id) else { return nil }
    return String(decoding: bytes[Int(starts[token])..<Int(starts[token + 1])], as: UTF8.self)
  }

  /// The index of an id in `ids`, which are ascending but may have gaps.
  private func index(of id: Int32) -> Int? {
    if isDense { return 0..<idBound ~= id ? Int(id) : nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < count && ids[low] == id ? low : nil
  }

  @inline(__always)
  private func matches(_ token: Int, _ rest: Span<UInt8>, _ prefix: Int) -> Bool {
    let start = Int(starts[token]) + prefix
    guard Int(starts[token + 1]) - start == rest.count else { return false }
    let bytes = bytes.span
    for index in rest.indices where bytes[start + index] != rest[index] { return false }
    return true
  }

  private mutating func place(_ slot: Slot) {
    var index = Self.home(slot.hash) & mask
    while slots[Int(index)].token >= 0 { index = (index + 1) & mask }
    slots[Int(index)] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(hash: 0, token: -1), count: 2 * old.count)
    mask = UInt64(slots.count - 1)
    for slot in old where slot.token >= 0 { place(slot) }
  }

  private static func home(_ hash: UInt64) -> UInt64 { hash ^ hash >> 32 }
}
