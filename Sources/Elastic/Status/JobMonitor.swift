import FoundationEssentials
import Glibc
import Synchronization
import Worker

/// Publishes what happens in the job: events in a log, and the current status over HTTP.
///
/// The agent notifies it. Without `--event-log-handler` and `--status-port` it publishes nothing.
final class JobMonitor {

  private let configuration: LaunchConfiguration
  private let write: (([UInt8]) -> Void)?
  private let state: State
  private let server: StatusServer?
  private var assignment: NodeAssignment?
  /// When the workers were started.
  private var started: ContinuousClock.Instant = .now
  /// When this node began to wait for its next round.
  private var waiting: ContinuousClock.Instant = .now

  /// The state that the server's thread shares with the agent's thread.
  private final class State: Sendable {
    let status: Mutex<JobStatus>
    /// The file to which each worker of this machine writes its last step.
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

  /// Opens the event log and starts the status server, if they are configured.
  init(
    _ configuration: LaunchConfiguration, console: Console
  ) throws(ElasticError) {
    self.configuration = configuration
    let state = State(
      JobStatus(
        runID: configuration.rendezvous.id, role: configuration.role, hostname: Machine.hostName,
        maxRestarts: configuration.maxRestarts, now: Self.now))
    self.state = state
    switch configuration.eventLog {
    case nil: write = nil
    case .console: write = { console.error.append(line: $0[...], prefix: []) }
    case .file(let path):
      let file = try LogFile(path) { console.log($0) }
      write = { file.append($0[...] + [.newline]) }
    }
    server = try configuration.statusPort.flatMap { port throws(ElasticError) in
      do throws(ElasticError) {
        return try StatusServer(port: port) { state.current }
      } catch {
        guard configuration.isStatusPortOptional else { throw error }
        console.log("warning: \(error.message); the job runs without a status page")
        return nil
      }
    }
    if let server {
      console.log(
        "serving the job's status at http://127.0.0.1:\(server.port)/status, /metrics and /healthz")
    }
  }

  /// Records that the workers have started.
  func workersStarted(
    _ assignment: NodeAssignment, workers: [WorkerProcess], stepFiles: [String]
  ) {
    let wait = started - waiting
    self.assignment = assignment
    state.stepFiles.withLock { $0 = stepFiles }
    state.status.withLock { status in
      status.state = .healthy
      status.groupRank = assignment.groupRank
      status.nodes = assignment.groupWorldSize
      status.members = assignment.members
      status.worldSize = assignment.worldSize
      status.generation += 1
      status.restarts = assignment.restarts
      status.workers = workers.map {
        JobStatus.Worker(
          rank: assignment.firstRank + $0.localRank, localRank: $0.localRank, pid: $0.pid)
      }
    }
    record(.rendezvous, .agent, duration: wait)
    // The duration is 0, because the rendezvous includes the assignment of ranks.
    record(.assignWorkerRanks, .agent, duration: .zero)
    for worker in workers { record(.start, .worker, worker.localRank) }
  }

  /// Records that the node has joined a round and is about to start its workers.
  func willStartWorkers() { started = .now }

  /// Records that all workers have stopped and the node waits for its next round.
  func workersStopped() { waiting = .now }

  /// Records a rendezvous step of a multi-node job.
  func rendezvous(
    _ step: RendezvousEvent.Step, _ nodeState: RendezvousEvent.State, _ message: String,
    error: String = ""
  ) {
    guard let write else { return }
    let isAssigned = nodeState != .initializing
    write(
      RendezvousEvent(
        step: step, runID: configuration.rendezvous.id, message: message,
        hostname: Machine.hostName,
        pid: getpid(), state: nodeState,
        master: isAssigned ? assignment.map { "\($0.master)" } ?? "" : "",
        rank: isAssigned ? assignment?.groupRank : nil, error: error
      ).json)
  }

  /// Records the exit of a worker: succeeded, failed, or terminated by the launcher.
  func workerEnded(_ worker: WorkerProcess, _ exit: WorkerExit, failure: WorkerFailure?) {
    state.status.withLock { $0.workerExited(localRank: worker.localRank, code: exit.shellCode) }
    let kind: JobEvent.Kind =
      failure == nil ? .succeeded : failure?.wasSignalled == true ? .terminated : .failed
    record(
      kind, .worker, worker.localRank, duration: ContinuousClock.now - started,
      error: failure?.errorFileText, exitCode: exit.returnCode)
  }

  /// Records the end of the job and the launcher's exit code.
  func jobEnded(_ code: Int32, wasStopped: Bool, error: String? = nil) {
    let end: JobStatus.State = code == 0 ? .succeeded : wasStopped ? .stopped : .failed
    state.status.withLock { $0.state = end }
    record(code == 0 ? .succeeded : wasStopped ? .terminated : .failed, .agent, error: error)
  }

  private func record(
    _ kind: JobEvent.Kind, _ source: JobEvent.Source, _ localRank: Int? = nil,
    duration: Duration? = nil, error: String? = nil, exitCode: Int32? = nil
  ) {
    guard let write else { return }
    let status = state.status.withLock { $0 }
    let workers = status.workers.filter { localRank == nil || $0.localRank == localRank }
    let isWorkers = source == .worker
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
            local_rank: isWorkers ? workers.map(\.localRank) : nil,
            role_rank: isWorkers
              ? workers.map { (assignment?.firstRoleRank ?? 0) + $0.localRank } : nil,
            role_world_size: isWorkers ? workers.map { _ in assignment?.roleWorldSize ?? 0 } : nil,
            exit_code: exitCode.map { [$0] },
            worker_pid: isWorkers ? workers.map(\.pid) : nil),
          restarts: status.restarts,
          durationMilliseconds: duration.map { Int($0 / .milliseconds(1)) })
      ).json)
  }

  private static var now: Double { Date().timeIntervalSince1970 }
}
