import Support

extension Coordinator {
  /// Accepts a node, or refuses it.
  mutating func add(
    _ session: Session, _ hello: NodeHello, _ now: ContinuousClock.Instant
  ) -> [Action] {
    if let refusal = refusal(of: hello) { return [.close(session, .refused(refusal))] }
    var actions: [Action] = []
    if let old = nodes.first(where: { $0.value.hello.identity == hello.identity })?.key {
      actions = remove(old, hasExited: false, now) + [.close(old, nil)]
    }
    if job == nil {
      job = hello
      if deadlines.phase == nil { deadlines.phase = now + limits.join }
      deadlines.notice = now + limits.notice
    }
    if let lastRound = hello.lastRound { continueJob(after: lastRound, now) }
    var node = Node(hello: hello, lastHeard: now)
    if let lastRound = hello.lastRound, lastRound.round == round, lastRound.term <= term {
      node.rank = lastRound.groupRank
      node.isVoter = true
    }
    nodes[session] = node
    actions.append(.send(session, .welcome(time: WallClock.seconds)))
    if let earlyStoreClient { actions += meetStoreClient(at: earlyStoreClient) }

    switch phase {
    case .gathering: return actions + startRoundIfPossible(now)
    case .preparing, .stopping: return actions
    case .running: return actions + considerNewcomers(now)
    case .ended, .yielded: return actions
    }
  }

  /// Continues a job whose host is lost, if one of its nodes joins before this host's first round.
  ///
  /// A new node may register itself as the host before the job's own nodes do.
  private mutating func continueJob(
    after lastRound: NodeHello.LastRound, _ now: ContinuousClock.Instant
  ) {
    guard case .gathering = phase, registry != nil, lastRound.round > round else { return }
    term = max(term, lastRound.term + 1)
    round = lastRound.round
    restarts = max(restarts, lastRound.restarts)
    for session in nodes.keys { nodes[session]?.rank = nil }
    phase = .gathering(isFirst: false)
    quorum.expected = .max
    deadlines.call = now + limits.rejoin
  }

  /// The reason why a node is refused; `nil` if it is accepted.
  private func refusal(of hello: NodeHello) -> Refusal? {
    if let refusal = Refusal.version(hello.version, of: hello.hostName) { return refusal }
    if phase == .ended || phase == .yielded {
      return Refusal(.closed, "the job \(hello.job) has ended: start it again on all nodes")
    }
    guard let job else { return nil }
    guard hello.job == job.job else {
      return Refusal(
        .state,
        "this endpoint belongs to another job, \(job.job) (started by \(job.hostName)): give the "
          + "job \(hello.job) its own endpoint")
    }
    guard (hello.minNodes, hello.maxNodes) == (job.minNodes, job.maxNodes) else {
      return Refusal(
        .state,
        "the job \(job.job) has --nnodes \(job.minNodes):\(job.maxNodes), this node has "
          + "\(hello.minNodes):\(hello.maxNodes): use the same value on all nodes; if these are "
          + "two jobs, use another --rdzv-id and endpoint for one of them")
    }
    guard (hello.nodeRank == nil) == (job.nodeRank == nil) else {
      return Refusal(
        .state,
        "the nodes of the job \(job.job) have different --rdzv-backend values: use the same "
          + "value on all nodes")
    }
    if let rank = hello.nodeRank,
      let other = nodes.values.first(where: {
        $0.hello.nodeRank == rank && $0.hello.identity != hello.identity
      })
    {
      return Refusal(
        .state,
        "--node-rank \(rank) is taken by \(other.hello.hostName) (process \(other.hello.pid)): "
          + "give each node its own rank; if these are two jobs, use another endpoint for one of "
          + "them")
    }
    return nil
  }

  /// Ends a job that has not started its workers yet, because one of its nodes runs torchrun.
  ///
  /// A job that has started does not need that node; its users receive a notice, once per address.
  mutating func meetStoreClient(at address: String) -> [Action] {
    guard !nodes.isEmpty else {
      earlyStoreClient = address  // handled when there is a node to notify
      return []
    }
    earlyStoreClient = nil
    let notice = ForeignRendezvous.notice(client: address)
    if phase == .gathering(isFirst: true) {
      return end(.error(JobError(.state, notice, exitCode: foreignRendezvousCode)))
    }
    guard phase != .ended, storeClients.count < 64, storeClients.insert(address).inserted else {
      return []
    }
    let host = nodes.keys.filter { nodes[$0]?.hello.identity == hostIdentity }
    return host.map { .send($0, .notice(notice)) }
  }

  private var foreignRendezvousCode: Int32 { ElasticError(.foreignRendezvous, "").exitCode }

  /// Removes a node.
  ///
  /// - Parameters:
  ///   - session: The node's session, which has ended.
  ///   - hasExited: Whether its launcher is known to have exited; if not, it may be running.
  ///   - now: The time.
  /// - Returns: The actions that follow.
  mutating func remove(
    _ session: Session, hasExited: Bool, _ now: ContinuousClock.Instant
  ) -> [Action] {
    guard let node = nodes.removeValue(forKey: session) else { return [] }
    if hasExited && node.isVoter { quorum.voters -= 1 }
    registry?.isCurrent = false
    switch phase {
    case .running where node.duty == .finished:
      return endIfFinished()
    case .running where node.duty == .working:
      return stop(.departure(node: node.hello.label, isSilent: !hasExited), now)
    case .stopping where node.duty != .none:
      phase = .stopping(.departure(node: node.hello.label, isSilent: !hasExited))
      return continueStopping(now)
    case .preparing where node.duty != .none:
      return gather(now)
    default:
      return []
    }
  }

  /// The number of nodes that can still join the running round.
  func roomForNewcomers() -> Int {
    max(0, (job?.maxNodes ?? 0) - members.count)
  }

  /// Decides when the nodes that joined a running job take part.
  mutating func considerNewcomers(_ now: ContinuousClock.Instant) -> [Action] {
    let waiting = nodes.keys.filter {
      nodes[$0]?.duty == Duty.none && nodes[$0]?.isLeaving == false
    }
    let room = roomForNewcomers()
    guard !waiting.isEmpty else {
      deadlines.call = nil
      return []
    }
    guard room > 0 else {
      return waiting.sorted().suffix(1).map {
        .send(
          $0,
          .notice(
            "the job has all \(members.count) nodes; this one is a spare and replaces a node that "
              + "leaves"))
      }
    }
    if waiting.count >= room { return stop(.arrival(count: min(room, waiting.count)), now) }
    deadlines.call = now + limits.settle
    return []
  }
}
