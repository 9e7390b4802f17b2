import Collectives
import Glibc
import Support
import Synchronization
import Worker

/// Runs the workers of one machine until the job ends.
///
/// One thread waits in `poll` for every event: signals, exits of workers, output, and messages from
/// the job's coordinator. `Coordinator` decides when the workers start and how the job ends;
/// `WorkerGroup` decides what happens to the workers here. In a job of one node, the coordinator
/// runs in this process (`LocalSession`); otherwise it runs on the node that hosts the rendezvous
/// (`NodeSession`).
public final class ElasticAgent {
  private static let isRunning = Atomic(false)

  private let supervisor: WorkerSupervisor
  private let node: Node
  private var group: WorkerGroup
  private var assignment: NodeAssignment?
  private var store: (round: Int, store: AttemptStore)?
  /// The host's clock minus this machine's clock.
  private var clockOffset = Duration.zero
  private var jobEnd: JobEnd?
  private var outcome: WorkerGroup.Outcome?

  private init(_ supervisor: WorkerSupervisor) throws(ElasticError) {
    self.supervisor = supervisor
    let configuration = supervisor.configuration
    group = WorkerGroup(
      workerCount: configuration.workerCount, shutdownTimeout: configuration.shutdownTimeout)
    node =
      configuration.rendezvous.hasPeers
      ? try Node(withPeers: configuration) : Node(single: configuration)
    supervisor.networkInterface = node.networkInterface
  }

  /// Runs a job and leaves no process of it behind.
  ///
  /// The workers' output and the report of a failure go to this process's standard output and
  /// standard error. Until the call returns, this process's signals and new children belong to the
  /// job: no other thread should start a process. Only one job can run at a time.
  ///
  /// If a signal or a request to stop ended the job, the signals are ignored from then on, because
  /// batch systems repeat them: exit the process with the returned code.
  ///
  /// - Returns: The exit code: 0 if all workers succeeded; the code of the worker that failed first
  ///   (128 + signal if a signal ended it); 128 + the signal that stopped this process; or
  ///   `StopRequest.exitCode` if the workers saved their state before they stopped on request.
  /// - Throws: ``ElasticError`` if the workers cannot be started, another job is running here, or
  ///   the workers succeeded but output of them is lost.
  public static func run(_ configuration: LaunchConfiguration) throws(ElasticError) -> Int32 {
    guard !isRunning.exchange(true, ordering: .relaxed) else {
      throw ElasticError(
        .usage, "this process already runs a job: start the next job after it ends")
    }
    defer { isRunning.store(false, ordering: .relaxed) }
    Descriptor.fillStandardStreams()
    let watchdog = try Watchdog.requested()
    defer { watchdog?.stop() }
    var configuration = configuration
    if let watchdog { configuration.variables[Watchdog.fileVariable] = watchdog.path }
    let supervisor = try WorkerSupervisor(configuration)
    defer { supervisor.folder.remove() }
    let end: AgentEnd
    do throws(ElasticError) {
      end = try ElasticAgent(supervisor).run()
      supervisor.signals.endsProcess = end.wasStopped
      supervisor.monitor.jobEnded(end.code, wasStopped: end.wasStopped)
      supervisor.finishOutput(within: .seconds(1))  // the last event may be on the console
    } catch {
      supervisor.monitor.jobEnded(error.exitCode, wasStopped: false, error: error.message)
      supervisor.finishOutput(within: .seconds(1))
      throw error
    }
    if end.code == 0, let error = supervisor.console.lossError { throw error }
    return end.code
  }

  private func run() throws(ElasticError) -> AgentEnd {
    do throws(ElasticError) {
      supervisor.announce()
      recordRendezvous(.join, .initializing, "searches for the job")
      if hasPeers, let error = supervisor.configuration.program.error {
        supervisor.console.log(
          "error: \(error.message); this ends the job on all nodes once they have joined")
      }
      try loop()
    } catch {
      supervisor.endAttempt()
      supervisor.endCrashed()
      recordRendezvous(.close, .failed, "leaves the job", error: error.message)
      node.session.send(.aborted(message: error.message, exitCode: error.exitCode))
      leave(waitsForPeers: true)
      supervisor.finishOutput(within: hasPeers ? .seconds(1) : nil)
      throw error
    }
    supervisor.endCrashed()
    let end = report()
    recordRendezvous(
      .close, end.code == 0 ? .succeeded : .failed, "leaves the job",
      error: end.code == 0 ? "" : "exit code \(end.code)")
    supervisor.console.flush()
    leave(waitsForPeers: jobEnd != nil)
    supervisor.finishOutput(within: end.wasStopped ? .seconds(1) : nil)
    return end
  }

