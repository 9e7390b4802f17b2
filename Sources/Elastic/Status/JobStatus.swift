import Collectives
import FoundationEssentials

/// What this machine's launcher knows about the job, as `/status` tells it.
package struct JobStatus: Sendable, Encodable {
  /// The states of a group of workers: torchelastic's.
  package enum State: String, Sendable, Encodable, CaseIterable {
    case initializing = "INIT"
    case healthy = "HEALTHY"
    case unhealthy = "UNHEALTHY"
    case stopped = "STOPPED"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
  }

  /// One worker of this machine.
  package struct Worker: Sendable, Encodable {
    package var rank: Int
    package var localRank: Int
    package var pid: Int32
    package var state = State.healthy
    /// Its exit code, or 128 + the signal that ended it, once it has ended.
    package var exitCode: Int32?
    /// The last step that it reported, if it reports any.
    package var lastStep: Int?
  }

  package var version = LockstepVersion.current
  package var runID: String
  package var role: String
  package var state = State.initializing
  package var hostname: String
  /// This machine's number among the nodes of the job, and how many there are.
  package var groupRank = 0
  package var nodes = 1
  /// The nodes by rank; of a job of many only the host and rank 0's node know them.
  package var members: [NodeAssignment.Member] = []
  package var worldSize = 0
  /// How often workers were started here, less one: also when nodes came or went.
  package var generation = -1
  /// How often they were started because one had failed.
  package var restarts = 0
  package var maxRestarts: Int
  /// Seconds since 1970.
  package var startedAt: Double
  package var workers: [Worker] = []

  /// The last step that a worker reported, the greatest of them.
  package var lastStep: Int? { workers.compactMap(\.lastStep).max() }

  package init(runID: String, role: String, hostname: String, maxRestarts: Int, now: Double) {
    self.runID = runID
    self.role = role
    self.hostname = hostname
    self.maxRestarts = maxRestarts
    startedAt = now
  }

  /// Whether nothing is known to be wrong: what `/healthz` answers.
  package var isHealthy: Bool { state != .failed && state != .unhealthy }

  /// Takes in how a worker ended.
  package mutating func ended(localRank: Int, code: Int32) {
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
