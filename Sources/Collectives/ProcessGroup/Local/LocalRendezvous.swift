internal import Support
internal import Synchronization

/// The shared state of a ``LocalProcessGroup``: the collectives and messages that have not
/// completed.
final class LocalRendezvous: Sendable {
  let worldSize: Int
  private let state: Monitor<State>
  private let subgroups = Mutex<[Int: LocalRendezvous]>([:])

  struct State: Sendable {
    /// The number of collectives that each rank has started.
    var started: [Int]
    /// Collectives that some ranks have started, by number.
    var pending: [Int: PendingCollective] = [:]
    /// Messages of which only one end has been started, in order.
    var messages: [LocalMessage] = []
    /// The ranks that have released their group.
    var left: Set<Int> = []
    /// Why the group is unusable.
    var failure: CollectiveError?
  }

  init(worldSize: Int) {
    self.worldSize = worldSize
    state = Monitor(State(started: Array(repeating: 0, count: worldSize)))
  }

  /// Starts a rank's next collective; the last rank to start it runs it for all.
  func join(
    _ collective: Collective, at site: CallSite, rank: Int, timeout: Duration
  ) throws(CollectiveError) -> any Work {
    let work = LocalWork(rendezvous: self, collective.name, site, rank: rank, timeout: timeout)
    try state.change { (state) throws(CollectiveError) in
      if let failure = state.failure { throw failure.observed(by: rank) }
      if case .exchange(let transfers) = collective {
        exchange(transfers, work, &state)
      } else {
        start(collective, work, &state)
      }
    }
    return work
  }

  private func start(_ collective: Collective, _ work: LocalWork, _ state: inout State) {
    let number = state.started[work.rank]
    state.started[work.rank] += 1
    var pending = state.pending[number] ?? PendingCollective()
    pending.calls[work.rank] = PendingCollective.Call(collective: collective, work: work)
    state.pending[number] = pending
    guard pending.calls.count == worldSize else {
      return failIfAwaited(state.left, &state)
    }
    state.pending[number] = nil
    let calls = (0..<worldSize).compactMap { pending.calls[$0] }
    let signatures = calls.map { CollectiveSignature($0.collective, at: $0.work.site) }
    if let mismatch = CollectiveSignature.mismatch(among: signatures, number: number) {
      return fail(mismatch, &state, also: calls.map(\.work))
    }
    LocalCollectives.run(calls.map(\.collective))
    for call in calls { call.work.end(.success(())) }
  }

  private func exchange(_ transfers: [Transfer], _ work: LocalWork, _ state: inout State) {
    work.expect(transfers.count)
    for transfer in transfers {
      let mine = LocalMessage(rank: work.rank, transfer: transfer, work: work)
      guard let index = state.messages.firstIndex(where: mine.matches) else {
        state.messages.append(mine)
        continue
      }
      let theirs = state.messages.remove(at: index)
      if let mismatch = mine.mismatch(theirs) {
        return fail(mismatch, &state, also: [mine.work, theirs.work])
      }
      mine.copy(theirs)
      mine.work.end(.success(()))
      theirs.work.end(.success(()))
    }
    failIfAwaited(state.left, &state)
  }

  /// Called when a rank releases its group.
  func leave(_ rank: Int) {
    state.change { state in
      state.left.insert(rank)
      failIfAwaited([rank], &state)
    }
  }

  /// Fails the group if a rank waits for one of the ranks that have left.
  private func failIfAwaited(_ left: Set<Int>, _ state: inout State) {
    let awaited = left.filter { rank in
      state.messages.contains { $0.transfer.peer == rank }
        || state.pending.values.contains { $0.calls[rank] == nil }
    }
    guard let rank = awaited.min() else { return }
    fail(
      CollectiveError(
        .peerLost,
        "rank \(rank) left the group after \(state.started[rank]) collectives, but its peers wait "
          + "for another: recreate the group", peer: rank), &state)
  }

  /// Fails the group because a rank's collective exceeded its time limit.
  func timeOut(_ work: LocalWork) {
    state.change { state in
      if work.outcome != nil { return }
      let missing = (0..<worldSize).filter { rank in
        state.messages.contains { $0.work === work && $0.transfer.peer == rank }
          || state.pending.values.contains { pending in
            pending.calls.values.contains { $0.work === work } && pending.calls[rank] == nil
          }
      }
      fail(
        CollectiveError(
          .timedOut,
          "\(work.name) at \(work.site) did not complete within \(work.timeout), because ranks "
            + "\(missing) did not start it: inspect them, then recreate the group"), &state)
    }
  }

  /// Fails the group because a rank aborted it.
  func abort(_ reason: String, _ rank: Int) {
    state.change { state in
      fail(CollectiveError(.aborted, "rank \(rank) aborted the group: \(reason)"), &state)
    }
  }

  private func fail(_ error: CollectiveError, _ state: inout State, also works: [LocalWork] = []) {
    if state.failure != nil { return }
    state.failure = error
    let waiting = state.pending.values.flatMap { $0.calls.values.map(\.work) }
    for work in waiting + state.messages.map(\.work) + works {
      work.end(.failure(error.observed(by: work.rank)))
    }
    state.pending = [:]
    state.messages = []
  }

  /// Blocks until `work` has ended or its deadline passes.
  func wait(for work: LocalWork) -> Result<Void, CollectiveError>? {
    state.wait(until: work.deadline) { _ in work.outcome }
  }

  /// Returns the state that the members of a subgroup share.
  func subgroup(_ number: Int, _ ranks: [Int]) -> LocalRendezvous {
    subgroups.withLock { subgroups in
      let rendezvous = subgroups[number] ?? LocalRendezvous(worldSize: ranks.count)
      subgroups[number] = rendezvous
      return rendezvous
    }
  }
}

/// A collective that some ranks have started.
struct PendingCollective: Sendable {
  struct Call: Sendable {
    let collective: Collective
    let work: LocalWork
  }
  var calls: [Int: Call] = [:]
}

/// One end of a message.
struct LocalMessage: Sendable {
  let rank: Int
  let transfer: Transfer
  let work: LocalWork

  /// Returns whether two ends belong to the same message.
  func matches(_ other: LocalMessage) -> Bool {
    guard rank == other.transfer.peer, other.rank == transfer.peer,
      transfer.tag == other.transfer.tag
    else { return false }
    return isSent != other.isSent
  }

  var isSent: Bool { if case .send = transfer { true } else { false } }

  func mismatch(_ other: LocalMessage) -> CollectiveError? {
    let (sent, received) = isSent ? (self, other) : (other, self)
    let from = sent.transfer.buffer
    let to = received.transfer.buffer
    if from.count == to.count, from.elementType == to.elementType { return nil }
    return CollectiveError(
      .mismatch,
      "rank \(sent.rank) sends \(from.count) \(from.elementType) at \(sent.work.site), but rank "
        + "\(received.rank) receives \(to.count) \(to.elementType) at \(received.work.site)")
  }

  func copy(_ other: LocalMessage) {
    if isSent {
      other.transfer.buffer.copy(from: transfer.buffer)
    } else {
      transfer.buffer.copy(from: other.transfer.buffer)
    }
  }
}

extension CollectiveError {
  /// The same error, as another rank reports it.
  func observed(by rank: Int) -> CollectiveError {
    CollectiveError(code, message, rank: rank, peer: peer, cause: cause)
  }
}
