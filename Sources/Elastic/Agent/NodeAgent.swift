import Collectives
import Glibc
import Support
import Worker

/// Runs one node's workers of a job of several nodes.
///
/// As in ``LocalAgent`` one thread waits for everything that can happen; here that includes what the host
/// of the rendezvous says. What to do about it is decided by ``NodeWorkers`` here and by
/// ``Coordinator`` at the host.
final class NodeAgent {
  private let site: AgentSite
  private let node: Node
  private var workers: NodeWorkers
  private var assignment: NodeAssignment?
  private var store: (round: Int, store: AttemptStore)?
  private var clockOffset = Duration.zero
  private var jobEnd: JobEnd?
  private var outcome: NodeWorkers.Outcome?

  init(_ site: AgentSite) throws(ElasticError) {
    self.site = site
    let configuration = site.configuration
    workers = NodeWorkers(
      workerCount: configuration.workerCount, shutdownTimeout: configuration.shutdownTimeout)
    node = try Node(configuration)
    site.networkInterface = HostAddress.interfaces[node.address]
  }

  func run() throws(ElasticError) -> AgentEnd {
    do throws(ElasticError) {
      site.announce()
      site.monitor.rendezvous(.join, .initializing, "looks for the job")
      if let fault = site.configuration.program.error {
        site.console.log("error: \(fault.message); the job ends for all nodes when they have met")
      }
      try loop()
    } catch {
      site.endAttempt()
      site.monitor.rendezvous(.close, .failed, "leaves the job", error: error.message)
      node.session.send(.gaveUp(message: error.message, exitCode: error.exitCode))
      leave(othersWait: true)
      site.finishOutput(within: .seconds(1))
      throw error
    }
    let end = report()
    site.monitor.rendezvous(
      .close, end.code == 0 ? .succeeded : .failed, "leaves the job",
      error: end.code == 0 ? "" : "exit code \(end.code)")
    site.console.flush()
    leave(othersWait: jobEnd != nil)
    site.finishOutput(within: outcome == .ended ? nil : .seconds(1))
    return end
  }

  /// Says good-bye, and keeps the rendezvous for the others until they have heard its end.
  private func leave(othersWait: Bool) {
    node.session.close()
    store = nil
    if othersWait {
      node.server.drain(within: site.configuration.rendezvous.settings.closeTimeout)
    }
    node.registration?.withdraw()
    node.server.close()
  }

  private func loop() throws(ElasticError) {
    while outcome == nil {
      site.waitForEvents(until: workers.deadline, or: [node.session.descriptor])
      for event in node.session.events() { try take(event) }
      var childEnded = false
      while let signal = site.signals.next() {
        if signal.number == SIGCHLD {
          childEnded = true
        } else {
          try handle(.signalled(signal))
        }
      }
      site.attempt?.forwardOutput()
      for (worker, exit) in childEnded ? site.attempt?.collectExits() ?? [] : [] {
        _ = site.note(worker, exit, isFirst: !workers.isStopping)
        try handle(.exited(localRank: worker.localRank, exit))
      }
      try handle(.timePassed)
      site.console.flush()
    }
  }

  private func handle(_ event: NodeWorkers.Event) throws(ElasticError) {
    for action in workers.handle(event, now: .now) { try perform(action) }
  }

  // MARK: What comes from the host

  private func take(_ event: NodeSession.Event) throws(ElasticError) {
    switch event {
    case .said(let message): try obey(message)
    case .lost(let reason, let isSilent):
      guard jobEnd == nil else { return }
      site.monitor.rendezvous(.lose, .initializing, "lost the host", error: reason)
      site.console.log("lost the host of the rendezvous (\(reason)); looking for it or another")
      try handle(.lost(isBroken: isSilent))
    case .tookOver:
      site.monitor.rendezvous(.host, .initializing, "hosts the rendezvous")
      site.console.log("hosting the rendezvous from now on")
    case .failed(let error):
      if jobEnd == nil { throw error }
    }
  }

  private func obey(_ message: HostMessage) throws(ElasticError) {
    switch message {
    case .welcome(let time): clockOffset = .seconds(time - WallClock.seconds)
    case .notice(let text): site.console.log(text)
    case .host(let round):
      store = nil  // its port is free for the next one then
      let store = try startStore()
      self.store = (round, store)
      node.session.send(.hosting(round: round, port: store.port))
    case .begin(let assignment):
      if store?.round != assignment.round { store = nil }
      self.assignment = assignment
      try handle(.begin)
    case .stop(let round, let reason):
      guard round == assignment?.round else { return }
      if !workers.isStopping { site.console.log("\(reason): stopping the workers") }
      try handle(.stop(isBroken: reason.mayLeaveWorkersHanging))
    case .end(let end):
      jobEnd = end
      try handle(.end)
    case .beat, .refused, .redirect, .counterclaim: break
    }
  }

  private func startStore() throws(ElasticError) -> AttemptStore {
    let address = node.address.isEmpty ? "0.0.0.0" : node.address
    do throws(ElasticError) {
      return try AttemptStore(address: address, port: nil)
    } catch {
      // The address that others reach is not one of this machine's: it is behind a translation.
      return try AttemptStore(address: "0.0.0.0", port: nil)
    }
  }

  // MARK: What the workers' state asks for

  private func perform(_ action: NodeWorkers.Action) throws(ElasticError) {
    let round = assignment?.round ?? -1
    switch action {
    case .start:
      guard let assignment else { return }
      announce(assignment)
      try site.start(assignment)
      site.monitor.rendezvous(
        .place, .running,
        "round \(assignment.round): node \(assignment.groupRank) of \(assignment.groupWorldSize)")
    case .send(let signal):
      site.attempt?.send(signal)
    case .tellFailed:
      node.session.send(.failed(round: round))
    case .tellStopped:
      site.endAttempt()
      node.session.send(.stopped(round: round, site.failures.prefix(64).map(note)))
    case .tellFinished(let preempted):
      site.endAttempt()
      node.session.send(.finished(round: round, preempted: preempted))
    case .tellLeaving(let signal):
      node.session.send(.leaving(signal: signal.number))
    case .finish(let outcome):
      site.endAttempt()
      self.outcome = outcome
    }
  }

  private func note(_ failure: WorkerFailure) -> FailureNote {
    FailureNote(failure, on: node.hostName, clockOffset: clockOffset)
  }

  private func announce(_ assignment: NodeAssignment) {
    let count = site.configuration.workerCount
    let ranks =
      count == 1
      ? "rank \(assignment.firstRank)"
      : "ranks \(assignment.firstRank)-\(assignment.firstRank + count - 1)"
    site.console.log(
      "round \(assignment.round): node \(assignment.groupRank) of \(assignment.groupWorldSize), "
        + "\(ranks) of \(assignment.worldSize)"
        + (assignment.restarts > 0
          ? ", restart \(assignment.restarts) of \(site.configuration.maxRestarts)" : ""))
  }

  // MARK: The end

  private func report() -> AgentEnd {
    switch (outcome, jobEnd) {
    case (.interrupted(let signal), _):
      return site.reportInterruption(by: signal)
    case (.preempted, _), (_, .preempted):
      return site.reportPreemption()
    case (_, .failed(let notes, let workerCount, let restarts)):
      return site.report(notes.map(\.failure), workerCount: workerCount, restarts: restarts)
    case (_, .error(let error)):
      site.console.log("error: \(error.message)")
      return AgentEnd(code: error.exitCode)
    case (_, .succeeded), (_, nil):
      return AgentEnd(code: 0)
    }
  }
}
