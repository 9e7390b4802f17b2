/// The layout of the memory that the ranks of a group share.
///
///     header | liveness locks | control blocks | slots | staging | channels | heaps
///
/// Every rank has one of each, and a channel for each peer that it sends to. Pages that are never
/// accessed use no memory.
struct SegmentLayout: Equatable, Sendable {
  let worldSize: Int
  /// The size of a staging chunk in bytes.
  let chunkBytes: Int
  /// The size of a rank's heap in bytes.
  let heapBytes: Int

  /// How many calls a rank may be ahead of its peers.
  static let slotCount = 8
  /// The capacity of a slot; a call that sends no more needs no staging.
  static let slotBytes = 64 << 10
  /// How many chunks of a call are in flight at once.
  ///
  /// With three, a rank can stage a chunk while its peers still read the two before it.
  static let stageCount = 3
  /// The capacity of a channel in bytes.
  static let channelBytes = 256 << 10

  private static let page = 4096
  private static let largePage = 2 << 20
  private static let slotStride = slotBytes + page
  static let controlBytes = 256
  static let channelStride = channelBytes + page

  static let livenessLocks = page
  var controls: Int { Self.livenessLocks + rounded(worldSize * 64, to: Self.page) }
  var slots: Int { rounded(controls + worldSize * Self.controlBytes, to: Self.page) }
  var staging: Int {
    rounded(slots + worldSize * Self.slotCount * Self.slotStride, to: Self.largePage)
  }
  var channels: Int { staging + 2 * worldSize * Self.stageCount * chunkBytes }
  var heaps: Int {
    rounded(channels + worldSize * worldSize * Self.channelStride, to: Self.largePage)
  }
  var byteCount: Int { heaps + worldSize * heapBytes }

  func livenessLock(_ rank: Int) -> Int { Self.livenessLocks + rank * 64 }
  func control(_ rank: Int) -> Int { controls + rank * Self.controlBytes }
  /// The header of a call; the rank's data follows it.
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