  private var hasPeers: Bool { supervisor.configuration.rendezvous.hasPeers }

  /// Ends the session; a host first waits until the other nodes know that the job has ended.
  private func leave(waitsForPeers: Bool) {
    node.session.close()
    store = nil
    if waitsForPeers {
      node.server?.drain(within: supervisor.configuration.rendezvous.settings.closeTimeout)
    }
    node.registration?.withdraw()
    node.server?.close()
  }

  // MARK: Events

  private func loop() throws(ElasticError) {
    try receiveEvents()
    while outcome == nil {
      supervisor.waitForEvents(until: group.deadline, or: node.session.descriptor)
      try receiveEvents()
      var childExited = false
      while let signal = supervisor.signals.next() {
        if signal.number == SIGCHLD {
          childExited = true
        } else {
          try handle(.signalled(signal))
        }
      }
      supervisor.attempt?.forwardOutput()
      supervisor.updateCrashed()
      // A worker that exits has closed its output, so a crash is noticed before its exit.
      try handle(supervisor.collectCrashes(mayRestart: group.mayRestart))
      if childExited { try handle(supervisor.attempt?.collectExits() ?? []) }
      try handle(.timePassed)
      supervisor.console.flush()
    }
  }

  private func handle(_ exits: [(WorkerProcess, WorkerExit)]) throws(ElasticError) {
    for (worker, exit) in exits {
      if exit == .preempted, group.isActive, supervisor.attempt?.hasStopNotice(worker) == true {
        try handle(.stopRequested)
      }
      supervisor.workerExited(worker, exit, isFirst: !group.isStopping)
      try handle(.exited(localRank: worker.localRank, exit))
    }
  }

  /// Handles an event, and the coordinator's response if the coordinator runs in this process.
  private func handle(_ event: WorkerGroup.Event) throws(ElasticError) {
    try apply(event)
    try receiveEvents()
  }

  private func apply(_ event: WorkerGroup.Event) throws(ElasticError) {
    for action in group.handle(event, now: .now) { try perform(action) }
  }

  /// Handles the session's events until there are none.
  private func receiveEvents() throws(ElasticError) {
    while outcome == nil, case let events = node.session.events(), !events.isEmpty {
      for event in events { try receive(event) }
    }
  }

  private func receive(_ event: SessionEvent) throws(ElasticError) {
    switch event {
    case .received(let message): try receive(message)
    case .lost(let reason, let isSilent):
      guard jobEnd == nil else { return }
      recordRendezvous(.lose, .initializing, "lost the host", error: reason)
      supervisor.console.log(
        "lost the rendezvous host (\(reason)); searching for it or a new host")
      try apply(.lost(isBroken: isSilent))
    case .becameHost:
      recordRendezvous(.host, .initializing, "hosts the rendezvous")
      supervisor.console.log("this node now hosts the rendezvous")
    case .failed(let error):
      if jobEnd == nil { throw error }
    }
  }

  private func receive(_ message: HostMessage) throws(ElasticError) {
    switch message {
    case .welcome(let time): clockOffset = .seconds(time - WallClock.seconds)
    case .notice(let text): supervisor.console.log(text)
    case .startStore(let round):
      if !hasPeers && round > 0 { announceRestart(round) }
      store = nil  // frees the port for the next store
      let store = try startStore()
      self.store = (round, store)
      node.session.send(.storeStarted(round: round, port: store.port))
    case .begin(let assignment):
      if store?.round != assignment.round { store = nil }
      self.assignment = assignment
      try apply(.begin)
    case .stop(let round, let reason):
      guard round == assignment?.round else { return }
      if group.isActive { supervisor.console.log("\(reason): stopping the workers") }
      try apply(.stop(isBroken: reason.mayLeaveWorkersHanging))
    case .stopRequested(let round):
      if round == assignment?.round { try apply(.stopRequested) }
    case .end(let end):
      jobEnd = end
      try apply(.end)
    case .heartbeat, .refused, .redirect, .otherHost: break
    }
  }

