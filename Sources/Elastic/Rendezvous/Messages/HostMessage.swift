/// What the host of a rendezvous tells a node.
package enum HostMessage: Codable, Sendable, Hashable {
  /// The node is taken in; the host's clock, in seconds since 1970.
  case welcome(time: Double)
  /// The node may not take part.
  case refused(Refusal)
  /// The job is led from somewhere else.
  case redirect(NodePlace)
  /// Another host goes before the one that sent a claim.
  case counterclaim(NodePlace, Seniority)
  /// The host is alive.
  case beat
  /// Something the user of this node should know.
  case notice(String)
  /// Start a store for the workers of a round and tell its port.
  case host(round: Int)
  /// Start the workers.
  case begin(NodeAssignment)
  /// Stop the workers of a round, for the given reason.
  case stop(round: Int, StopReason)
  /// The job is over.
  case end(JobEnd)
}

/// Why a node may not take part.
package struct Refusal: Codable, Sendable, Hashable {
  /// The kinds, as torchrun's errors of a rendezvous.
  package enum Kind: String, Codable, Sendable {
    /// The node does not fit the job.
    case state
    /// The job is over.
    case closed
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// Why all workers are stopped.
package enum StopReason: Codable, Sendable, Hashable {
  /// A worker failed on this node.
  case failure(node: String)
  /// A node is gone: its launcher has ended or, if silent, it may be anything.
  case departure(node: String, isSilent: Bool)
  /// Nodes have come.
  case arrival(count: Int)

  /// Whether workers may wait in vain for those of a machine that does not answer.
  package var mayLeaveWorkersHanging: Bool {
    if case .departure(_, isSilent: true) = self { true } else { false }
  }
}

extension StopReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .failure(let node): "a worker failed on node \(node)"
    case .departure(let node, isSilent: false): "node \(node) is gone"
    case .departure(let node, isSilent: true): "node \(node) does not answer"
    case .arrival(1): "a node has come"
    case .arrival(let count): "\(count) nodes have come"
    }
  }
}

/// How a job ended.
package enum JobEnd: Codable, Sendable, Hashable {
  /// All workers ended well.
  case succeeded
  /// The workers were asked to stop and have saved.
  case preempted
  /// Workers failed too often: all failures of the last round, and the number of its workers.
  case failed([FailureNote], workerCount: Int, restarts: Int)
  /// The job cannot go on for another reason.
  case error(JobError)
}

/// Why a job cannot go on.
package struct JobError: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable { case timedOut, state, node }

  package var kind: Kind
  package var message: String
  package var exitCode: Int32

  package init(_ kind: Kind, _ message: String, exitCode: Int32) {
    self.kind = kind
    self.message = message
    self.exitCode = exitCode
  }
}
