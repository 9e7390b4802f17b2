import Collectives
import CSpawn
import FoundationEssentials
import Glibc
import Support
import Worker

/// How the job ended for an agent.
struct AgentEnd {
  /// The launcher's exit code.
  var code: Int32
  /// Whether a signal or a request to stop ended the job, rather than success or a failure.
  var wasStopped = false
}

/// Runs the workers of one machine for an ``ElasticAgent``: their processes, output and failures.
///
/// It makes no decisions.
final class WorkerSupervisor {
  let configuration: LaunchConfiguration
  let console = Console()
  let signals: SignalInbox
  let folder: LogFolder
  let processGuard: ProcessGroupGuard
  let environment = ProcessInfo.processInfo.environment

  /// Publishes the job's events and status.
  let monitor: JobMonitor

  /// The processors to which each worker is bound, by local rank; empty if workers are not bound.
  let processors: [[Int]]

  /// The children of this process that are not left over by the attempt: the guard, those that
  /// existed before the job, and crashed workers of earlier attempts.
  var otherChildren: Set<pid_t> { unrelatedChildren.union(crashed.map(\.process.pid)) }
  private let unrelatedChildren: Set<pid_t>

  /// The interface by which this machine reaches the job's other nodes, if there are any.
  var networkInterface: String?

  private(set) var attempt: Attempt?
  /// The ends of the attempt's workers, in the order in which they were noticed.
  private var ends: [WorkerFailure] = []
  /// The crashed workers that print their backtrace while the job goes on.
  private var crashed: [CrashedWorker] = []

  /// Prepares the launcher's process: signals, the log folder, and adoption of orphans.
  init(_ configuration: LaunchConfiguration) throws(ElasticError) {
    self.configuration = configuration
    processors = try configuration.boundProcessors()
    signals = try SignalInbox(configuration.signals)
    folder = try LogFolder(configuration)
    processGuard = ProcessGroupGuard(deleting: folder.isTemporary ? folder.path : nil)
    do throws(ElasticError) {
      monitor = try JobMonitor(configuration, console: console)
    } catch {
      folder.remove()
      throw error
    }
    unrelatedChildren = Descendants.children
    Descendants.adoptOrphans(true)
    cspawn_raise_file_limit(1)
  }

  deinit {
    Descendants.adoptOrphans(false)
    cspawn_raise_file_limit(0)
  }

  /// Ends the previous attempt, and starts all workers for an assignment.
  func start(_ assignment: NodeAssignment) throws(ElasticError) {
    endAttempt()
    ends = []
    monitor.willStartWorkers()
    let attempt = try Attempt(assignment, supervisor: self)
    self.attempt = attempt
    monitor.workersStarted(assignment, workers: attempt.workers, stepFiles: attempt.stepFiles)
    if let rank = configuration.debugRank,
      case let localRank = rank - assignment.firstRank,
      (0..<configuration.workerCount).contains(localRank)
    {
      announceDebugging(rank, pid: attempt.pid(localRank: localRank))
    }
  }

  /// Opens a log file; a later failure to write to it is reported on the console.
  func log(_ path: String) throws(ElasticError) -> LogFile {
    try LogFile(path) { [console] in console.log($0) }
  }

  /// Opens a log file for the lines that contain one of the filters; `nil` if there are no filters.
  func filteredLog(_ path: String, _ filters: [String]) throws(ElasticError) -> FilteredLog? {
    filters.isEmpty ? nil : FilteredLog(file: try log(path), filters: filters)
  }

  /// Kills the remaining processes of the attempt and forwards their last output.
  func endAttempt() {
    guard let attempt else { return }
    attempt.end()
    for index in ends.indices { attempt.explain(&ends[index]) }
    self.attempt = nil
    monitor.workersStopped()
  }

  /// The ends of the attempt's workers, those that failed first.
  ///
  /// - Parameter stopRequested: Whether the workers were asked to stop, so that an exit with the
  ///   code for that is no failure.
  /// - Returns: The ends, failures first.
  func ends(stopRequested: Bool) -> [WorkerFailure] {
    let all = ends.map { end in
      var end = end
      if stopRequested && end.exit == .preempted { end.isCompletion = true }
      return end
    }
    return all.filter { !$0.isCompletion } + all.filter(\.isCompletion)
  }

  /// Records the exit of a worker; reports it on the console if it is the attempt's first failure.
  func workerExited(_ worker: WorkerProcess, _ exit: WorkerExit, isFirst: Bool) {
    guard let attempt else { return }
    var end = attempt.end(of: worker, exit)
    end.isTrigger = isFirst && !exit.isSuccess && exit != .preempted
    ends.append(end)
    guard !exit.isSuccess, exit != .preempted else {
      monitor.workerEnded(worker, exit, failure: nil)
      return
    }
    monitor.workerEnded(worker, exit, failure: end)
    if isFirst && attempt.assignment.worldSize > 1 {
      let reason = end.blamedRanks == nil ? "" : " after it lost a peer"
      console.log(
        "rank \(end.rank) (process \(worker.pid)) ended with \(exit)\(reason); "
          + "stopping the other workers")
    }
  }

  /// Reports the workers that exited with the code of a requested stop without a request.
  func announceUnrequestedStop() {
    for end in ends where end.exit == .preempted {
      console.log(
        "rank \(end.rank) (process \(end.pid)) exited with code \(StopRequest.exitCode), the code "
          + "of a requested stop, but no stop was requested: this is a failure")
    }
  }

