import Collectives
import FoundationEssentials
import Worker

/// The status of the job as known to this machine's launcher, served at `/status`.
package struct JobStatus: Sendable, Encodable {
  /// torchelastic's states of a group of workers.
  package enum State: String, Sendable, Encodable, CaseIterable {
    case initializing = "INIT"
    case healthy = "HEALTHY"
    case unhealthy = "UNHEALTHY"
    case stopped = "STOPPED"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
  }

  /// The status of a worker on this machine.
  package struct Worker: Sendable, Encodable {
    package var rank: Int
    package var localRank: Int
    package var pid: Int32
    package var state = State.healthy
    /// The exit code, or 128 + the signal that ended the worker; `nil` while it runs.
    package var exitCode: Int32?
    /// The last step that the worker reported, if any.
    package var lastStep: Int?
  }

  package var version = LockstepVersion.current
  package var runID: String
  package var role: String
  package var state = State.initializing
  package var hostname: String
  /// The rank of this node.
  package var groupRank = 0
  /// The number of nodes in the job.
  package var nodes = 1
  /// The nodes by rank; in a job with more than 64 nodes, known only to the host and rank 0's node.
  package var members: [NodeAssignment.Member] = []
  package var worldSize = 0
  /// The number of times this node restarted its workers, including when nodes joined or left.
  package var generation = -1
  /// The number of restarts after a failure.
  package var restarts = 0
  package var maxRestarts: Int
  /// When the launcher started, in seconds since 1970.
  package var startedAt: Double
  package var workers: [Worker] = []

  /// The largest step that a worker reported.
  package var lastStep: Int? { workers.compactMap(\.lastStep).max() }

  package init(runID: String, role: String, hostname: String, maxRestarts: Int, now: Double) {
    self.runID = runID
    self.role = role
    self.hostname = hostname
    self.maxRestarts = maxRestarts
    startedAt = now
  }

  /// Whether `/healthz` reports success: no worker has failed.
  package var isHealthy: Bool { state != .failed && state != .unhealthy }

  /// Records the exit code of a worker.
  package mutating func workerExited(localRank: Int, code: Int32) {
    let end: State = code == 0 ? .succeeded : code == StopRequest.exitCode ? .stopped : .failed
    for index in workers.indices where workers[index].localRank == localRank {
      workers[index].exitCode = code
      workers[index].state = end
    }
    if end == .failed { state = .unhealthy }
  }

  private enum Key: String, CodingKey {
    case version, runID, role, state, hostname, groupRank, nodes, members, worldSize, generation,
      restarts
    case maxRestarts, startedAt, workers, lastStep
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(version, forKey: .version)
    try container.encode(runID, forKey: .runID)
    try container.encode(role, forKey: .role)
    try container.encode(state, forKey: .state)
    try container.encode(hostname, forKey: .hostname)
    try container.encode(groupRank, forKey: .groupRank)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(members, forKey: .members)
    try container.encode(worldSize, forKey: .worldSize)
    try container.encode(generation, forKey: .generation)
    try container.encode(restarts, forKey: .restarts)
    try container.encode(maxRestarts, forKey: .maxRestarts)
    try container.encode(startedAt, forKey: .startedAt)
    try container.encode(workers, forKey: .workers)
    try container.encode(lastStep, forKey: .lastStep)
  }

  /// The text of `/status`.
  package var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return [] }
    return [UInt8](data) + [.newline]
  }
}
