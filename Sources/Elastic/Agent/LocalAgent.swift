import Collectives
import Glibc
import Synchronization
import Worker

/// Runs the workers of one machine until they all ended well or the job failed.
///
/// One thread waits in `poll` for everything that can happen: signals, among them the ends of
/// workers, and their output. What to do about it is decided by `WorkerGroup`.
public final class LocalAgent {
  private static let isRunning = Atomic(false)
  private let site: AgentSite
  private var group: WorkerGroup
  private var store: AttemptStore?
  private var outcome: WorkerGroup.Outcome?

  private init(_ site: AgentSite) {
    self.site = site
    let configuration = site.configuration
    group = WorkerGroup(
      workerCount: configuration.workerCount, maxRestarts: configuration.maxRestarts,
      shutdownTimeout: configuration.shutdownTimeout)
  }

  /// Runs a job and leaves no process of it behind.
  ///
  /// Workers' output goes to this process's standard output and standard error, as does the report
  /// of a failure. Until it returns, this process's signals are the job's, and so are new children of
  /// this process: no other thread should start any. One job at a time.
  ///
  /// - Returns: The exit code: 0, or that of the worker that failed first (128 + signal if one ended
  ///   it), or 128 + the signal by which the launcher was stopped, or `StopRequest.exitCode` if the
  ///   workers have saved before they stopped.
  /// - Throws: ``ElasticError`` if the workers could not be started, or another job is running here.
  public static func run(_ configuration: LaunchConfiguration) throws(ElasticError) -> Int32 {
    guard !isRunning.exchange(true, ordering: .relaxed) else {
      throw ElasticError(
        .usage, "this process runs a job already: start the next one when that is over")
    }
    defer { isRunning.store(false, ordering: .relaxed) }
    Descriptor.fillStandardStreams()
    let site = try AgentSite(configuration)
    defer { site.folder.remove() }
    do throws(ElasticError) {
      let end =
        configuration.rendezvous.hasPeers ? try NodeAgent(site).run() : try LocalAgent(site).run()
      site.monitor.jobEnded(end.code, wasStopped: end.wasStopped)
      return end.code
    } catch {
      site.monitor.jobEnded(error.exitCode, wasStopped: false)
      throw error
    }
  }

  private func run() throws(ElasticError) -> AgentEnd {
    defer { finishOutput() }
    site.announce()
    try perform(group.begin())
    while true {
      if let outcome { return report(outcome) }
      site.waitForEvents(until: group.deadline)
      var childEnded = false
      while let signal = site.signals.next() {
        if signal.number == SIGCHLD {
          childEnded = true
        } else {
          try perform(group.handle(.signalled(signal), now: .now))
        }
      }
      site.attempt?.forwardOutput()
      for (worker, exit) in childEnded ? site.attempt?.collectExits() ?? [] : [] {
        _ = site.note(worker, exit, isFirst: !group.isStopping)
        try perform(group.handle(.exited(localRank: worker.localRank, exit), now: .now))
      }
      try perform(group.handle(.timePassed, now: .now))
      site.console.flush()
    }
  }

  private func perform(_ actions: [WorkerGroup.Action]) throws(ElasticError) {
    for action in actions {
      switch action {
      case .start(let number):
        site.endAttempt()
        if number > 0 { announceRestart(number) }
        try start(number)
      case .send(let signal):
        site.attempt?.send(signal)
      case .finish(let outcome):
        site.endAttempt()
        self.outcome = outcome
      }
    }
  }

  private func start(_ number: Int) throws(ElasticError) {
    let configuration = site.configuration
    store = nil  // its port is free for the next one then
    let store = try AttemptStore(
      address: configuration.masterAddress, port: configuration.masterPort)
    self.store = store
    try site.start(
      NodeAssignment(
        attempt: number, workerCount: configuration.workerCount,
        master: NodePlace(address: configuration.masterAddress, port: store.port)))
  }

  private func report(_ outcome: WorkerGroup.Outcome) -> AgentEnd {
    switch outcome {
    case .succeeded: AgentEnd(code: 0)
    case .interrupted(let signal): site.reportInterruption(by: signal)
    case .preempted: site.reportPreemption()
    case .failed:
      site.report(
        site.failures, workerCount: site.configuration.workerCount, restarts: group.attempt)
    }
  }

  private func announceRestart(_ number: Int) {
    let cause = WorkerFailure.rootCause(of: site.failures)
    let reason = cause?.record.map { ": " + $0.message.prefix { !$0.isNewline } } ?? ""
    site.console.log(
      "restart \(number) of \(site.configuration.maxRestarts), because rank \(cause?.rank ?? 0) failed"
        + reason)
  }

  /// Writes what is left of the output; when the job was stopped by a signal, for at most a second.
  private func finishOutput() {
    switch outcome {
    case .interrupted, .preempted: site.finishOutput(within: .seconds(1))
    case .succeeded, .failed, nil: site.finishOutput(within: nil)
    }
  }
}
