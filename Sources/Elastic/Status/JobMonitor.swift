import FoundationEssentials
import Glibc
import Synchronization
import WorkerFailures

/// Tells the world about the job: events to a log, and the state to whoever asks over HTTP.
///
/// The agent tells it what happens; without `--event-log-handler` and `--status-port` it does nothing.
final class JobMonitor {
  /// The variable that names the file to which a worker writes its last step.
  static let stepVariable = "LOCKSTEP_STEP_FILE"

  private let configuration: LaunchConfiguration
  private let write: (([UInt8]) -> Void)?
  private let state: State
  private let server: StatusServer?
  private var started: ContinuousClock.Instant = .now

  /// What the server's thread shares with the agent's.
  private final class State: Sendable {
    let status: Mutex<JobStatus>
    /// Where each worker of this machine writes its last step.
    let stepFiles = Mutex<[String]>([])
    init(_ status: JobStatus) { self.status = Mutex(status) }

    var current: JobStatus {
      var status = status.withLock { $0 }
      let files = stepFiles.withLock { $0 }
      for (index, file) in zip(status.workers.indices, files) {
        status.workers[index].lastStep = FileManager.default.contents(atPath: file)
          .flatMap { Int(String(decoding: $0.prefix { $0 != .newline }, as: UTF8.self)) }
      }
      return status
    }
  }

  /// Opens the log of events and starts the server, as far as they are wanted.
  init(
    _ configuration: LaunchConfiguration, console: Console
  ) throws(ElasticError) {
    self.configuration = configuration
    let state = State(
      JobStatus(
        runID: configuration.rendezvous.id, role: configuration.role, hostname: Self.hostname,
        maxRestarts: configuration.maxRestarts, now: Self.now))
    self.state = state
    switch configuration.eventLog {
    case nil: write = nil
    case .console: write = { console.error.append(line: $0[...], prefix: []) }
    case .file(let path):
      let file = try LogFile(path) { console.say($0) }
      write = { file.append($0[...] + [.newline]) }
    }
    server = try configuration.statusPort.map { port throws(ElasticError) in
      try StatusServer(port: port) { state.current }
    }
    if let server {
      console.say("state at http://127.0.0.1:\(server.port)/status, /metrics and /healthz")
    }
  }

  /// The workers have been started.
  func workersStarted(
    _ assignment: NodeAssignment, workers: [WorkerProcess], stepFiles: [String]
  ) {
    started = .now
    state.stepFiles.withLock { $0 = stepFiles }
    state.status.withLock { status in
      status.state = .healthy
      status.groupRank = assignment.groupRank
      status.nodes = assignment.groupWorldSize
      status.worldSize = assignment.worldSize
      status.generation += 1
      status.restarts = assignment.restarts
      status.workers = workers.map {
        JobStatus.Worker(
          rank: assignment.firstRank + $0.localRank, localRank: $0.localRank, pid: $0.pid)
      }
    }
    for kind in [JobEvent.Kind.rendezvous, .assignWorkerRanks] { record(kind, .agent) }
    for worker in workers { record(.start, .worker, worker.localRank) }
  }

  /// A worker has ended; one that the launcher had told to stop was terminated, not at fault.
  func workerEnded(_ worker: WorkerProcess, _ exit: WorkerExit, failure: WorkerFailure?) {
    state.status.withLock { $0.ended(localRank: worker.localRank, code: exit.shellCode) }
    let kind: JobEvent.Kind =
      failure == nil ? .succeeded : failure?.wasSignalled == true ? .terminated : .failed
    record(kind, .worker, worker.localRank, error: failure?.record?.message)
  }

  /// The job is over with this exit code of the launcher.
  func jobEnded(_ code: Int32, wasStopped: Bool) {
    let end: JobStatus.State = code == 0 ? .succeeded : wasStopped ? .stopped : .failed
    state.status.withLock { $0.state = end }
    record(code == 0 ? .succeeded : wasStopped ? .terminated : .failed, .agent)
  }

  private func record(
    _ kind: JobEvent.Kind, _ source: JobEvent.Source, _ localRank: Int? = nil,
    error: String? = nil
  ) {
    guard let write else { return }
    let status = state.status.withLock { $0 }
    let workers = status.workers.filter { localRank == nil || $0.localRank == localRank }
    let ended = workers.compactMap(\.exitCode)
    let milliseconds = Int((ContinuousClock.now - started) / .milliseconds(1))
    write(
      JobEvent(
        kind: kind, source: source, timestamp: Self.now,
        metadata: JobEvent.Metadata(
          runID: status.runID, globalRank: localRank == nil ? nil : workers.first?.rank,
          groupRank: status.groupRank,
          workerID: localRank == nil ? nil : workers.first.map { String($0.pid) },
          role: status.role, hostname: status.hostname, state: kind.rawValue,
          totalRunTime: Int(Self.now - status.startedAt),
          rendezvousBackend: configuration.rendezvous.backend.rawValue, rawError: error,
          details: JobEvent.Details(
            group_world_size: status.nodes, entry_point: configuration.program.name,
            local_rank: workers.map(\.localRank), role_rank: workers.map(\.rank),
            role_world_size: workers.map { _ in status.worldSize },
            exit_code: ended.isEmpty ? nil : ended, worker_pid: workers.map(\.pid)),
          restarts: status.restarts, durationMilliseconds: milliseconds)
      ).json)
  }

  private static var now: Double { Date().timeIntervalSince1970 }

  private static var hostname: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
