/// What a node tells the host of its rendezvous.
package enum NodeMessage: Codable, Sendable, Hashable {
  /// Who it is; the first message.
  case hello(NodeHello)
  /// It has taken over as the host, and leads the job from there; in place of an introduction.
  case claim(NodePlace, Seniority)
  /// It is alive.
  case beat
  /// The store for the workers of a round listens; only the node with rank 0 says so.
  case hosting(round: Int, port: Int)
  /// A worker failed, and the node stops its others; how it failed is told when all have stopped.
  case failed(round: Int)
  /// None of its workers runs any more; those that failed by themselves.
  case stopped(round: Int, [FailureNote])
  /// All its workers ended well, or had saved when they were asked to stop.
  case finished(round: Int, preempted: Bool)
  /// It got a signal, stops its workers, and will then go.
  case leaving(signal: Int32)
  /// It cannot run its workers, so the job cannot go on.
  case gaveUp(message: String, exitCode: Int32)
}
