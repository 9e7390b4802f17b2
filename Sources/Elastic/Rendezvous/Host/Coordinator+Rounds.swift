extension Coordinator {
  /// The members of a round that successors are chosen from; enough that one of them will live.
  private static let successorCount = 16

  /// Up to how many members all of them are told of each other; beyond, it would be too much to send.
  private static let listedCount = 64

  /// Waits for nodes, and starts at once if there are enough.
  mutating func gather(_ now: ContinuousClock.Instant) -> [Action] {
    for session in nodes.keys { nodes[session]?.duty = .none }
    phase = .gathering(isFirst: round < 0)
    phaseDeadline = now + limits.join
    noticeDeadline = now + limits.notice
    callDeadline = nil
    return formIfPossible(now)
  }

  /// Forms a round if there are enough nodes and none has to be waited for.
  mutating func formIfPossible(_ now: ContinuousClock.Instant) -> [Action] {
    guard case .gathering(let isFirst) = phase, let job else { return [] }
    let present = nodes.values.filter { !$0.isLeaving }
    let electors = present.count { $0.isElector }
    guard present.count >= job.minNodes, mayGoOn(electors: electors) else {
      if isFirst { callDeadline = nil }
      return []
    }
    let isFull = present.count >= job.maxNodes
    let isReunited = !isFirst && electors >= expected
    if callDeadline == nil && isFirst { callDeadline = now + limits.lastCall }
    guard isFull || isReunited || callDeadline.map({ now >= $0 }) ?? true else { return [] }
    return form(now)
  }

  /// Whether no other part of the last round can be going on elsewhere.
  func mayGoOn(electors: Int) -> Bool {
    isConfirmed ?? (2 * electors > electorate || (winsTies && 2 * electors == electorate))
  }

  /// Forms a round of the nodes that are there.
  private mutating func form(_ now: ContinuousClock.Instant) -> [Action] {
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
      let veterans = members.sorted { $0.value < $1.value }.prefix(job.maxNodes)
      let newcomers = available.keys.filter { members[$0] == nil }.sorted()
        .prefix(job.maxNodes - veterans.count)
      order = RankOrder.order(
        members: Dictionary(uniqueKeysWithValues: veterans.map { ($0.key, $0.value) }),
        newcomers: newcomers.sorted { isBefore($0, $1) })
    }
    round += 1
    failures = []
    hasPreempted = false
    for session in nodes.keys {
      nodes[session]?.rank = nil
      nodes[session]?.duty = .none
      nodes[session]?.isElector = false
    }
    for (rank, session) in order.enumerated() {
      nodes[session]?.rank = rank
      nodes[session]?.duty = .working
      nodes[session]?.isElector = true
    }
    electorate = order.count
    phase = .preparing
    phaseDeadline = now + limits.store
    callDeadline = nil
    return order.first.map { [.tell($0, .host(round: round))] } ?? []
  }

  /// The order of nodes that nobody has ranked yet: by address, as numbers where there are digits.
  private func isBefore(_ one: Session, _ other: Session) -> Bool {
    let first = nodes[one]?.hello.place.address ?? ""
    let second = nodes[other]?.hello.place.address ?? ""
    return first == second ? one < other : NumericOrder.isBefore(first, second)
  }

  /// Tells all nodes their places, now that the workers' store listens at a port of rank 0's node.
  mutating func begin(port: Int) -> [Action] {
    let order = members.sorted { nodes[$0]?.rank ?? 0 < nodes[$1]?.rank ?? 0 }
    guard let first = order.first.flatMap({ nodes[$0] }) else { return [] }
    phase = .running
    phaseDeadline = nil
    let hellos = order.compactMap { nodes[$0]?.hello }
    let roleSizes = hellos.reduce(into: [:]) { $0[$1.role, default: 0] += $1.workerCount }
    var assignment = NodeAssignment(
      term: term, round: round, restarts: restarts, groupRank: 0, groupWorldSize: order.count,
      firstRank: 0, worldSize: hellos.reduce(0) { $0 + $1.workerCount }, firstRoleRank: 0,
      roleWorldSize: 0, master: NodePlace(address: first.hello.place.address, port: port),
      host: nodes.values.first { $0.hello.identity == hostIdentity }?.hello.place,
      successors: hellos.prefix(Self.successorCount).map(\.place))
    let list = list(of: hellos)
    var roleRanks: [String: Int] = [:]
    var actions: [Action] = []
    for (session, hello) in zip(order, hellos) {
      assignment.firstRoleRank = roleRanks[hello.role] ?? 0
      assignment.roleWorldSize = roleSizes[hello.role] ?? 0
      let isTold =
        hellos.count <= Self.listedCount || assignment.groupRank == 0
        || hello.identity == hostIdentity
      assignment.members = isTold ? list : []
      actions.append(.tell(session, .begin(assignment)))
      assignment.groupRank += 1
      assignment.firstRank += hello.workerCount
      roleRanks[hello.role, default: 0] += hello.workerCount
    }
    return actions
  }

  private func list(of hellos: [NodeHello]) -> [NodeAssignment.Member] {
    var members: [NodeAssignment.Member] = []
    var firstRank = 0
    for (rank, hello) in hellos.enumerated() {
      members.append(
        NodeAssignment.Member(
          groupRank: rank, hostname: hello.hostName, address: hello.place.address,
          firstRank: firstRank, workers: hello.workerCount))
      firstRank += hello.workerCount
    }
    return members
  }

  /// Lets all nodes of the round stop their workers.
  mutating func stop(_ reason: StopReason, _ now: ContinuousClock.Instant) -> [Action] {
    phase = .stopping(reason)
    phaseDeadline = now + limits.stop
    callDeadline = nil
    for session in members { nodes[session]?.duty = .working }
    return members.sorted().map { .tell($0, .stop(round: round, reason)) } + continueStopping(now)
  }

  /// Decides how to go on when all nodes of the round have stopped their workers.
  mutating func continueStopping(_ now: ContinuousClock.Instant) -> [Action] {
    guard case .stopping(let reason) = phase, members.isEmpty else { return [] }
    if case .failure = reason, !nodes.values.contains(where: { $0.isLeaving && $0.rank != nil }) {
      guard restarts < job?.maxRestarts ?? 0 else { return endWithFailure() }
      restarts += 1
    }
    return gather(now)
  }

  private mutating func endWithFailure() -> [Action] {
    let all = failures.map(\.failure)
    let cause = WorkerFailure.rootCause(of: all)
    let notes = failures.sorted { $0.failure.time < $1.failure.time }
    let kept = notes.filter { $0.failure.rank == cause?.rank }
    let others = notes.filter { $0.failure.rank != cause?.rank }.prefix(64).map(\.folded)
    let workers = nodes.values.reduce(0) { $0 + ($1.rank == nil ? 0 : $1.hello.workerCount) }
    return end(.failed(kept + others, workerCount: workers, restarts: restarts))
  }

  mutating func endIfFinished() -> [Action] {
    guard members.allSatisfy({ nodes[$0]?.duty == .finished }) else { return [] }
    return end(hasPreempted ? .preempted : .succeeded)
  }

  /// Ends the job for all nodes.
  mutating func end(_ end: JobEnd) -> [Action] {
    phase = .ended
    phaseDeadline = nil
    callDeadline = nil
    return nodes.keys.sorted().map { .tell($0, .end(end)) }
  }
}
