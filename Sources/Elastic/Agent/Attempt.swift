import Glibc
import WorkerFailures

/// One generation of workers: their store, their processes and their output.
final class Attempt {
  private let number: Int
  private let agent: LocalAgent
  private let store: AttemptStore
  private var workers: [WorkerProcess] = []
  private var streams: [WorkerStream] = []
  private var errorStreams: [Int: WorkerStream] = [:]
  private var folders: [String] = []
  private var isEnded = false

  /// Starts all workers, or none if one of them cannot be started.
  init(number: Int, agent: LocalAgent) throws(ElasticError) {
    let configuration = agent.configuration
    self.number = number
    self.agent = agent
    store = try AttemptStore(
      address: configuration.masterAddress, port: configuration.masterPort)
    do {
      for localRank in 0..<configuration.workerCount { try start(localRank) }
    } catch {
      end()
      throw error
    }
  }

  /// The pipes from which output is wanted now.
  var readableDescriptors: [Int32] {
    streams.filter { !$0.isHeldUp }.map(\.reader.number)
  }

  /// Passes on output that has arrived.
  func forwardOutput() {
    streams.removeAll { stream in
      if stream.isHeldUp || stream.read() { return false }
      stream.finish()
      return true
    }
  }

  /// Finds out which workers have ended since the last call.
  func collectExits() -> [(WorkerProcess, WorkerExit)] {
    Descendants.reap(except: agent.otherChildren.union(workers.map(\.pid)))
    var ended: [(WorkerProcess, WorkerExit)] = []
    for index in workers.indices where workers[index].exit == nil {
      workers[index].update()
      if let exit = workers[index].exit { ended.append((workers[index], exit)) }
    }
    return ended
  }

  /// Sends a signal to the process groups of the workers that still run.
  func send(_ signal: Signal) {
    for index in workers.indices where workers[index].exit == nil { workers[index].send(signal) }
  }

  /// Kills every process of the attempt and passes on the last output.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    for worker in workers {
      worker.killGroup()
      agent.processGuard.remove(worker.pid)
      worker.release()
    }
    Descendants.killAll(except: agent.otherChildren)
    for stream in streams { stream.finish() }
  }

  /// The process id of a worker.
  func pid(localRank: Int) -> Int32 { workers[localRank].pid }

  /// What is known about a worker that did not end well.
  func failure(of worker: WorkerProcess, _ exit: WorkerExit) -> WorkerFailure {
    let file = errorFile(worker.localRank)
    let record = try? ErrorRecord(contentsOfFile: file)
    let written = record == nil ? nil : WorkerFailure.modificationTime(of: file)
    return WorkerFailure(
      rank: worker.localRank, localRank: worker.localRank, pid: worker.pid, exit: exit,
      time: min(written ?? WorkerFailure.now, WorkerFailure.now),
      wasSignalled: exit.isAnswer(to: worker.sent),
      record: record, errorFile: file)
  }

  /// The last lines of a worker's standard error.
  func lastLines(localRank: Int) -> [String] { errorStreams[localRank]?.tail ?? [] }

  private func errorFile(_ localRank: Int) -> String { "\(folders[localRank])/error.json" }

  private func start(_ localRank: Int) throws(ElasticError) {
    let configuration = agent.configuration
    folders.append(try agent.folder.create(attempt: number, localRank: localRank))
    var variables = WorkerEnvironment(
      configuration, localRank: localRank, attempt: number, masterPort: store.port,
      errorFile: errorFile(localRank)
    ).variables(inherited: agent.environment)
    if agent.console.error.isTerminal {
      // The worker writes to a pipe, but what it writes is shown in this many columns.
      let columns = agent.console.error.columns - (prefix(localRank)?.count ?? 0)
      variables["LOCKSTEP_TERMINAL_COLUMNS"] = "\(max(1, columns))"
    }

    // Rank 0 reads the launcher's standard input, as under mpirun; several readers would share it.
    let input = localRank == 0 ? Descriptor(owning: dup(0)) : try .open("/dev/null", O_RDONLY)
    let output = try open(.output, localRank)
    let error = try open(.error, localRank)
    workers.append(
      try WorkerProcess(
        localRank: localRank, program: configuration.program, variables: variables,
        debugged: localRank == configuration.debugRank,
        input: input, output: output, error: error, guardedBy: agent.processGuard))
  }

  /// What stands before each line of a worker; nothing when there is only one.
  private func prefix(_ localRank: Int) -> [UInt8]? {
    guard agent.configuration.workerCount > 1 else { return nil }
    return LinePrefix.filled(
      agent.configuration.linePrefixTemplate, role: agent.configuration.role, rank: localRank,
      localRank: localRank)
  }

  /// Opens one of a worker's output streams and returns the end that the worker writes to.
  private func open(
    _ kind: StreamSelection.Streams, _ localRank: Int
  ) throws(ElasticError) -> Descriptor {
    let configuration = agent.configuration
    let isError = kind == .error
    let isTeed = configuration.tee.streams(localRank: localRank).contains(kind)
    let isRedirected =
      !isTeed && configuration.redirects.streams(localRank: localRank).contains(kind)
    let path = "\(folders[localRank])/\(isError ? "stderr" : "stdout").log"
    let file: Descriptor? =
      isTeed || isRedirected ? try .open(path, O_WRONLY | O_CREAT | O_APPEND) : nil

    let pipe = try Descriptor.pipe()
    let stream = WorkerStream(
      reader: pipe.reader,
      sink: isRedirected ? nil : isError ? agent.console.error : agent.console.output,
      prefix: prefix(localRank), file: file,
      onLostLog: { [console = agent.console] reason in
        console.say("cannot write the log \(path): \(reason); what follows is not kept in it")
      },
      keepsTail: isError, order: localRank * 2 + (isError ? 1 : 0))
    streams.append(stream)
    if isError { errorStreams[localRank] = stream }
    return pipe.writer
  }
}
