extension Coordinator {
  /// Acts on the time limits that have passed.
  mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
    restartHeartbeatTimeouts(now)
    var actions: [Action] = []
    for (session, node) in nodes.sorted(by: { $0.key < $1.key })
    where now - node.lastHeard > limits.silence {
      actions.append(.close(session, nil))
      actions += remove(session, hasExited: false, now)
    }
    if let deadline = deadlines.call, now >= deadline {
      switch phase {
      case .gathering: actions += startRoundIfPossible(now)
      case .running:
        deadlines.call = nil
        let waiting = nodes.values.count { $0.duty == .none && !$0.isLeaving }
        if waiting > 0 {
          actions += stop(.arrival(count: min(waiting, roomForNewcomers())), now)
        }
      case .preparing, .stopping, .ended, .yielded: deadlines.call = nil
      }
    }
    if case .gathering = phase, let deadline = deadlines.notice, now >= deadline {
      deadlines.notice = now + .seconds(60)
      actions += nodes.keys.sorted().map { .send($0, .notice("waiting for nodes: \(missing)")) }
    }
    if let deadline = deadlines.phase, now >= deadline { actions += phaseTimedOut(now) }
    return actions
  }

  /// Restarts the nodes' heartbeat timeouts if this process itself was suspended.
  private mutating func restartHeartbeatTimeouts(_ now: ContinuousClock.Instant) {
    defer { lastTick = now }
    guard let lastTick, now - lastTick > limits.silence / 3 else { return }
    for session in nodes.keys { nodes[session]?.lastHeard = now }
  }

  /// The reason why no round can start.
  private var missing: String {
    let needed = job?.minNodes ?? 1
    if nodes.count >= needed, !mayContinue(voters: nodes.values.count { $0.isVoter }) {
      if let failure = registry?.failure {
        return "this host cannot confirm that no other host has replaced it (\(failure))"
      }
      return "less than a majority of the last round's nodes joined"
    }
    return "only \(nodes.count) of at least \(needed) nodes joined"
  }

  private mutating func phaseTimedOut(_ now: ContinuousClock.Instant) -> [Action] {
    deadlines.phase = nil
    switch phase {
    case .gathering:
      let present = nodes.values.map(\.hello.label).sorted().prefix(16).joined(separator: ", ")
      return end(
        .error(
          JobError(
            .timedOut,
            "\(missing) within \(limits.join.seconds) s (\(present)): start the others, or raise "
              + "join_timeout in --rdzv-conf", exitCode: 69)))
    case .preparing, .stopping:
      // These launchers are running but do not respond: the job continues without them.
      var actions: [Action] = []
      let late = members.filter { isStopping || nodes[$0]?.rank == 0 }.sorted()
      for session in late {
        actions.append(.close(session, nil))
        actions += remove(session, hasExited: false, now)
      }
      return actions
    case .running:
      // The exit barrier: nodes that have finished do not wait any longer.
      let finished = nodes.keys.filter { nodes[$0]?.duty == .finished }.sorted()
      var actions: [Action] = []
      deadlines.phase = now + limits.settle
      for session in finished where nodes[session]?.hello.identity != hostIdentity {
        nodes[session] = nil
        actions.append(.close(session, .end(hasPreempted ? .preempted : .succeeded)))
      }
      return actions
    case .ended, .yielded: return []
    }
  }
}

extension Duration {
  /// The duration in seconds, with at most one decimal.
  var seconds: String {
    let tenths = Int64((self / .milliseconds(100)).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
