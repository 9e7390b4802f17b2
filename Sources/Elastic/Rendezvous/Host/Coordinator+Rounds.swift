extension Coordinator {
  /// The number of members that can become the next host: enough that one of them survives.
  private static let successorCount = 16

  /// The largest number of nodes for which every node receives the list of members.
  private static let listedCount = 64

  /// Waits for nodes, or starts a round at once if there are enough.
  mutating func gather(_ now: ContinuousClock.Instant) -> [Action] {
    for session in nodes.keys { nodes[session]?.duty = .none }
    phase = .gathering(isFirst: round < 0)
    deadlines = Deadlines(phase: now + limits.join, call: nil, notice: now + limits.notice)
    return startRoundIfPossible(now)
  }

  /// Starts a round if there are enough nodes and no other node is expected.
  mutating func startRoundIfPossible(_ now: ContinuousClock.Instant) -> [Action] {
    guard case .gathering(let isFirst) = phase, let job else { return [] }
    let present = nodes.values.filter { !$0.isLeaving }
    let voters = present.count { $0.isVoter }
    guard present.count >= job.minNodes, mayContinue(voters: voters) else {
      if isFirst { deadlines.call = nil }
      return []
    }
    let isFull = present.count >= job.maxNodes
    let areAllBack = !isFirst && voters >= quorum.expected
    if deadlines.call == nil && isFirst { deadlines.call = now + limits.lastCall }
    guard isFull || areAllBack || deadlines.call.map({ now >= $0 }) ?? true else { return [] }
    return startRound(now)
  }

  /// Whether it is certain that the job does not continue on other nodes of the last round.
  func mayContinue(voters: Int) -> Bool {
    registry?.isCurrent ?? quorum.isReached(by: voters)
  }

  /// Starts a round with the nodes that are present.
  private mutating func startRound(_ now: ContinuousClock.Instant) -> [Action] {
    guard let job else { return [] }
    let available = nodes.filter { !$0.value.isLeaving }
    var members: [Session: Int] = [:]
    for (session, node) in available { members[session] = node.rank }
    let order: [Session]
    if job.nodeRank != nil {
      order = available.keys.sorted {
        available[$0]?.hello.nodeRank ?? 0 < available[$1]?.hello.nodeRank ?? 0
      }
    } else {
      let previous = members.sorted { $0.value < $1.value }.prefix(job.maxNodes)
      let newcomers = available.keys.filter { members[$0] == nil }.sorted()
        .prefix(job.maxNodes - previous.count)
      order = RankOrder.order(
        members: Dictionary(uniqueKeysWithValues: previous.map { ($0.key, $0.value) }),
        newcomers: newcomers.sorted { isBefore($0, $1) })
    }
    round += 1
    failures = []
    hasPreempted = false
    for session in nodes.keys {
      nodes[session]?.rank = nil
      nodes[session]?.duty = .none
      nodes[session]?.isVoter = false
    }
    for (rank, session) in order.enumerated() {
      nodes[session]?.rank = rank
      nodes[session]?.duty = .working
      nodes[session]?.isVoter = true
    }
    quorum.voters = order.count
    phase = .preparing
    deadlines.phase = now + limits.store
    deadlines.call = nil
    return order.first.map { [.send($0, .startStore(round: round))] } ?? []
  }

  /// The order of nodes without a rank: by address, with digits compared as numbers.
  private func isBefore(_ one: Session, _ other: Session) -> Bool {
    let first = nodes[one]?.hello.address.host ?? ""
    let second = nodes[other]?.hello.address.host ?? ""
    return first == second ? one < other : NumericOrder.isBefore(first, second)
  }

  /// Sends all nodes their assignments, once the workers' store listens at a port of rank 0's node.
  mutating func begin(port: Int) -> [Action] {
    let order = members.sorted { nodes[$0]?.rank ?? 0 < nodes[$1]?.rank ?? 0 }
    guard let first = order.first.flatMap({ nodes[$0] }) else { return [] }
    phase = .running
    deadlines.phase = nil
    let hellos = order.compactMap { nodes[$0]?.hello }
    let roleSizes = hellos.reduce(into: [:]) { $0[$1.role, default: 0] += $1.workerCount }
    var assignment = NodeAssignment(
      term: term, round: round, restarts: restarts, groupRank: 0, groupWorldSize: order.count,
      firstRank: 0, worldSize: hellos.reduce(0) { $0 + $1.workerCount }, firstRoleRank: 0,
      roleWorldSize: 0, master: NodeAddress(host: first.hello.address.host, port: port),
      host: nodes.values.first { $0.hello.identity == hostIdentity }?.hello.address,
      successors: hellos.prefix(Self.successorCount).map(\.address))
    assignment.restartCause = restartCause
    restartCause = nil
    let list = memberList(hellos)
    var roleRanks: [String: Int] = [:]
    var actions: [Action] = []
    for (session, hello) in zip(order, hellos) {
      assignment.firstRoleRank = roleRanks[hello.role] ?? 0
      assignment.roleWorldSize = roleSizes[hello.role] ?? 0
      let receivesList =
        hellos.count <= Self.listedCount || assignment.groupRank == 0
        || hello.identity == hostIdentity
      assignment.members = receivesList ? list : []
      actions.append(.send(session, .begin(assignment)))
      assignment.groupRank += 1
      assignment.firstRank += hello.workerCount
      roleRanks[hello.role, default: 0] += hello.workerCount
    }
    return actions
  }

  private func memberList(_ hellos: [NodeHello]) -> [NodeAssignment.Member] {
    var members: [NodeAssignment.Member] = []
    var firstRank = 0
    for (rank, hello) in hellos.enumerated() {
      members.append(
        NodeAssignment.Member(
          groupRank: rank, hostname: hello.hostName, address: hello.address.host,
          firstRank: firstRank, workers: hello.workerCount))
      firstRank += hello.workerCount
    }
    return members
  }

  /// Stops the workers of all nodes in the round.
  mutating func stop(_ reason: StopReason, _ now: ContinuousClock.Instant) -> [Action] {
    phase = .stopping(reason)
    deadlines.phase = now + limits.stop
    deadlines.call = nil
    for session in members { nodes[session]?.duty = .working }
    return members.sorted().map { .send($0, .stop(round: round, reason)) } + continueStopping(now)
  }

  /// Restarts or ends the job, once all nodes of the round have stopped their workers.
  mutating func continueStopping(_ now: ContinuousClock.Instant) -> [Action] {
    guard case .stopping(let reason) = phase, members.isEmpty else { return [] }
    if case .failure = reason, !nodes.values.contains(where: { $0.isLeaving && $0.rank != nil }) {
      guard restarts < job?.maxRestarts ?? 0 else { return endWithFailure() }
      restarts += 1
      let rank = WorkerFailure.rootCause(of: failures.map(\.failure))?.rank
      restartCause = failures.first { $0.failure.rank == rank }?.withoutDetails
    }
    return gather(now)
  }

  private mutating func endWithFailure() -> [Action] {
    let cause = WorkerFailure.rootCause(of: failures.map(\.failure))
    let byTime = failures.sorted { $0.failure.time < $1.failure.time }
    let causes = byTime.filter { $0.failure.rank == cause?.rank }
    let others = byTime.filter { $0.failure.rank != cause?.rank && !$0.failure.isCompletion }
      .prefix(64).map(\.withoutDetails)
    let workers = nodes.values.reduce(0) { $0 + ($1.rank == nil ? 0 : $1.hello.workerCount) }
    return end(.failed(causes + others, workerCount: workers, restarts: restarts))
  }

  mutating func endIfFinished() -> [Action] {
    guard members.allSatisfy({ nodes[$0]?.duty == .finished }) else { return [] }
    return end(hasPreempted ? .preempted : .succeeded)
  }

  /// Ends the job on all nodes.
  mutating func end(_ end: JobEnd) -> [Action] {
    phase = .ended
    deadlines.phase = nil
    deadlines.call = nil
    return nodes.keys.sorted().map { .send($0, .end(end)) }
  }
}
