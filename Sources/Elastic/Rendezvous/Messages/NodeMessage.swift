/// A message from a node to the host of its rendezvous.
package enum NodeMessage: Codable, Sendable, Hashable {
  /// The node's introduction; the first message.
  case hello(NodeHello)
  /// Another launcher hosts the job at this address; sent instead of an introduction.
  case announcement(NodeAddress, HostPrecedence)
  /// The node is running.
  case heartbeat
  /// The store for the workers of a round listens; sent by the node with rank 0 only.
  case storeStarted(round: Int, port: Int)
  /// A worker failed, and the node stops the others. The details follow in `stopped`.
  case failed(round: Int)
  /// No worker of the node is running; the failures of those that failed.
  case stopped(round: Int, [FailureSummary])
  /// All workers of the node succeeded, or saved their state when they were asked to stop.
  case finished(round: Int, preempted: Bool)
  /// The workers of the node were asked to stop, which they do with all other workers of the round.
  case stopRequested(round: Int)
  /// The node received a signal; it stops its workers and then leaves.
  case leaving(signal: Int32)
  /// The node cannot run its workers, so the job cannot continue.
  case aborted(message: String, exitCode: Int32)

  private enum CodingKeys: String, CodingKey {
    case hello
    case announcement = "claim"
    case heartbeat = "beat"
    case storeStarted = "hosting"
    case failed, stopped, finished, stopRequested, leaving
    case aborted = "gaveUp"
  }
}
