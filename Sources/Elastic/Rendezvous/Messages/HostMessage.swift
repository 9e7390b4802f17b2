/// A message from the host of a rendezvous to a node.
package enum HostMessage: Codable, Sendable, Hashable {
  /// The node is accepted; the host's clock, in seconds since 1970.
  case welcome(time: Double)
  /// The node is refused.
  case refused(Refusal)
  /// The job's host is another launcher.
  case redirect(NodeAddress)
  /// The launcher that announced itself must yield to the host at this address.
  case otherHost(NodeAddress, HostPrecedence)
  /// The host is running.
  case heartbeat
  /// A text for the node's user.
  case notice(String)
  /// Start a store for the workers of a round, and report its port.
  case startStore(round: Int)
  /// Start the workers.
  case begin(NodeAssignment)
  /// Workers of another node were asked to stop: an exit with the code for that is no failure.
  case stopRequested(round: Int)
  /// Stop the workers of a round.
  case stop(round: Int, StopReason)
  /// The job has ended.
  case end(JobEnd)

  private enum CodingKeys: String, CodingKey {
    case welcome, refused, redirect
    case otherHost = "counterclaim"
    case heartbeat = "beat"
    case notice
    case startStore = "host"
    case begin, stopRequested, stop, end
  }
}

/// The reason why a node is refused.
package struct Refusal: Codable, Sendable, Hashable {
  /// The kinds of refusal, which correspond to torchrun's rendezvous errors.
  package enum Kind: String, Codable, Sendable {
    /// The node's options do not match the job.
    case state
    /// The job has ended.
    case closed
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// The reason why a round is stopped.
package enum StopReason: Codable, Sendable, Hashable {
  /// A worker failed on this node.
  case failure(node: String)
  /// A node is lost: its launcher has exited or, if `isSilent`, does not answer.
  case departure(node: String, isSilent: Bool)
  /// Nodes have joined.
  case arrival(count: Int)

  /// Whether workers may be blocked on a machine that does not answer.
  package var mayLeaveWorkersHanging: Bool {
    if case .departure(_, isSilent: true) = self { true } else { false }
  }
}

extension StopReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .failure(let node): "a worker failed on node \(node)"
    case .departure(let node, isSilent: false): "node \(node) has left"
    case .departure(let node, isSilent: true): "node \(node) does not answer"
    case .arrival(1): "a node has joined"
    case .arrival(let count): "\(count) nodes have joined"
    }
  }
}

/// How a job ended.
package enum JobEnd: Codable, Sendable, Hashable {
  /// All workers succeeded.
  case succeeded
  /// The workers were asked to stop and have saved their state.
  case preempted
  /// A worker failed and no restart was left: the failures of the last round, its number of
  /// workers, and the number of restarts.
  case failed([FailureSummary], workerCount: Int, restarts: Int)
  /// The job cannot continue for another reason.
  case error(JobError)
}

/// The reason why a job cannot continue.
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
