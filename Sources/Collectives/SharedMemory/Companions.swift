internal import CSharedMemory
internal import Support
internal import Synchronization

/// The ranks of a group as one of them sees them: what it tells them, and waiting for them.
///
/// Every wait ends: when what it waits for is there, when a rank that is needed has ended, or at the
/// limit of the call. The first rank that notices breaks the group for all.
final class Companions: Sendable {
  let rank: Int
  let segment: SharedSegment
  let timeout: Duration
  private let spinning: Spinning
  /// Between two looks at who lives, ns.
  private static let look: Int64 = 5_000_000
  private let failure = Mutex<CollectiveError?>(nil)
  /// Threads of this rank that wait for the group's own thread, and leave it their processor.
  let awaiting = Atomic(0)
  /// Bytes that this rank has copied so that its peers can read them.
  let stagedBytes = Atomic(0)

  var layout: SegmentLayout { segment.layout }
  var worldSize: Int { segment.layout.worldSize }
  var peers: some Sequence<Int> {
    let (rank, worldSize) = (self.rank, self.worldSize)
    return (1..<max(worldSize, 1)).lazy.map { (rank + $0) % worldSize }
  }

  init(rank: Int, segment: SharedSegment, timeout: Duration) {
    (self.rank, self.segment, self.timeout) = (rank, segment, timeout)
    spinning = Spinning(isUseful: segment.layout.worldSize <= Int(csm_processor_count()))
  }

  /// Copies bytes to where peers read them.
  func stage(_ area: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ byteCount: Int) {
    csm_copy(area, source, byteCount, 0)
    stagedBytes.add(byteCount, ordering: .relaxed)
  }

  /// Tells how far this rank is.
  func tell(_ kind: Progress, _ value: UInt64) {
    csm_store64(segment.progress(rank, kind), value)
    csm_ring(segment.bell(rank))
  }

  func has(_ peer: Int, _ kind: Progress, _ value: UInt64) -> Bool {
    csm_load64(segment.progress(peer, kind)) >= value
  }

  /// Waits until a rank is so far.
  func wait(_ peer: Int, _ kind: Progress, _ value: UInt64, in call: RunningCall)
    throws(CollectiveError)
  {
    let word = segment.progress(peer, kind)
    let bell = segment.bell(peer)
    let isBackground = call.isBackground && awaiting.load(ordering: .relaxed) == 0
    if csm_load64(word) >= value || spinning.wait(for: word, value, isBackground) { return }
    while csm_wait_until(word, value, bell, Self.look) == 0 {
      try check(call)
      if call.deadline.hasPassed { throw late(waitingFor: peer, in: call) }
    }
  }

  /// Waits until all peers are so far.
  func waitForAll(_ kind: Progress, _ value: UInt64, in call: RunningCall) throws(CollectiveError) {
    for peer in peers { try wait(peer, kind, value, in: call) }
  }

  /// Fails if the group is broken or a rank that has not finished the call has ended.
  func check(_ call: RunningCall) throws(CollectiveError) {
    if let error = broken { throw error }
    for peer in peers where !has(peer, .done, moment(call.number + 1, 0)) {
      if csm_life_is_lost(segment.base + layout.life(peer)) != 0 {
        throw breakGroup(Breakage(.lost, peer))
      }
      if has(peer, .presence, 2), !has(peer, .done, moment(call.number + 1, 0)) {
        throw breakGroup(Breakage(.left, peer))
      }
    }
  }

  /// Fails if the group is broken or a rank has died.
  func checkLives() throws(CollectiveError) {
    if let error = broken { throw error }
    for peer in peers where csm_life_is_lost(segment.base + layout.life(peer)) != 0 {
      throw breakGroup(Breakage(.lost, peer))
    }
  }

  /// The error that every call fails with once the group is broken.
  var broken: CollectiveError? {
    if let known = failure.withLock({ $0 }) { return known }
    guard let breakage = Breakage(word: csm_load64(segment.breakage)) else { return nil }
    return note(breakage.error(seenBy: rank))
  }

  /// Breaks the group for all ranks, unless it is broken already.
  @discardableResult
  func breakGroup(_ breakage: Breakage, because own: CollectiveError? = nil) -> CollectiveError {
    let before = csm_compare_exchange64(segment.breakage, 0, breakage.word)
    for other in 0..<worldSize {
      csm_ring(segment.bell(other))
      csm_ring(segment.mailBell(other))
    }
    if before == 0, let own { return note(own) }
    return note((Breakage(word: before) ?? breakage).error(seenBy: rank))
  }

  /// Tells the peers that this rank has left.
  func close() {
    tell(.presence, 2)
    csm_ring(segment.mailBell(rank))
  }

  private func note(_ error: CollectiveError) -> CollectiveError {
    failure.withLock { failure in
      if failure == nil { failure = error }
      return failure ?? error
    }
  }

  /// Names the ranks that have not come to a call that took too long, or else the one waited for.
  private func late(waitingFor peer: Int, in call: RunningCall) -> CollectiveError {
    let absent = peers.filter { !has($0, .staged, moment(call.number, 1)) }.sorted()
    let missing = absent.isEmpty ? [peer] : absent
    let error = CollectiveError(
      .timedOut,
      "\(rankList(missing)) \(absent.isEmpty ? "did not finish" : "did not come to") the \(call.call) "
        + "within \(timeout). Look at what they do (they live), or give the group a longer limit; then "
        + "make the group anew",
      rank: rank, peer: missing[0])
    return breakGroup(Breakage(.late, missing[0]), because: error)
  }
}

extension Breakage {
  fileprivate func error(seenBy observer: Int) -> CollectiveError {
    let again = "make the group anew with the ranks that are left, or restart the job"
    switch kind {
    case .lost:
      return CollectiveError(
        .peerLost, "rank \(rank) has died: \(again)", rank: observer, peer: rank)
    case .left:
      return CollectiveError(
        .peerLost, "rank \(rank) has left the group while others use it: \(again)", rank: observer,
        peer: rank)
    case .late:
      return CollectiveError(
        .timedOut, "a peer waited too long for rank \(rank) and broke the group: \(again)",
        rank: observer, peer: rank)
    case .aborted:
      return CollectiveError(
        .failed, "rank \(rank) has aborted the group: make it anew", rank: observer)
    case .mismatch:
      return CollectiveError(
        .mismatch,
        "rank \(rank) and another do not make the same calls; its peer's error says which",
        rank: observer)
    }
  }
}
