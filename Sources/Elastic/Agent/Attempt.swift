import Glibc
import Worker

/// One attempt to run the workers: their processes and their output.
final class Attempt {
  let assignment: NodeAssignment
  private let supervisor: WorkerSupervisor
  private(set) var workers: [WorkerProcess] = []
  private var streams: [WorkerStream] = []
  private var errorStreams: [Int: WorkerStream] = [:]
  private var streamsByWorker: [Int: [WorkerStream]] = [:]
  /// The times at which workers that print a backtrace are killed, by local rank.
  private var crashDeadlines: [Int: ContinuousClock.Instant] = [:]
  /// The local ranks of the crashed workers that the supervisor has taken over.
  private var released: Set<Int> = []
  private let folder: String
  private var folders: [String] = []
  private let outputCopies: FilteredLog?
  private let errorCopies: FilteredLog?
  private let oomKills = OOMKills.current
  private var isEnded = false

  /// Starts all workers, or none if one of them cannot be started.
  init(_ assignment: NodeAssignment, supervisor: WorkerSupervisor) throws(ElasticError) {
    self.assignment = assignment
    self.supervisor = supervisor
    if let error = supervisor.configuration.program.error { throw error }
    folder = try supervisor.folder.create(attempt: assignment.restarts)
    outputCopies = try supervisor.filteredLog(
      "\(folder)/filtered_stdout.log", supervisor.configuration.outputFilters)
    errorCopies = try supervisor.filteredLog(
      "\(folder)/filtered_stderr.log", supervisor.configuration.errorFilters)
    do {
      for localRank in 0..<supervisor.configuration.workerCount { try start(localRank) }
    } catch {
      end()
      throw error
    }
  }

  /// The pipes whose output can be read now; those of blocked streams are left out.
  var readableDescriptors: [Int32] {
    streams.filter { !$0.isBlocked }.map(\.reader.number)
  }

  /// Forwards the output that has arrived.
  func forwardOutput() {
    streams.removeAll { stream in
      if stream.isBlocked || stream.read() { return false }
      stream.finish()
      return true
    }
  }

  /// Returns the workers that exited since the last call.
  func collectExits() -> [(WorkerProcess, WorkerExit)] {
    Descendants.reapOrphans(except: supervisor.otherChildren.union(workers.map(\.pid)))
    var exited: [(WorkerProcess, WorkerExit)] = []
    for index in workers.indices where workers[index].exit == nil {
      workers[index].update()
      guard let exit = workers[index].exit else { continue }
      if exit == .signal(.kill), let crash = crashSignal(workers[index]) {
        workers[index].willExit(.signal(crash))  // killed because its backtrace took too long
        exited.append((workers[index], .signal(crash)))
      } else {
        exited.append((workers[index], exit))
      }
    }
    return exited
  }

  /// Whether a worker is printing a backtrace.
  var isCrashing: Bool { workers.contains { $0.exit == nil && crashSignal($0) != nil } }

  /// The time at which a worker that prints a backtrace is killed; `nil` if there is none.
  var crashDeadline: ContinuousClock.Instant? {
    workers.filter { $0.exit == nil }.compactMap { crashDeadlines[$0.localRank] }.min()
  }

  /// Limits the time of the workers that are printing a backtrace.
  ///
  /// - Parameters:
  ///   - limit: The time after which they are killed.
  ///   - now: The time.
  func limitBacktraces(_ limit: Duration, now: ContinuousClock.Instant) {
    for worker in workers where worker.exit == nil && crashSignal(worker) != nil {
      let deadline = crashDeadlines[worker.localRank] ?? now + limit
      crashDeadlines[worker.localRank] = deadline
      guard now >= deadline else { continue }
      crashDeadlines[worker.localRank] = .now + .seconds(60)
      supervisor.console.log(
        "rank \(rank(worker.localRank)) (process \(worker.pid)) did not finish its backtrace "
          + "within \(limit.seconds) s; killing it")
      worker.killGroup()
    }
  }

