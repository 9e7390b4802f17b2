internal import CSharedMemory
internal import Foundation

/// How ranks find the memory that they share: rank 0 makes it, and puts into the store where it is.
struct SharedMeeting {
  let store: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration

  private static let key = "shared-memory"

  /// Maps the memory and waits until all ranks have; calls `enter` in between, before the others know.
  func segment(_ enter: (SharedSegment) throws(CollectiveError) -> Void) throws(CollectiveError)
    -> SharedSegment
  {
    let deadline = Deadline(after: timeout)
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
    let value: [UInt8]
    do {
      value = try store.get(Self.key, timeout: timeout)
    } catch {
      throw CollectiveError(
        .ranksMissing,
        "rank 0 did not make the group's memory within \(timeout): start it, look at why it ended, or "
          + "check that all ranks were given the same store",
        rank: rank, cause: error)
    }
    let fields = String(decoding: value, as: UTF8.self).split(separator: " ", maxSplits: 5)
    guard fields.count == 6, let process = Int32(fields[0]), let descriptor = Int32(fields[1]),
      let token = UInt64(fields[2]), let chunkBytes = Int(fields[3]), let heapBytes = Int(fields[4])
    else {
      throw CollectiveError(
        .failed, "the store has no place of shared memory under \(Self.key)", rank: rank)
    }
    guard fields[5] == host else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) is not on the host of rank 0, or sees other processes, so they cannot share memory: "
          + "use Gloo, or let the engine be chosen",
        rank: rank)
    }
    return try SharedSegment.open(
      process: process, descriptor: descriptor, token: token,
      SegmentLayout(worldSize: worldSize, chunkBytes: chunkBytes, heapBytes: heapBytes))
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
        guard deadline.hasPassed else { continue }
        let missing = (0..<worldSize).filter {
          csm_load64(segment.progress($0, .presence)) == 0
        }
        let came = (0..<worldSize).filter { !missing.contains($0) }
        throw CollectiveError(
          .ranksMissing,
          "\(rankList(missing)) did not come within \(timeout); of \(worldSize) ranks \(rankList(came)) "
            + "came. Start the missing ones, look at why they ended, or check that all were given the "
            + "same store and world size",
          rank: rank)
      }
    }
  }

  /// What ranks have in common that can share memory: the running kernel, and the processes in sight.
  private var host: String {
    var link = [CChar](repeating: 0, count: 128)
    let count = readlink("/proc/self/ns/pid", &link, link.count - 1)
    let space = String(
      decoding: link.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let boot =
      (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    return "\(boot.prefix(36)) \(space)"
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
