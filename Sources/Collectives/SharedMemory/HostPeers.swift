internal import CSharedMemory
internal import Support
internal import Synchronization

/// One rank's view of the other ranks in its group: publishes its progress and waits for theirs.
///
/// Every wait ends: when the condition holds, when a required rank has exited, or at the call's
/// deadline. The first rank that detects a failure marks the group as failed for all ranks.
final class HostPeers: Sendable {
  let rank: Int
  let segment: SharedSegment
  let timeout: Duration
  private let spin: AdaptiveSpin
  /// The time between two liveness checks while waiting, in nanoseconds.
  private static let checkInterval: Int64 = 5_000_000
  private let knownFailure = Mutex<CollectiveError?>(nil)
  /// The number of this rank's threads that sleep until the group's thread has run a collective.
  ///
  /// While there are any, the group's thread polls for longer: it may use their processor.
  let blockedThreads = Atomic(0)
  /// The bytes that this rank has copied into memory that its peers read.
  let stagedBytes = Atomic(0)

  var layout: SegmentLayout { segment.layout }
  var worldSize: Int { segment.layout.worldSize }
  /// The other ranks, starting with the next one.
  var others: some Sequence<Int> {
    let rank = self.rank
    let worldSize = self.worldSize
    return (1..<max(worldSize, 1)).lazy.map { (rank + $0) % worldSize }
  }

  init(rank: Int, segment: SharedSegment, timeout: Duration) {
    self.rank = rank
    self.segment = segment
    self.timeout = timeout
    spin = AdaptiveSpin(isUseful: segment.layout.worldSize <= Int(csm_processor_count()))
  }

  /// Copies bytes into memory that peers read.
  func stage(_ area: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ byteCount: Int) {
    csm_copy(area, source, byteCount, 0)
    stagedBytes.add(byteCount, ordering: .relaxed)
  }

  /// Publishes this rank's progress and wakes the peers that wait for it.
  func publish(_ kind: Progress, _ value: UInt64) {
    csm_store64(segment.progress(rank, kind), value)
    csm_notify(segment.progressEvent(rank))
  }

  func hasReached(_ peer: Int, _ kind: Progress, _ value: UInt64) -> Bool {
    csm_load64(segment.progress(peer, kind)) >= value
  }

  /// Waits until a rank's progress reaches `value`.
  func wait(_ peer: Int, _ kind: Progress, _ value: UInt64, in call: RunningCall)
    throws(CollectiveError)
  {
    let word = segment.progress(peer, kind)
    let event = segment.progressEvent(peer)
    let isBackground = call.isBackground && blockedThreads.load(ordering: .relaxed) == 0
    if csm_load64(word) >= value || spin.wait(for: word, value, isBackground) { return }
    while csm_wait_until(word, value, event, Self.checkInterval) == 0 {
      try check(call)
      if call.deadline.hasPassed { throw timeoutError(waitingFor: peer, in: call) }
    }
  }

  /// Waits until the progress of all other ranks reaches `value`.
  func waitForAll(_ kind: Progress, _ value: UInt64, in call: RunningCall) throws(CollectiveError) {
    for peer in others { try wait(peer, kind, value, in: call) }
  }

  /// Throws if the group has failed, or if a rank exited before it finished the call.
  func check(_ call: RunningCall) throws(CollectiveError) {
    if let failure { throw failure }
    for peer in others where !hasReached(peer, .done, sequence(call.number + 1, 0)) {
      if csm_liveness_is_lost(segment.livenessLock(peer)) != 0 {
        throw failGroup(GroupFailure(.lost, peer))
      }
      if hasReached(peer, .presence, 2), !hasReached(peer, .done, sequence(call.number + 1, 0)) {
        throw failGroup(GroupFailure(.left, peer))
      }
    }
  }

  /// Throws if the group has failed or a rank has died.
  func checkLiveness() throws(CollectiveError) {
    if let failure { throw failure }
    for peer in others where csm_liveness_is_lost(segment.livenessLock(peer)) != 0 {
      throw failGroup(GroupFailure(.lost, peer))
    }
  }

  /// The error that every call throws once the group has failed.
  var failure: CollectiveError? {
    if let known = knownFailure.withLock({ $0 }) { return known }
    guard let failure = GroupFailure(word: csm_load64(segment.failure)) else { return nil }
    return record(failure.error(seenBy: rank))
  }

  /// Marks the group as failed for all ranks, unless it has failed already.
  ///
  /// - Parameters:
  ///   - failure: The cause, as the other ranks read it.
  ///   - error: The error that this rank's calls throw, if this is the first failure.
  /// - Returns: The error of the group's first failure.
  @discardableResult
  func failGroup(_ failure: GroupFailure, error: CollectiveError? = nil) -> CollectiveError {
    // Holds the lock, so that no other thread of this rank records the shared failure first.
    let first = knownFailure.withLock { known in
      if let known { return known }
      let before = csm_compare_exchange64(segment.failure, 0, failure.word)
      let shared = (GroupFailure(word: before) ?? failure).error(seenBy: rank)
      let first = before == 0 ? error ?? shared : shared
      known = first
      return first
    }
    for other in 0..<worldSize {
      csm_notify(segment.progressEvent(other))
      csm_notify(segment.messageEvent(other))
    }
    return first
  }

  /// Notifies the peers that this rank has left the group.
  func close() {
    publish(.presence, 2)
    csm_notify(segment.messageEvent(rank))
  }

  private func record(_ error: CollectiveError) -> CollectiveError {
    knownFailure.withLock { known in
      if known == nil { known = error }
      return known ?? error
    }
  }

  /// Names the ranks that did not start a call in time, or else the rank that did not finish it.
  private func timeoutError(waitingFor peer: Int, in call: RunningCall) -> CollectiveError {
    let absent = others.filter { !hasReached($0, .staged, sequence(call.number, 1)) }.sorted()
    let missing = absent.isEmpty ? [peer] : absent
    let error = CollectiveError(
      .timedOut,
      "\(rankList(missing)) \(absent.isEmpty ? "did not finish" : "did not start") the "
        + "\(call.call) within \(timeout). "
        + "\(missing.count == 1 ? "That rank is" : "Those ranks are") still running: inspect "
        + "\(missing.count == 1 ? "it" : "them") or raise the timeout, then recreate the group",
      rank: rank, peer: missing[0])
    return failGroup(GroupFailure(.late, missing[0]), error: error)
  }
}

extension GroupFailure {
  fileprivate func error(seenBy observer: Int) -> CollectiveError {
    let remedy = "recreate the group with the remaining ranks, or restart the job"
    switch kind {
    case .lost:
      return CollectiveError(
        .peerLost, "rank \(rank) died: \(remedy)", rank: observer, peer: rank)
    case .left:
      return CollectiveError(
        .peerLost, "rank \(rank) left the group while other ranks still use it: \(remedy)",
        rank: observer, peer: rank)
    case .late:
      return CollectiveError(
        .timedOut, "a peer timed out waiting for rank \(rank): \(remedy)", rank: observer,
        peer: rank)
    case .aborted:
      return CollectiveError(
        .failed, "rank \(rank) aborted the group: recreate it", rank: observer, peer: rank)
    case .mismatch:
      return CollectiveError(
        .mismatch,
        "rank \(rank) and another rank started different collectives; the error of that rank names "
          + "them",
        rank: observer)
    }
  }
}
