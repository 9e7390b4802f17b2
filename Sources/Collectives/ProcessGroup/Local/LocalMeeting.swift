internal import Synchronization

/// Where the threads of a ``LocalProcessGroup`` meet: what each has started and nobody has ended yet.
final class LocalMeeting: Sendable {
  let worldSize: Int
  private let state: Monitor<State>
  private let subgroups = Mutex<[Int: LocalMeeting]>([:])

  struct State: Sendable {
    /// How many collectives each rank has started.
    var started: [Int]
    /// Collectives that some ranks have started, by number.
    var open: [Int: LocalRound] = [:]
    /// Messages whose other half has not come, in order.
    var messages: [LocalMessage] = []
    /// The ranks whose groups have gone.
    var left: Set<Int> = []
    /// Why the group is unusable.
    var failure: CollectiveError?
  }

  init(worldSize: Int) {
    self.worldSize = worldSize
    state = Monitor(State(started: Array(repeating: 0, count: worldSize)))
  }

  /// Starts a rank's next collective, and does the work if it is the last to come.
  func join(
    _ collective: Collective, at site: CallSite, rank: Int, timeout: Duration
  ) throws(CollectiveError) -> any Work {
    let work = LocalWork(meeting: self, collective.name, site, rank: rank, timeout: timeout)
    try state.change { (state) throws(CollectiveError) in
      if let failure = state.failure { throw failure.seen(by: rank) }
      if case .exchange(let transfers) = collective {
        exchange(transfers, work, &state)
      } else {
        meet(collective, work, &state)
      }
    }
    return work
  }

  private func meet(_ collective: Collective, _ work: LocalWork, _ state: inout State) {
    let number = state.started[work.rank]
    state.started[work.rank] += 1
    var round = state.open[number] ?? LocalRound()
    round.calls[work.rank] = LocalRound.Call(collective: collective, work: work)
    state.open[number] = round
    guard round.calls.count == worldSize else {
      return lose(state.left, &state)
    }
    state.open[number] = nil
    let calls = (0..<worldSize).compactMap { round.calls[$0] }
    let signatures = calls.map { CollectiveSignature($0.collective, at: $0.work.site) }
    if let mismatch = CollectiveSignature.mismatch(among: signatures, number: number) {
      return fail(mismatch, &state, also: calls.map(\.work))
    }
    LocalEngine.run(calls.map(\.collective))
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
    lose(state.left, &state)
  }

  /// A rank's group has gone.
  func leave(_ rank: Int) {
    state.change { state in
      state.left.insert(rank)
      lose([rank], &state)
    }
  }

  /// Fails the group if somebody waits for one of the ranks that have left.
  private func lose(_ left: Set<Int>, _ state: inout State) {
    let awaited = left.filter { rank in
      state.messages.contains { $0.transfer.peer == rank }
        || state.open.values.contains { $0.calls[rank] == nil }
    }
    guard let rank = awaited.min() else { return }
    fail(
      CollectiveError(
        .peerLost,
        "rank \(rank) has left the group after \(state.started[rank]) collectives, but "
          + "its peers wait for another; make a new group", peer: rank), &state)
  }

  /// A rank waits no longer.
  func timeOut(_ work: LocalWork) {
    state.change { state in
      if work.outcome != nil { return }
      let missing = (0..<worldSize).filter { rank in
        state.messages.contains { $0.work === work && $0.transfer.peer == rank }
          || state.open.values.contains { round in
            round.calls.values.contains { $0.work === work } && round.calls[rank] == nil
          }
      }
      fail(
        CollectiveError(
          .timedOut,
          "\(work.name) at \(work.site) took longer than \(work.timeout): ranks \(missing) did not "
            + "start it; make a new group"), &state)
    }
  }

  /// A rank gives the group up.
  func abort(_ reason: String, _ rank: Int) {
    state.change { state in
      fail(CollectiveError(.aborted, "rank \(rank) aborted the group: \(reason)"), &state)
    }
  }

  private func fail(_ error: CollectiveError, _ state: inout State, also works: [LocalWork] = []) {
    if state.failure != nil { return }
    state.failure = error
    let waiting = state.open.values.flatMap { $0.calls.values.map(\.work) }
    for work in waiting + state.messages.map(\.work) + works {
      work.end(.failure(error.seen(by: work.rank)))
    }
    (state.open, state.messages) = ([:], [])
  }

  /// Blocks until a work has ended, or until its limit.
  func wait(for work: LocalWork) -> Result<Void, CollectiveError>? {
    state.wait(until: work.deadline) { _ in work.outcome }
  }

  /// The meeting of the ranks that all make for the same call of `subgroup`.
  func subgroup(_ number: Int, _ ranks: [Int]) -> LocalMeeting {
    subgroups.withLock { subgroups in
      let meeting = subgroups[number] ?? LocalMeeting(worldSize: ranks.count)
      subgroups[number] = meeting
      return meeting
    }
  }
}

/// What the ranks have started under one number.
struct LocalRound: Sendable {
  struct Call: Sendable {
    let collective: Collective
    let work: LocalWork
  }
  var calls: [Int: Call] = [:]
}

/// Half of a message.
struct LocalMessage: Sendable {
  let rank: Int
  let transfer: Transfer
  let work: LocalWork

  /// Whether two halves make a message.
  func matches(_ other: LocalMessage) -> Bool {
    guard rank == other.transfer.peer, other.rank == transfer.peer,
      transfer.tag == other.transfer.tag
    else { return false }
    return isSent != other.isSent
  }

  var isSent: Bool { if case .send = transfer { true } else { false } }

  func mismatch(_ other: LocalMessage) -> CollectiveError? {
    let (sent, received) = isSent ? (self, other) : (other, self)
    let (from, to) = (sent.transfer.buffer, received.transfer.buffer)
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
  /// The same error, told by another rank.
  func seen(by rank: Int) -> CollectiveError {
    CollectiveError(code, message, rank: rank, peer: peer, cause: cause)
  }
}