  private func startStore() throws(ElasticError) -> AttemptStore {
    guard hasPeers else {
      return try AttemptStore(
        address: node.address, port: supervisor.configuration.masterPort)
    }
    let address = node.address.isEmpty ? "0.0.0.0" : node.address
    do throws(ElasticError) {
      return try AttemptStore(address: address, port: nil)
    } catch {
      // Behind address translation (NAT), the advertised address does not belong to this machine.
      return try AttemptStore(address: "0.0.0.0", port: nil)
    }
  }

  // MARK: Actions

  private func perform(_ action: WorkerGroup.Action) throws(ElasticError) {
    let round = assignment?.round ?? -1
    switch action {
    case .start:
      guard let assignment else { return }
      if hasPeers { announce(assignment) }
      try supervisor.start(assignment)
      recordRendezvous(
        .place, .running,
        "round \(assignment.round): node \(assignment.groupRank) of \(assignment.groupWorldSize)")
    case .send(let signal):
      supervisor.attempt?.send(signal)
    case .reportFailed:
      node.session.send(.failed(round: round))
    case .reportStopped:
      supervisor.endAttempt()
      let notes = supervisor.ends(stopRequested: group.isStopRequested).prefix(64).map {
        FailureSummary($0, on: node.hostName, clockOffset: clockOffset)
      }
      node.session.send(.stopped(round: round, notes))
    case .reportFinished(let preempted):
      supervisor.endAttempt()
      node.session.send(.finished(round: round, preempted: preempted))
    case .reportStopRequested:
      node.session.send(.stopRequested(round: round))
    case .announceUnrequestedStop:
      supervisor.announceUnrequestedStop()
    case .announceWait:
      supervisor.announceWait()
    case .reportLeaving(let signal):
      node.session.send(.leaving(signal: signal.number))
    case .finish(let outcome):
      supervisor.endAttempt()
      self.outcome = outcome
    }
  }

  // MARK: Messages

  private func recordRendezvous(
    _ step: RendezvousEvent.Step, _ state: RendezvousEvent.State, _ message: String,
    error: String = ""
  ) {
    guard hasPeers else { return }
    supervisor.monitor.rendezvous(step, state, message, error: error)
  }

  private func announce(_ assignment: NodeAssignment) {
    let count = supervisor.configuration.workerCount
    let ranks =
      count == 1
      ? "rank \(assignment.firstRank)"
      : "ranks \(assignment.firstRank)-\(assignment.firstRank + count - 1)"
    supervisor.console.log(
      "round \(assignment.round): node \(assignment.groupRank) of \(assignment.groupWorldSize), "
        + "\(ranks) of \(assignment.worldSize)"
        + (assignment.restarts > 0
          ? ", restart \(assignment.restarts) of \(supervisor.configuration.maxRestarts)" : "")
        + (assignment.restartCause.map { ", because \($0.failure.summary)" } ?? ""))
  }

  private func announceRestart(_ number: Int) {
    let cause = WorkerFailure.rootCause(
      of: supervisor.ends(stopRequested: group.isStopRequested))
    supervisor.console.log(
      "restart \(number) of \(supervisor.configuration.maxRestarts)"
        + (cause.map { ", because \($0.summary)" } ?? ""))
  }

  private func report() -> AgentEnd {
    switch (outcome, jobEnd) {
    case (.interrupted(let signal), _):
      return supervisor.reportInterruption(by: signal)
    case (.preempted, _), (_, .preempted):
      return supervisor.reportPreemption()
    case (_, .failed(let notes, let workerCount, let restarts)):
      // The coordinator sends shortened summaries. A single node has the complete failures.
      return supervisor.report(
        hasPeers
          ? notes.map(\.failure) : supervisor.ends(stopRequested: group.isStopRequested),
        workerCount: workerCount, restarts: restarts)
    case (_, .error(let error)):
      supervisor.console.log("error: \(error.message)")
      LauncherErrorFile.write(ErrorRecord(message: error.message, errorCode: error.exitCode))
      return AgentEnd(code: error.exitCode)
    case (_, .succeeded), (_, nil):
      return AgentEnd(code: 0)
    }
  }
}
