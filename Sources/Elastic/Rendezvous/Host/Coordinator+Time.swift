extension Coordinator {
  /// Acts on what has not come in time.
  mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
    forgiveOwnAbsence(now)
    var actions: [Action] = []
    for (session, node) in nodes.sorted(by: { $0.key < $1.key })
    where now - node.lastHeard > limits.silence {
      actions.append(.dismiss(session, nil))
      actions += depart(session, isProven: false, now)
    }
    if let deadline = callDeadline, now >= deadline {
      switch phase {
      case .gathering: actions += formIfPossible(now)
      case .running:
        callDeadline = nil
        let waiting = nodes.values.count { $0.duty == .none && !$0.isLeaving }
        if waiting > 0 {
          actions += stop(.arrival(count: min(waiting, roomForNewcomers())), now)
        }
      case .preparing, .stopping, .ended, .deposed: callDeadline = nil
      }
    }
    if case .gathering = phase, let deadline = noticeDeadline, now >= deadline {
      noticeDeadline = now + .seconds(60)
      actions += nodes.keys.sorted().map { .tell($0, .notice("waiting for nodes: \(missing)")) }
    }
    if let deadline = phaseDeadline, now >= deadline { actions += giveUpWaiting(now) }
    return actions
  }

  /// Does not blame the nodes for a time in which this process did not run itself.
  private mutating func forgiveOwnAbsence(_ now: ContinuousClock.Instant) {
    defer { lastTick = now }
    guard let lastTick, now - lastTick > limits.silence / 3 else { return }
    for session in nodes.keys { nodes[session]?.lastHeard = now }
  }

  /// Why no round can be formed.
  private var missing: String {
    let wanted = job?.minNodes ?? 1
    if nodes.count >= wanted, !mayGoOn(electors: nodes.values.count { $0.isElector }) {
      if let registerFailure {
        return "this host cannot make sure that no other has taken its place (\(registerFailure))"
      }
      return
        "too few of the last round's nodes came to be sure that the others do not go on elsewhere"
    }
    return "only \(nodes.count) of at least \(wanted) nodes came"
  }

  private mutating func giveUpWaiting(_ now: ContinuousClock.Instant) -> [Action] {
    phaseDeadline = nil
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
      // A launcher that lives but does nothing: the job goes on without it.
      var actions: [Action] = []
      let late = members.filter { isStopping || nodes[$0]?.rank == 0 }.sorted()
      for session in late {
        actions.append(.dismiss(session, nil))
        actions += depart(session, isProven: false, now)
      }
      return actions
    case .running:
      // The exit barrier: nodes that have finished need not wait for the others.
      let finished = nodes.keys.filter { nodes[$0]?.duty == .finished }.sorted()
      var actions: [Action] = []
      phaseDeadline = now + limits.settle
      for session in finished where nodes[session]?.hello.identity != hostIdentity {
        nodes[session] = nil
        actions.append(.dismiss(session, .end(.succeeded)))
      }
      return actions
    case .ended, .deposed: return []
    }
  }
}

extension Duration {
  /// Seconds for messages, without a fraction that is zero.
  var seconds: String {
    let tenths = Int64((self / .milliseconds(100)).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
