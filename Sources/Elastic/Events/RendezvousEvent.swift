import FoundationEssentials

/// A step of a node's rendezvous, with the fields of torchelastic's `RdzvEvent`.
package struct RendezvousEvent: Sendable, Encodable {
  /// The step; its raw value follows `Rendezvous.` in the event's name.
  package enum Step: String, Sendable {
    /// The node searches for the job.
    case join
    /// The node has joined a round and has a rank.
    case place
    /// The node lost the connection to the host.
    case lose
    /// The node becomes the host.
    case host
    /// The node leaves the job, which is over.
    case close
  }

  /// torchelastic's states of a node.
  package enum State: String, Sendable, Encodable {
    case initializing = "INIT"
    case running = "RUNNING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
  }

  package var step: Step
  package var runID: String
  package var message: String
  package var hostname: String
  package var pid: Int32
  package var state: State
  /// The workers' store in this round as `address:port`; empty if there is none.
  package var master = ""
  /// The node's rank; `nil` before it joins a round.
  package var rank: Int?
  /// The error message; empty if there is no error.
  package var error = ""

  private enum Key: String, CodingKey {
    case name
    case runID = "run_id"
    case message, hostname, pid
    case state = "node_state"
    case master = "master_endpoint"
    case rank
    case localID = "local_id"
    case error = "error_trace"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("Rendezvous.\(step.rawValue)", forKey: .name)
    try container.encode(runID, forKey: .runID)
    try container.encode(message, forKey: .message)
    try container.encode(hostname, forKey: .hostname)
    try container.encode(pid, forKey: .pid)
    try container.encode(state, forKey: .state)
    try container.encode(master, forKey: .master)
    try container.encode(rank, forKey: .rank)
    try container.encodeNil(forKey: .localID)
    try container.encode(error, forKey: .error)
  }

  /// The event as one line of JSON, without a line terminator.
  package var json: [UInt8] { JobEvent.json(self) }
}
