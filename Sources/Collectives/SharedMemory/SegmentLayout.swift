/// Where things lie in the memory that the ranks of a group share.
///
///     header | signs of life | control blocks | slots | staging | channels | heaps
///
/// Every rank has one of each, and for each peer that it sends to a channel. The memory takes room only
/// where it is touched, so that what most groups never use costs nothing.
struct SegmentLayout: Equatable, Sendable {
  let worldSize: Int
  /// The bytes of a rank that are staged at a time.
  let chunkBytes: Int
  /// The room that a rank can allocate buffers in.
  let heapBytes: Int

  /// Calls that a rank may be ahead of its peers.
  static let slotCount = 8
  /// What a slot holds; a call that gives no more is done in one exchange.
  static let slotBytes = 64 << 10
  /// Chunks of a call that are under way at once.
  ///
  /// With three nobody waits for a rank to finish a chunk
  /// that it has only just been given.
  static let stageCount = 3
  /// What a channel holds.
  static let channelBytes = 256 << 10

  private static let page = 4096
  private static let largePage = 2 << 20
  private static let slotStride = slotBytes + page
  static let controlBytes = 256
  static let channelStride = channelBytes + page

  static let lives = page
  var controls: Int { Self.lives + rounded(worldSize * 64, to: Self.page) }
  var slots: Int { rounded(controls + worldSize * Self.controlBytes, to: Self.page) }
  var staging: Int {
    rounded(slots + worldSize * Self.slotCount * Self.slotStride, to: Self.largePage)
  }
  var channels: Int { staging + 2 * worldSize * Self.stageCount * chunkBytes }
  var heaps: Int {
    rounded(channels + worldSize * worldSize * Self.channelStride, to: Self.largePage)
  }
  var byteCount: Int { heaps + worldSize * heapBytes }

  func life(_ rank: Int) -> Int { Self.lives + rank * 64 }
  func control(_ rank: Int) -> Int { controls + rank * Self.controlBytes }
  /// The header of a call; what the rank gives follows it.
  func slot(_ rank: Int, call: UInt64) -> Int {
    slots + (rank * Self.slotCount + Int(call % UInt64(Self.slotCount))) * Self.slotStride
  }
  func staged(_ rank: Int, chunk: Int) -> Int {
    staging + (rank * Self.stageCount + chunk % Self.stageCount) * chunkBytes
  }
  func reduced(_ rank: Int, chunk: Int) -> Int {
    staging + ((worldSize + rank) * Self.stageCount + chunk % Self.stageCount) * chunkBytes
  }
  func channel(from source: Int, to destination: Int) -> Int {
    channels + (source * worldSize + destination) * Self.channelStride
  }
  func heap(_ rank: Int) -> Int { heaps + rank * heapBytes }
}

/// The next multiple of `unit`.
func rounded(_ value: Int, to unit: Int) -> Int { (value + unit - 1) / unit * unit }
