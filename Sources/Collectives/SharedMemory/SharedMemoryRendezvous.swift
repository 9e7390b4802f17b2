internal import CSharedMemory
internal import Foundation
internal import Support

/// Sets up the shared memory of a group: rank 0 creates it and publishes its location in the store.
struct SharedMemoryRendezvous {
  let store: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration

  private static let key = "shared-memory"
  /// The key under which a rank reports that it cannot share memory, so that no other rank waits
  /// for it.
  private static let refusalKey = "shared-memory-refused"

  private var host: String {
    let host = HostIdentity.current
    return "\(host.boot) \(host.processes)"
  }

  /// Maps the memory and waits until all ranks have mapped it.
  ///
  /// - Parameter prepare: Runs after this rank has mapped the memory, before it notifies the other
  ///   ranks.
  /// - Returns: The mapping.
  /// - Throws: ``CollectiveError`` with code `ranksMissing`, `unavailable` or `failed`, or an error
  ///   of `prepare`.
  func segment(_ prepare: (SharedSegment) throws(CollectiveError) -> Void) throws(CollectiveError)
    -> SharedSegment
  {
    let deadline = Deadline(after: timeout)
    do {
      return try connect(deadline, prepare)
    } catch  where error.code == .unavailable {
      // One rank that cannot share memory rules it out for the group.
      _ = try? store.compareSet(
        Self.refusalKey, expected: [], desired: Array("rank \(rank): \(error.message)".utf8))
      throw error
    }
  }

  private func connect(
    _ deadline: Deadline, _ prepare: (SharedSegment) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedSegment {
    if rank == 0 {
      let layout = SegmentLayout(
        worldSize: worldSize, chunkBytes: chunkBytes, heapBytes: heapBytes)
      let token = UInt64.random(in: 1...UInt64.max)
      return try SharedSegment.create(layout, token: token) {
        (segment, descriptor) throws(CollectiveError) in
        let location = "\(getpid()) \(descriptor) \(token) \(chunkBytes) \(heapBytes) \(host)"
        do {
          try store.set(Self.key, Array(location.utf8))
        } catch {
          throw CollectiveError(
            .failed, "cannot publish the location of the shared memory: \(error)", rank: rank,
            cause: error)
        }
        try prepare(segment)
        try waitForAll(segment, deadline)
      }
    }
    let segment = try find()
    try prepare(segment)
    try waitForAll(segment, deadline)
    return segment
  }

  /// Maps the memory that rank 0 created.
  private func find() throws(CollectiveError) -> SharedSegment {
    let value = try location(before: Deadline(after: timeout))
    let fields = String(decoding: value, as: UTF8.self).split(separator: " ", maxSplits: 5)
    guard fields.count == 6, let process = Int32(fields[0]), let descriptor = Int32(fields[1]),
      let token = UInt64(fields[2]), let chunkBytes = Int(fields[3]), let heapBytes = Int(fields[4])
    else {
      throw CollectiveError(
        .failed, "the store holds no location of shared memory under \"\(Self.key)\"", rank: rank)
    }
    guard fields[5] == host else {
      throw CollectiveError(
        .unavailable,
        "rank \(rank) is on another host or in another process namespace than rank 0, so they "
          + "cannot share memory: use Gloo, or leave the backend unset",
        rank: rank)
    }
    return try SharedSegment.open(
      process: process, descriptor: descriptor, token: token,
      SegmentLayout(worldSize: worldSize, chunkBytes: chunkBytes, heapBytes: heapBytes))
  }

  /// Reads the location that rank 0 published.
  private func location(before deadline: Deadline) throws(CollectiveError) -> [UInt8] {
    while true {
      do {
        return try store.get(Self.key, timeout: .milliseconds(100))
      } catch  where error.code == .timedOut && !deadline.hasPassed {
        try checkForRefusal()
      } catch {
        throw CollectiveError(
          .ranksMissing,
          "rank 0 did not create the shared memory within \(timeout): start it, check why it "
            + "exited, or check that all ranks use the same store",
          rank: rank, cause: error)
      }
    }
  }

  /// Publishes that this rank has mapped the memory, and waits for the other ranks.
  private func waitForAll(_ segment: SharedSegment, _ deadline: Deadline) throws(CollectiveError) {
    csm_store64(segment.progress(rank, .presence), 1)
    csm_notify(segment.progressEvent(rank))
    for peer in 0..<worldSize {
      while csm_wait_until(
        segment.progress(peer, .presence), 1, segment.progressEvent(peer), 10_000_000) == 0
      {
        if let failure = GroupFailure(word: csm_load64(segment.failure)) {
          throw CollectiveError(
            .ranksMissing, "rank \(failure.rank) stopped initializing the group", rank: rank)
        }
        try checkForRefusal()
        guard deadline.hasPassed else { continue }
        let missing = (0..<worldSize).filter {
          csm_load64(segment.progress($0, .presence)) == 0
        }
        throw .ranksMissing(missing, of: worldSize, within: timeout, seenBy: rank)
      }
    }
  }

  /// Throws if another rank has reported that it cannot share memory.
  private func checkForRefusal() throws(CollectiveError) {
    guard let reason = try? store.get(Self.refusalKey, timeout: .zero) else { return }
    throw CollectiveError(.unavailable, String(decoding: reason, as: UTF8.self), rank: rank)
  }

  /// The size of a chunk in bytes.
  ///
  /// It is larger if there are more ranks than processors, because each chunk then costs context
  /// switches.
  private var chunkBytes: Int {
    let base = worldSize > Int(csm_processor_count()) ? 1 << 20 : 256 << 10
    return max(base, rounded(worldSize * 1024, to: 4096))
  }

  /// The size of a heap: that of the machine's memory, because pages that are never accessed use
  /// none.
  private var heapBytes: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    return rounded(pages * Int(sysconf(Int32(_SC_PAGESIZE))), to: 2 << 20)
  }
}