  /// Returns the workers that have begun to print a backtrace since the last call.
  ///
  /// They count as exited, and the caller takes over their processes and their output.
  func releaseCrashes(now: ContinuousClock.Instant) -> [CrashedWorker] {
    var crashes: [CrashedWorker] = []
    for index in workers.indices where workers[index].exit == nil {
      guard let signal = crashSignal(workers[index]) else { continue }
      let localRank = workers[index].localRank
      let taken = streamsByWorker[localRank] ?? []
      streams.removeAll { stream in taken.contains { $0 === stream } }
      workers[index].willExit(.signal(signal))
      released.insert(localRank)
      crashes.append(
        CrashedWorker(
          process: workers[index], streams: taken, deadline: now + CrashedWorker.limit))
    }
    return crashes
  }

  private func crashSignal(_ worker: WorkerProcess) -> Signal? {
    errorStreams[worker.localRank]?.crashSignal
  }

  /// Sends a signal to the process groups of the workers that are running.
  ///
  /// A worker that prints a backtrace only receives SIGKILL: any other signal would end the process
  /// that prints it.
  func send(_ signal: Signal) {
    for index in workers.indices where workers[index].exit == nil {
      if signal == .kill || crashSignal(workers[index]) == nil { workers[index].send(signal) }
    }
  }

  /// Whether a worker has received a request to stop, or agreed with its peers to stop.
  func hasStopNotice(_ worker: WorkerProcess) -> Bool {
    access(stopFile(worker.localRank), F_OK) == 0
  }

