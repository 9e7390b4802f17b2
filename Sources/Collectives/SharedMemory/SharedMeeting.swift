internal import CSharedMemory
internal import Foundation
internal import Support

/// How ranks find the memory that they share: rank 0 makes it, and puts into the store where it is.
struct SharedMeeting {
  let store: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration

  private static let key = "shared-memory"
  /// Where a rank says that it cannot share memory, so that nobody waits for it.
  private static let refusal = "shared-memory-refused"

  private var host: String {
    let host = HostIdentity.current
    return "\(host.boot) \(host.processes)"
  }

  /// Maps the memory and waits until all ranks have; calls `enter` in between, before the others know.
  func segment(_ enter: (SharedSegment) throws(CollectiveError) -> Void) throws(CollectiveError)
    -> SharedSegment
  {
    let deadline = Deadline(after: timeout)
    do {
      return try meet(deadline, enter)
    } catch  where error.code == .unavailable {
      // What this rank cannot do, the group cannot.
      _ = try? store.compareSet(
        Self.refusal, expected: [], desired: Array("rank \(rank): \(error.message)".utf8))
      throw error
    }
  }

  private func meet(
    _ deadline: Deadline, _ enter: (SharedSegment) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedSegment {
    if rank == 0 {
      let layout = SegmentLayout(
        worldSize: worldSize, chunkBytes: chunkBytes, heapBytes: heapBytes)
      let token = UInt64.random(in: 1...UInt64.max)
      return try SharedSegment.create(layout, token: token) {
        (segment, descriptor) throws(CollectiveError) in
        let place = "\(getpid()) \(descriptor) \(token) \(chunkBytes) \(heapBytes) \(host)"
        do {
          try store.set(Self.key, Array(place.utf8))
        } catch {
          throw CollectiveError(
            .failed, "cannot tell the ranks where the group's memory is: \(error)", rank: rank,
            cause: error)
        }
        try enter(segment)
        try gather(segment, deadline)
      }
    }
    let segment = try find()
    try enter(segment)
    try gather(segment, deadline)
    return segment
  }

  /// The memory that rank 0 has made.
  private func find() throws(CollectiveError) -> SharedSegment {
    let value = try place(before: Deadline(after: timeout))
    let fields = String(decoding: value, as: UTF8.self).split(separator: " ", maxSplits: 5)
    guard fields.count == 6, let process = Int32(fields[0]), let descriptor = Int32(fields[1]),
      let token = UInt64(fields[2]), let chunkBytes = Int(fields[3]), let heapBytes = Int(fields[4])
    else {
      throw CollectiveError(
        .failed, "the store has no place of shared memory under \(Self.key)", rank: rank)
    }
    guard fields[5] == host else {
      throw CollectiveError(
        .unavailable,
        "rank \(rank) is not on the host of rank 0, or sees other processes, so they cannot share memory: "
          + "use Gloo, or let the engine be chosen",
        rank: rank)
    }
    return try SharedSegment.open(
      process: process, descriptor: descriptor, token: token,
      SegmentLayout(worldSize: worldSize, chunkBytes: chunkBytes, heapBytes: heapBytes))
  }

  /// What rank 0 has put into the store.
  private func place(before deadline: Deadline) throws(CollectiveError) -> [UInt8] {
    while true {
      do {
        return try store.get(Self.key, timeout: .milliseconds(100))
      } catch  where error.code == .timedOut && !deadline.hasPassed {
        try lookForRefusal()
      } catch {
        throw CollectiveError(
          .ranksMissing,
          "rank 0 did not make the group's memory within \(timeout): start it, look at why it ended, or "
            + "check that all ranks were given the same store",
          rank: rank, cause: error)
      }
    }
  }

  /// Says that this rank is there, and waits for the others.
  private func gather(_ segment: SharedSegment, _ deadline: Deadline) throws(CollectiveError) {
    csm_store64(segment.progress(rank, .presence), 1)
    csm_ring(segment.bell(rank))
    for peer in 0..<worldSize {
      while csm_wait_until(
        segment.progress(peer, .presence), 1, segment.bell(peer), 10_000_000) == 0
      {
        if let breakage = Breakage(word: csm_load64(segment.breakage)) {
          throw CollectiveError(
            .ranksMissing, "rank \(breakage.rank) gave up making the group", rank: rank)
        }
        try lookForRefusal()
        guard deadline.hasPassed else { continue }
        let missing = (0..<worldSize).filter {
          csm_load64(segment.progress($0, .presence)) == 0
        }
        throw .ranksMissing(missing, of: worldSize, within: timeout, seenBy: rank)
      }
    }
  }

  /// Fails if another rank has found that it cannot share memory.
  private func lookForRefusal() throws(CollectiveError) {
    guard let reason = try? store.get(Self.refusal, timeout: .zero) else { return }
    throw CollectiveError(.unavailable, String(decoding: reason, as: UTF8.self), rank: rank)
  }

  /// With more ranks than processors each chunk costs changes of process, so they are larger then.
  private var chunkBytes: Int {
    let base = worldSize > Int(csm_processor_count()) ? 1 << 20 : 256 << 10
    return max(base, rounded(worldSize * 1024, to: 4096))
  }

  /// As much as the machine has: room is taken only where it is touched.
  private var heapBytes: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    return rounded(pages * Int(sysconf(Int32(_SC_PAGESIZE))), to: 2 << 20)
  }
}
