/// How long a ``Coordinator`` waits for what.
package struct CoordinatorLimits: Sendable, Hashable {
  /// For the least number of nodes.
  package var join: Duration = .seconds(600)
  /// For more nodes, when there are enough for the first round.
  package var lastCall: Duration = .seconds(30)
  /// For more nodes, when some come to a running job, so that they cost one restart together.
  package var settle: Duration = .seconds(1)
  /// For nodes, before those that are there are told who is missing; then once a minute.
  package var notice: Duration = .seconds(5)
  /// For a sign of life, before a node counts as lost.
  package var silence: Duration = .seconds(1.5)
  /// For a node to stop its workers; it kills them before.
  package var stop: Duration = .seconds(60)
  /// For the node with rank 0 to start the workers' store.
  package var store: Duration = .seconds(20)
  /// For the other nodes, when the first has finished.
  package var exitBarrier: Duration = .seconds(300)
  /// For the other members of the last round, when the host is another than before.
  package var reunion: Duration = .seconds(2)

  package init() {}

  /// The limits that a job's settings come to.
  init(_ rendezvous: RendezvousConfiguration, shutdownTimeout: Duration) {
    let settings = rendezvous.settings
    join = rendezvous.backend == .static ? settings.timeout : settings.joinTimeout
    lastCall = settings.lastCallTimeout
    silence = settings.keepAliveInterval * settings.keepAliveMaxAttempt
    stop = shutdownTimeout + .seconds(30)
  }
}
