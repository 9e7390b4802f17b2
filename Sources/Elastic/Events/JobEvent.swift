import FoundationEssentials

/// An event of the job, with torchelastic's names and fields.
package struct JobEvent: Sendable, Encodable {
  /// The subject of the event.
  package enum Source: String, Sendable, Encodable { case agent = "AGENT", worker = "WORKER" }

  /// The event's name after `torchelastic.worker.status.`.
  package enum Kind: String, Sendable, Encodable {
    case start = "START"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case terminated = "TERMINATED"
    case rendezvous = "RENDEZVOUS"
    case assignWorkerRanks = "ASSIGN_WORKER_RANKS"
  }

  /// The event's fields; those without a value are encoded as `null`.
  package struct Metadata: Sendable {
    package var runID: String
    package var globalRank: Int?
    package var groupRank: Int?
    package var workerID: String?
    package var role: String
    package var hostname: String
    package var state: String
    package var totalRunTime: Int
    package var rendezvousBackend: String
    package var rawError: String?
    package var details: Details
    package var restarts: Int
    /// The duration of a rendezvous since the node was ready for it, or the run time of a worker
    /// that has ended.
    package var durationMilliseconds: Int?
  }

  /// The nested field `metadata`: JSON encoded as a string, as in torchelastic.
  package struct Details: Sendable, Encodable {
    package var group_world_size: Int
    package var entry_point: String
    package var local_rank: [Int]?
    package var role_rank: [Int]?
    package var role_world_size: [Int]?
    package var exit_code: [Int32]?
    package var worker_pid: [Int32]?
  }

  package var kind: Kind
  package var source: Source
  /// Seconds since 1970.
  package var timestamp: Double
  package var metadata: Metadata

  private enum Key: String, CodingKey { case name, source, timestamp, metadata }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("torchelastic.worker.status.\(kind.rawValue)", forKey: .name)
    try container.encode(source, forKey: .source)
    try container.encode(timestamp, forKey: .timestamp)
    try container.encode(metadata, forKey: .metadata)
  }

  /// The event as one line of JSON, without a line terminator.
  package var json: [UInt8] { Self.json(self) }

  static func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
  }
}

extension JobEvent.Metadata: Encodable {
  private enum Key: String, CodingKey {
    case runID = "run_id"
    case globalRank = "global_rank"
    case groupRank = "group_rank"
    case workerID = "worker_id"
    case role, hostname, state
    case totalRunTime = "total_run_time"
    case rendezvousBackend = "rdzv_backend"
    case rawError = "raw_error"
    case metadata
    case restarts = "agent_restarts"
    case duration = "duration_ms"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(runID, forKey: .runID)
    try container.encode(globalRank, forKey: .globalRank)
    try container.encode(groupRank, forKey: .groupRank)
    try container.encode(workerID, forKey: .workerID)
    try container.encode(role, forKey: .role)
    try container.encode(hostname, forKey: .hostname)
    try container.encode(state, forKey: .state)
    try container.encode(totalRunTime, forKey: .totalRunTime)
    try container.encode(rendezvousBackend, forKey: .rendezvousBackend)
    try container.encode(rawError, forKey: .rawError)
    try container.encode(
      String(decoding: JobEvent.json(details), as: UTF8.self), forKey: .metadata)
    try container.encode(restarts, forKey: .restarts)
    try container.encode(durationMilliseconds, forKey: .duration)
  }
}
