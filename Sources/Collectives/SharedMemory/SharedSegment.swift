internal import CSharedMemory
internal import Glibc

/// The memory that the ranks of a group share, as this process maps it.
///
/// It has no name: it is gone with the last process that maps it, however that ends.
final class SharedSegment: @unchecked Sendable {
  // Sendable: an address that never changes; what lies there is touched through atomics, or by the one
  // rank whose turn the protocol says it is.
  let base: UnsafeMutableRawPointer
  let layout: SegmentLayout

  private init(base: UnsafeMutableRawPointer, layout: SegmentLayout) {
    (self.base, self.layout) = (base, layout)
  }

  deinit { munmap(base, layout.byteCount) }

  /// Makes and maps new memory, and hands its descriptor to `publish` for as long as that runs.
  static func create(
    _ layout: SegmentLayout, token: UInt64,
    publish: (SharedSegment, _ descriptor: Int32) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedSegment {
    let descriptor = csm_create(layout.byteCount)
    guard descriptor >= 0 else { throw .noSharedMemory("make", layout.byteCount) }
    defer { close(descriptor) }
    let segment = try map(descriptor, layout)
    for rank in 0..<layout.worldSize {
      let error = csm_life_prepare(segment.base + layout.life(rank))
      guard error == 0 else {
        throw CollectiveError(
          .failed, "cannot prepare shared memory: \(String(cString: strerror(error)))")
      }
    }
    csm_store64(segment.word(8), token)
    try publish(segment, descriptor)
    return segment
  }

  /// Maps the memory that another process holds under a descriptor.
  static func open(process: Int32, descriptor: Int32, token: UInt64, _ layout: SegmentLayout)
    throws(CollectiveError) -> SharedSegment
  {
    let opened = csm_open(process, descriptor)
    guard opened >= 0 else {
      throw CollectiveError(
        .unavailable,
        "cannot open the memory of rank 0's process \(process): \(String(cString: strerror(errno))). "
          + "Ranks that share memory run on one host, as one user, in one process namespace, and rank 0 "
          + "must not have ended; use Gloo where that cannot be")
    }
    defer { close(opened) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_size == layout.byteCount else {
      throw CollectiveError(
        .failed,
        "process \(process) is not the rank 0 of this group: its memory has \(status.st_size) bytes, not "
          + "\(layout.byteCount)")
    }
    let segment = try map(opened, layout)
    guard csm_load64(segment.word(8)) == token else {
      throw CollectiveError(.failed, "process \(process) has the memory of another group")
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

  /// How far a rank is.
  func progress(_ rank: Int, _ kind: Progress) -> UnsafeMutablePointer<UInt64> {
    word(layout.control(rank) + kind.rawValue)
  }

  /// What others sleep on that wait for a rank.
  func bell(_ rank: Int) -> UnsafeMutablePointer<csm_bell> {
    (base + layout.control(rank) + 32).assumingMemoryBound(to: csm_bell.self)
  }

  /// What a rank sleeps on that waits for messages.
  func mailBell(_ rank: Int) -> UnsafeMutablePointer<csm_bell> {
    (base + layout.control(rank) + 128).assumingMemoryBound(to: csm_bell.self)
  }

  /// Not 0 once the group is broken: see ``Breakage``.
  var breakage: UnsafeMutablePointer<UInt64> { word(64) }
}

/// What a rank tells of its progress; each a ``Moment``.
enum Progress: Int {
  /// Chunks that peers may read.
  case staged = 0
  /// Chunks whose reduced part peers may read.
  case reduced = 8
  /// Chunks that the rank has finished, peers' memory included.
  case done = 16
  /// 1 when it maps the memory, 2 when it has left the group.
  case presence = 24
}

/// A number of chunks of a call, and of calls.
func moment(_ call: UInt64, _ chunks: Int) -> UInt64 { call << 24 | UInt64(chunks) }

/// Why a group cannot be used any longer, as its ranks tell one another.
struct Breakage {
  enum Kind: UInt64 { case lost = 1, left, late, aborted, mismatch }
  let kind: Kind
  let rank: Int

  init(_ kind: Kind, _ rank: Int) { (self.kind, self.rank) = (kind, rank) }

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
      "cannot \(verb) \(size >> 20) MiB of shared memory: \(reason). Raise the limits on address space "
        + "and file size (ulimit -v, ulimit -f), or use Gloo")
  }
}
