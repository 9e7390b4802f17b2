import Collectives
import FoundationEssentials
import Glibc
import Synchronization
import WorkerFailures

/// Runs the workers of one machine until they all ended well or the job failed.
///
/// One thread waits in `poll` for everything that can happen: signals, among them the ends of
/// workers, and their output. What to do about it is decided by ``WorkerGroup``.
public final class LocalAgent {
  let configuration: LaunchConfiguration
  let console = Console()
  let signals: SignalInbox
  let folder: LogFolder
  let processGuard = ProcessGroupGuard()
  let environment = ProcessInfo.processInfo.environment

  /// The guard, and what this process had started before the job: they are none of the job's.
  let otherChildren: Set<pid_t>

  private static let isRunning = Atomic(false)
  private var group: WorkerGroup
  private var attempt: Attempt?
  private var outcome: WorkerGroup.Outcome?
  private var failures: [WorkerFailure] = []

  /// Prepares the launcher's process: signals, the log folder, and adoption of orphans.
  private init(_ configuration: LaunchConfiguration) throws(ElasticError) {
    self.configuration = configuration
    signals = try SignalInbox(configuration.signals)
    folder = try LogFolder(configuration)
    group = WorkerGroup(
      workerCount: configuration.workerCount, maxRestarts: configuration.maxRestarts,
      shutdownTimeout: configuration.shutdownTimeout)
    otherChildren = Descendants.children
    Descendants.adoptOrphans(true)
  }

  deinit { Descendants.adoptOrphans(false) }

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
    let agent = try LocalAgent(configuration)
    defer { agent.folder.remove() }
    return try agent.run()
  }

  private func run() throws(ElasticError) -> Int32 {
    defer { finishOutput() }
    announce()
    try perform(group.begin())
    while true {
      if let outcome { return report(outcome) }
      waitForEvents()
      var childEnded = false
      while let signal = signals.next() {
        if signal.number == SIGCHLD {
          childEnded = true
        } else {
          try perform(group.handle(.signalled(signal), now: .now))
        }
      }
      attempt?.forwardOutput()
      for (worker, exit) in childEnded ? attempt?.collectExits() ?? [] : [] {
        note(worker, exit)
        try perform(group.handle(.exited(localRank: worker.localRank, exit), now: .now))
      }
      try perform(group.handle(.timePassed, now: .now))
      console.flush()
    }
  }

  private func perform(_ actions: [WorkerGroup.Action]) throws(ElasticError) {
    for action in actions {
      switch action {
      case .start(let number):
        endAttempt()
        if number > 0 { announceRestart(number) }
        failures = []
        let attempt = try Attempt(number: number, agent: self)
        self.attempt = attempt
        if let rank = configuration.debugRank {
          announceDebugging(rank, pid: attempt.pid(localRank: rank))
        }
      case .send(let signal):
        attempt?.send(signal)
      case .finish(let outcome):
        endAttempt()
        self.outcome = outcome
      }
    }
  }

  /// Sleeps until a signal or output arrives, output can be written, or a deadline is over.
  private func waitForEvents(until deadline: ContinuousClock.Instant? = nil) {
    let readable = [signals.descriptor.number] + (attempt?.readableDescriptors ?? [])
    var states = readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    states += console.writableDescriptors.map {
      pollfd(fd: $0, events: Int16(POLLOUT), revents: 0)
    }
    var milliseconds: Int32 = -1
    if let deadline = deadline ?? group.deadline {
      let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: deadline)).components
      let rounded = seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
      milliseconds = Int32(clamping: rounded)
    }
    poll(&states, nfds_t(states.count), milliseconds)
  }

  private func note(_ worker: WorkerProcess, _ exit: WorkerExit) {
    guard !exit.isSuccess, exit != .preempted, let attempt else { return }
    let isFirst = !group.isStopping
    failures.append(attempt.failure(of: worker, exit))
    if isFirst && configuration.workerCount > 1 {
      console.say(
        "rank \(worker.localRank) (process \(worker.pid)) ended with \(exit); "
          + "stopping the other workers")
    }
  }

  /// Kills what is left of the attempt's processes and passes on their last output.
  private func endAttempt() {
    guard let attempt else { return }
    attempt.end()
    for index in failures.indices {
      failures[index].lastLines = attempt.lastLines(localRank: failures[index].localRank)
    }
    self.attempt = nil
  }

  private func report(_ outcome: WorkerGroup.Outcome) -> Int32 {
    switch outcome {
    case .succeeded:
      return 0
    case .interrupted(let signal):
      console.say("stopped by \(signal)")
      return 128 + signal.number
    case .preempted:
      console.say(
        "the workers were asked to stop and have saved; run the same command to go on "
          + "(exit code \(StopRequest.exitCode))")
      return StopRequest.exitCode
    case .failed:
      let report = FailureReport(
        role: configuration.role, failures: failures, workerCount: configuration.workerCount,
        restarts: group.attempt, logFolder: folder.isTemporary ? nil : folder.path)
      report.lines.forEach(console.error.append(message:))
      return WorkerFailure.rootCause(of: failures)?.jobExitCode ?? 1
    }
  }

  private func announceRestart(_ number: Int) {
    let cause = WorkerFailure.rootCause(of: failures)
    let reason = cause?.record.map { ": " + $0.message.prefix { !$0.isNewline } } ?? ""
    console.say(
      "restart \(number) of \(configuration.maxRestarts), because rank \(cause?.rank ?? 0) failed"
        + reason)
  }

  private func announceDebugging(_ rank: Int, pid: Int32) {
    console.say(
      """
      rank \(rank) (process \(pid)) waits for a debugger; these stop where its program starts:
        gdb -p \(pid) -ex 'tcatch exec' -ex continue
        lldb -p \(pid) -o continue
      meanwhile the time limits of Swift workers' groups are a week
      """)
  }

  private func announce() {
    if let threads = configuration.threadsPerWorker, environment["OMP_NUM_THREADS"] == nil {
      console.say(
        "OMP_NUM_THREADS=\(threads) for each of \(configuration.workerCount) workers; "
          + "set it to choose another number")
    }
    if !folder.isTemporary { console.say("logs in \(folder.path)") }
  }

  /// Writes what is left of the output.
  ///
  /// Waits for a slow reader as any program does, but when the job was stopped by a signal, at most
  /// a second. Another signal ends the wait.
  private func finishOutput() {
    var deadline: ContinuousClock.Instant?
    switch outcome {
    case .interrupted, .preempted: deadline = .now + .seconds(1)
    case .succeeded, .failed, nil: break
    }
    console.flush()
    while !console.writableDescriptors.isEmpty {
      if let deadline, deadline <= .now { return }
      waitForEvents(until: deadline)
      while let signal = signals.next() {
        if signal.number != SIGCHLD && signal.stopsTheJob { return }
      }
      console.flush()
    }
  }
}
