internal import CSharedMemory
internal import Glibc

/// This process's mapping of the memory that the ranks of a group share.
///
/// The memory has no name: the kernel frees it when the last process that maps it exits, for any
/// reason.
///
/// `@unchecked Sendable`: the address never changes. The memory is accessed through atomics, or by
/// the one rank that the protocol allows to.
final class SharedSegment: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let layout: SegmentLayout

  private init(base: UnsafeMutableRawPointer, layout: SegmentLayout) {
    self.base = base
    self.layout = layout
  }

  deinit { munmap(base, layout.byteCount) }

  /// Creates and maps new memory; its descriptor stays open while `publish` runs.
  static func create(
    _ layout: SegmentLayout, token: UInt64,
    publish: (SharedSegment, _ descriptor: Int32) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedSegment {
    let descriptor = csm_create(layout.byteCount)
    guard descriptor >= 0 else { throw .noSharedMemory("create", layout.byteCount) }
    defer { close(descriptor) }
    let segment = try map(descriptor, layout)
    for rank in 0..<layout.worldSize {
      let error = csm_liveness_init(segment.livenessLock(rank))
      guard error == 0 else {
        throw CollectiveError(
          .failed, "cannot initialize shared memory: \(String(cString: strerror(error)))")
      }
    }
    csm_store64(segment.word(8), token)
    try publish(segment, descriptor)
    return segment
  }

  /// Maps the memory that another process has open under a descriptor.
  static func open(process: Int32, descriptor: Int32, token: UInt64, _ layout: SegmentLayout)
    throws(CollectiveError) -> SharedSegment
  {
    let opened = csm_open(process, descriptor)
    guard opened >= 0 else {
      throw CollectiveError(
        .unavailable,
        "cannot open the memory of rank 0's process \(process): "
          + "\(String(cString: strerror(errno))). Ranks that share memory must run on one host, as "
          + "one user, in one process namespace, and rank 0 must still run; use Gloo otherwise")
    }
    defer { close(opened) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_size == layout.byteCount else {
      throw CollectiveError(
        .failed,
        "process \(process) is not rank 0 of this group: its memory has \(status.st_size) bytes, "
          + "not \(layout.byteCount)")
    }
    let segment = try map(opened, layout)
    guard csm_load64(segment.word(8)) == token else {
      throw CollectiveError(.failed, "the memory of process \(process) belongs to another group")
    }
    return segment
  }

  private static func map(_ descriptor: Int32, _ layout: SegmentLayout) throws(CollectiveError)
    -> SharedSegment
  {
    guard let base = csm_map(descriptor, layout.byteCount) else {
      throw .noSharedMemory("map", layout.byteCount)
    }
    csm_want_large_pages(base + layout.heaps, layout.byteCount - layout.heaps)
    return SharedSegment(base: base, layout: layout)
  }

  func word(_ offset: Int) -> UnsafeMutablePointer<UInt64> {
    (base + offset).assumingMemoryBound(to: UInt64.self)
  }

  /// A progress counter of a rank.
  func progress(_ rank: Int, _ kind: Progress) -> UnsafeMutablePointer<UInt64> {
    word(layout.control(rank) + kind.rawValue)
  }

  /// The event that a rank notifies when its progress changes.
  func progressEvent(_ rank: Int) -> UnsafeMutablePointer<csm_event> {
    (base + layout.control(rank) + 32).assumingMemoryBound(to: csm_event.self)
  }

  /// The event that a rank waits on for messages.
  func messageEvent(_ rank: Int) -> UnsafeMutablePointer<csm_event> {
    (base + layout.control(rank) + 128).assumingMemoryBound(to: csm_event.self)
  }

  /// The lock that a rank's thread holds while the rank lives.
  func livenessLock(_ rank: Int) -> UnsafeMutableRawPointer { base + layout.livenessLock(rank) }

  /// A ``GroupFailure``; 0 while the group works.
  var failure: UnsafeMutablePointer<UInt64> { word(64) }
}

/// The progress counters of a rank, by their byte offset in its control block.
///
/// All but `presence` hold values of ``sequence(_:_:)``.
enum Progress: Int {
  /// Chunks that peers may read.
  case staged = 0
  /// Chunks whose reduced part peers may read.
  case reduced = 8
  /// Chunks that the rank has finished, including its reads of peers' memory.
  case done = 16
  /// 1 once the rank has mapped the memory, 2 once it has left the group.
  case presence = 24
}

/// A progress value that orders chunks of all calls: the call's number in the upper 40 bits, the
/// number of chunks in the lower 24.
func sequence(_ call: UInt64, _ chunks: Int) -> UInt64 { call << 24 | UInt64(chunks) }

/// Why a group has failed, in one word that its ranks share.
struct GroupFailure {
  enum Kind: UInt64 { case lost = 1, left, late, aborted, mismatch }
  let kind: Kind
  let rank: Int

  init(_ kind: Kind, _ rank: Int) {
    self.kind = kind
    self.rank = rank
  }

  init?(word: UInt64) {
    guard let kind = Kind(rawValue: word >> 32) else { return nil }
    self.init(kind, Int(word & 0xffff_ffff))
  }

  var word: UInt64 { kind.rawValue << 32 | UInt64(rank) }
}

extension CollectiveError {
  fileprivate static func noSharedMemory(_ verb: String, _ size: Int) -> CollectiveError {
    let reason = String(cString: strerror(errno))
    return CollectiveError(
      .unavailable,
      "cannot \(verb) \(size >> 20) MiB of shared memory: \(reason). Raise the limits on address "
        + "space and file size (ulimit -v, ulimit -f), or use Gloo")
  }
}