  /// Kills every process of the attempt and forwards the last output.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    var stuck: Set<pid_t> = []
    for worker in workers where !released.contains(worker.localRank) {
      worker.killGroup()
      supervisor.processGuard.remove(worker.pid)
      if !worker.reap() { stuck.insert(worker.pid) }
    }
    stuck.formUnion(Descendants.killAll(except: supervisor.otherChildren.union(stuck)))
    for pid in stuck.sorted() {
      supervisor.console.log(
        "process \(pid) was killed but does not exit: it waits for a device or a file system "
          + "(`cat /proc/\(pid)/stack` shows which); continuing without it")
    }
    for stream in streams { stream.finish() }
  }

  /// The ranks of the workers that are running.
  var runningRanks: [Int] { workers.filter { $0.exit == nil }.map { rank($0.localRank) } }

  /// The process id of a worker.
  func pid(localRank: Int) -> Int32 { workers[localRank].pid }

  /// Describes the end of a worker.
  func end(of worker: WorkerProcess, _ exit: WorkerExit) -> WorkerFailure {
    let file = errorFile(worker.localRank)
    let record = try? ErrorRecord(contentsOfFile: file)
    let written = record == nil ? nil : WorkerFailure.modificationTime(of: file)
    return WorkerFailure(
      rank: rank(worker.localRank), localRank: worker.localRank, pid: worker.pid, exit: exit,
      time: min(written ?? WorkerFailure.now, WorkerFailure.now),
      wasSignalled: exit.mayResult(from: worker.sentSignals), signalTime: worker.stopTime,
      isCompletion: exit.isSuccess,
      record: record, errorFile: file)
  }

  /// Adds the last lines of the worker's standard error to its failure.
  ///
  /// If a signal ended the worker before it wrote an error record, creates a record from these
  /// lines or from the kernel's count of out-of-memory kills.
  func explain(_ failure: inout WorkerFailure) {
    failure.isErrorStreamInherited = errorStreams[failure.localRank] == nil
    let tail = errorStreams[failure.localRank]?.tail ?? LineTail()
    failure.lastLines = tail.lines.suffix(20)
    guard failure.record == nil, !failure.wasSignalled, case .signal(let signal) = failure.exit
    else {
      return
    }
    if signal == .kill {
      failure.record = OOMKills.current?.message(since: oomKills).map { ErrorRecord(message: $0) }
    } else if let crash = CrashMessage(in: tail.lines) {
      failure.record = ErrorRecord(message: crash.text)
      failure.time = min(failure.time, tail.times[crash.firstLine])
    }
    try? failure.record?.write(toFile: failure.errorFile)
  }

  private func rank(_ localRank: Int) -> Int { assignment.firstRank + localRank }

  /// The files to which the workers write their last step, by local rank.
  var stepFiles: [String] { folders.map { "\($0)/step" } }

  private func stopFile(_ localRank: Int) -> String { "\(folders[localRank])/stop" }

  private func errorFile(_ localRank: Int) -> String { "\(folders[localRank])/error.json" }

  private func start(_ localRank: Int) throws(ElasticError) {
    let configuration = supervisor.configuration
    folders.append(try LogFolder.create(attemptFolder: folder, localRank: localRank))
    var variables = WorkerEnvironment(
      configuration, assignment, localRank: localRank, errorFile: errorFile(localRank),
      networkInterface: supervisor.networkInterface
    ).variables(inherited: supervisor.environment)
    variables[WorkerVariable.stopFile.rawValue] = stopFile(localRank)
    if configuration.statusPort != nil {
      variables[WorkerVariable.stepFile.rawValue] = stepFiles[localRank]
    }
    if supervisor.console.error.isTerminal {
      // The worker writes to a pipe, but its output is shown in a terminal of this width.
      let columns = supervisor.console.error.columns - (prefix(localRank)?.count ?? 0)
      variables[WorkerVariable.terminalColumns.rawValue] = "\(max(1, columns))"
    }

    // Only rank 0 reads the launcher's standard input, as under mpirun: several readers would each
    // get a part of it.
    let input = rank(localRank) == 0 ? Descriptor(owning: dup(0)) : try .open("/dev/null", O_RDONLY)
    let output = try open(.output, localRank)
    let error = try open(.error, localRank)
    workers.append(
      try WorkerProcess(
        localRank: localRank, program: configuration.program, variables: variables,
        waitsForDebugger: rank(localRank) == configuration.debugRank,
        processors: supervisor.processors.isEmpty ? [] : supervisor.processors[localRank],
        input: input, output: output, error: error, guardedBy: supervisor.processGuard))
  }

  /// The prefix of a worker's lines; `nil` if there is only one worker.
  private func prefix(_ localRank: Int) -> [UInt8]? {
    supervisor.configuration.workerCount > 1 ? fullPrefix(localRank) : nil
  }

  private func fullPrefix(_ localRank: Int) -> [UInt8] {
    LinePrefix.filled(
      supervisor.configuration.linePrefixTemplate, role: supervisor.configuration.role,
      rank: rank(localRank), localRank: localRank)
  }

  /// The launcher's own terminal, which the only worker of a machine inherits, as under torchrun;
  /// `nil` if the stream is not a terminal or its lines have to be prefixed.
  ///
  /// In a job of several nodes, standard error is not inherited: the report that all nodes print
  /// quotes its last lines.
  private func terminal(
    for kind: StreamSelection.Streams
  ) throws(ElasticError) -> Descriptor? {
    let configuration = supervisor.configuration
    let isError = kind == .error
    let number = isError ? STDERR_FILENO : STDOUT_FILENO
    guard configuration.workerCount == 1, isatty(number) == 1,
      !(isError && configuration.rendezvous.hasPeers)
    else { return nil }
    supervisor.console.flush()
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else {
      throw ElasticError(.system, "cannot duplicate a descriptor: \(systemMessage(errno))")
    }
    return Descriptor(owning: copy)
  }

  /// Opens an output stream of a worker and returns the end of its pipe that the worker writes to.
  private func open(
    _ kind: StreamSelection.Streams, _ localRank: Int
  ) throws(ElasticError) -> Descriptor {
    let configuration = supervisor.configuration
    let isError = kind == .error
    let isTeed = configuration.tee.streams(localRank: localRank).contains(kind)
    let isRedirected =
      !isTeed && configuration.redirects.streams(localRank: localRank).contains(kind)
    let path = "\(folders[localRank])/\(isError ? "stderr" : "stdout").log"
    let isShown = !isRedirected && configuration.shownLocalRanks?.contains(localRank) ?? true
    if isShown && !isTeed, let terminal = try terminal(for: kind) { return terminal }
    let pipe = try Descriptor.pipe()
    let stream = WorkerStream(
      reader: pipe.reader,
      sink: !isShown ? nil : isError ? supervisor.console.error : supervisor.console.output,
      prefix: prefix(localRank), file: isTeed || isRedirected ? try supervisor.log(path) : nil,
      copies: !isTeed || !isShown
        ? nil : (isError ? errorCopies : outputCopies).map { ($0, fullPrefix(localRank)) },
      keepsTail: isError, order: localRank * 2 + (isError ? 1 : 0))
    streams.append(stream)
    streamsByWorker[localRank, default: []].append(stream)
    if isError { errorStreams[localRank] = stream }
    return pipe.writer
  }
}