  /// Reports which workers have stopped on request, and for which the job waits.
  func announceWait() {
    guard let attempt else {
      console.log("the workers of this node have stopped on request; waiting for the other nodes")
      return
    }
    let stopped = ends.filter { $0.exit == .preempted }.map(\.rank).sorted()
    let running = attempt.runningRanks
    guard !stopped.isEmpty, !running.isEmpty else { return }
    console.log(
      "\(rankList(stopped)) stopped on request (exit code \(StopRequest.exitCode)); still waiting "
        + "for \(rankList(running))")
  }

  // MARK: Crashes

  /// Returns the workers that have begun to print a backtrace, if their exit counts from now on.
  ///
  /// - Parameter mayRestart: Whether a restart may follow, which does not wait for the backtrace.
  /// - Returns: The workers, and the signals that end them.
  func collectCrashes(mayRestart: Bool) -> [(WorkerProcess, WorkerExit)] {
    guard let attempt, attempt.isCrashing else { return [] }
    let isRestartLeft = mayRestart && attempt.assignment.restarts < configuration.maxRestarts
    guard isRestartLeft, DeviceCount.gpus == 0 else {
      attempt.limitBacktraces(
        isRestartLeft ? CrashedWorker.limitOnGPU : CrashedWorker.limitBeforeReport, now: .now)
      return []
    }
    let crashes = attempt.releaseCrashes(now: .now)
    crashed += crashes
    return crashes.compactMap { crash in crash.process.exit.map { (crash.process, $0) } }
  }

  /// Forwards the output of crashed workers, and frees those that have ended.
  func updateCrashed() {
    let now = ContinuousClock.now
    for index in crashed.indices.reversed() where crashed[index].update(now: now) {
      crashed.remove(at: index).end(guardedBy: processGuard)
    }
  }

  /// Kills the crashed workers of earlier attempts.
  func endCrashed() {
    for worker in crashed { worker.end(guardedBy: processGuard) }
    crashed = []
  }

  /// Sleeps until a signal or output arrives, output can be written, `descriptor` becomes readable,
  /// or the deadline passes.
  func waitForEvents(until deadline: ContinuousClock.Instant?, or descriptor: Int32? = nil) {
    let deadline = ([deadline, attempt?.crashDeadline] + crashed.map { Optional($0.deadline) })
      .compactMap { $0 }.min()
    let readable =
      [signals.descriptor.number] + (descriptor.map { [$0] } ?? [])
      + (attempt?.readableDescriptors ?? []) + crashed.flatMap(\.readableDescriptors)
    var states = readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    states += console.writableDescriptors.map {
      pollfd(fd: $0, events: Int16(POLLOUT), revents: 0)
    }
    poll(
      &states, nfds_t(states.count), deadline.map { max($0 - .now, .zero).pollMilliseconds } ?? -1)
  }

  /// Reports the number of threads per worker and the log folder, before the workers start.
  func announce() {
    if let threads = configuration.threadsPerWorker,
      environment[WorkerVariable.threads.rawValue] == nil
    {
      console.log(
        "\(WorkerVariable.threads.rawValue)=\(threads) for each of "
          + "\(configuration.workerCount) workers; set it to use another number")
    }
    if !folder.isTemporary { console.log("logs in \(folder.path)") }
  }

  private func announceDebugging(_ rank: Int, pid: Int32) {
    console.log(
      """
      rank \(rank) (process \(pid)) waits for a debugger; attach one (it stops at program start):
        gdb -p \(pid) -ex 'tcatch exec' -ex continue
        lldb -p \(pid) -o continue
      while a rank is debugged, process groups of Swift workers time out after a week
      """)
  }

  /// Reports that a signal stopped the job.
  func reportInterruption(by signal: Signal) -> AgentEnd {
    console.log("stopped by \(signal)")
    return AgentEnd(code: 128 + signal.number, wasStopped: true)
  }

  /// Reports that the workers saved their state and stopped.
  func reportPreemption() -> AgentEnd {
    console.log(
      "the workers saved their state and stopped; run the same command to resume "
        + "(exit code \(StopRequest.exitCode))")
    return AgentEnd(code: StopRequest.exitCode, wasStopped: true)
  }

  /// Reports why the job failed.
  func report(_ failures: [WorkerFailure], workerCount: Int, restarts: Int) -> AgentEnd {
    let report = FailureReport(
      role: configuration.role, failures: failures, workerCount: workerCount,
      restarts: restarts, logFolder: folder.isTemporary ? nil : folder.path)
    report.lines.forEach(console.error.append(message:))
    let cause = WorkerFailure.rootCause(of: failures)
    if let cause { LauncherErrorFile.write(cause) }
    return AgentEnd(code: cause?.jobExitCode ?? 1)
  }

  /// Writes the remaining output.
  ///
  /// It waits for a slow reader, at most until the limit if there is one. Another signal that stops
  /// the job ends the wait.
  func finishOutput(within limit: Duration?) {
    let deadline = limit.map { Deadline(after: $0) }
    console.flush()
    while !console.writableDescriptors.isEmpty {
      if let deadline, deadline.hasPassed { return }
      waitForEvents(until: deadline?.instant)
      while let signal = signals.next() {
        if signal.number != SIGCHLD && signal.stopsJob { return }
      }
      console.flush()
    }
  }
}
