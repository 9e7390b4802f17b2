import Support

extension Coordinator {
  /// Takes a node in, or says why not.
  mutating func arrive(
    _ session: Session, _ hello: NodeHello, _ now: ContinuousClock.Instant
  ) -> [Action] {
    if let refusal = refusal(of: hello) { return [.dismiss(session, .refused(refusal))] }
    var actions: [Action] = []
    if let old = nodes.first(where: { $0.value.hello.identity == hello.identity })?.key {
      actions = depart(old, isProven: false, now) + [.dismiss(old, nil)]
    }
    if job == nil {
      job = hello
      if phaseDeadline == nil { phaseDeadline = now + limits.join }
      noticeDeadline = now + limits.notice
    }
    if let standing = hello.standing { continueJob(of: standing, now) }
    var node = Node(hello: hello, lastHeard: now)
    if let standing = hello.standing, standing.round == round, standing.term <= term {
      node.rank = standing.groupRank
      node.isElector = true
    }
    nodes[session] = node
    actions.append(.tell(session, .welcome(time: WallClock.seconds)))

    switch phase {
    case .gathering: return actions + formIfPossible(now)
    case .preparing, .stopping: return actions
    case .running: return actions + considerNewcomers(now)
    case .ended, .deposed: return actions
    }
  }

  /// Goes on with a job whose host is lost, if its nodes come to this one before it has begun its own.
  ///
  /// A new node can be quicker than they are to become the host that a register names.
  private mutating func continueJob(
    of standing: NodeHello.Standing, _ now: ContinuousClock.Instant
  ) {
    guard case .gathering = phase, isConfirmed != nil, standing.round > round else { return }
    term = max(term, standing.term + 1)
    round = standing.round
    restarts = max(restarts, standing.restarts)
    for session in nodes.keys { nodes[session]?.rank = nil }
    phase = .gathering(isFirst: false)
    expected = .max
    callDeadline = now + limits.reunion
  }

  /// Why a node may not take part; `nil` if it may.
  private func refusal(of hello: NodeHello) -> Refusal? {
    if let refusal = Refusal.version(hello.version, of: hello.hostName) { return refusal }
    if phase == .ended || phase == .deposed {
      return Refusal(.closed, "the job \(hello.job) is over; start it anew on all nodes")
    }
    guard let job else { return nil }
    guard hello.job == job.job else {
      return Refusal(
        .state,
        "another job, \(job.job), meets there (led from \(job.hostName)); give the job "
          + "\(hello.job) an endpoint of its own")
    }
    guard (hello.minNodes, hello.maxNodes) == (job.minNodes, job.maxNodes) else {
      return Refusal(
        .state,
        "the job \(job.job) has --nnodes \(job.minNodes):\(job.maxNodes), this node has "
          + "\(hello.minNodes):\(hello.maxNodes): give the same on all nodes, or another --rdzv-id and "
          + "endpoint if these are two jobs")
    }
    guard (hello.nodeRank == nil) == (job.nodeRank == nil) else {
      return Refusal(.state, "the nodes of the job \(job.job) have different --rdzv-backend values")
    }
    if let rank = hello.nodeRank,
      let other = nodes.values.first(where: {
        $0.hello.nodeRank == rank && $0.hello.identity != hello.identity
      })
    {
      return Refusal(
        .state,
        "--node-rank \(rank) is taken by \(other.hello.hostName) (process \(other.hello.pid)): give "
          + "each node its own, or another endpoint if these are two jobs")
    }
    return nil
  }

  /// Goes on without a node.
  ///
  /// - Parameters:
  ///   - session: The node's session, which is over.
  ///   - isProven: Whether its launcher has ended for sure, rather than fallen silent.
  ///   - now: The time.
  /// - Returns: What to do now.
  mutating func depart(
    _ session: Session, isProven: Bool, _ now: ContinuousClock.Instant
  ) -> [Action] {
    guard let node = nodes.removeValue(forKey: session) else { return [] }
    if isProven && node.isElector { electorate -= 1 }
    if isConfirmed != nil { isConfirmed = false }
    switch phase {
    case .running where node.duty == .finished:
      return endIfFinished()
    case .running where node.duty == .working:
      return stop(.departure(node: node.hello.label, isSilent: !isProven), now)
    case .stopping where node.duty != .none:
      phase = .stopping(.departure(node: node.hello.label, isSilent: !isProven))
      return continueStopping(now)
    case .preparing where node.duty != .none:
      return gather(now)
    default:
      return []
    }
  }

  /// Lets nodes that came to a running job take part, when there is room.
  func roomForNewcomers() -> Int {
    max(0, (job?.maxNodes ?? 0) - members.count)
  }

  mutating func considerNewcomers(_ now: ContinuousClock.Instant) -> [Action] {
    let waiting = nodes.keys.filter {
      nodes[$0]?.duty == Duty.none && nodes[$0]?.isLeaving == false
    }
    let room = roomForNewcomers()
    guard !waiting.isEmpty else {
      callDeadline = nil
      return []
    }
    guard room > 0 else {
      return waiting.sorted().suffix(1).map {
        .tell(
          $0,
          .notice(
            "the job has its \(members.count) nodes; this one is a spare, and steps in when one goes"
          ))
      }
    }
    if waiting.count >= room { return stop(.arrival(count: min(room, waiting.count)), now) }
    callDeadline = now + limits.settle
    return []
  }
}
