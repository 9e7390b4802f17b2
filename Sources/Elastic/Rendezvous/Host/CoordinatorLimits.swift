/// The time limits of a ``Coordinator``.
package struct CoordinatorLimits: Sendable, Hashable {
  /// The time to wait for the minimum number of nodes.
  package var join: Duration = .seconds(600)
  /// The time to wait for more nodes in the first round, once there are enough.
  package var lastCall: Duration = .seconds(30)
  /// The time to wait for more nodes after one joins a running job, so that they share one restart.
  package var settle: Duration = .seconds(1)
  /// The time after which waiting nodes are notified what the job waits for; after that, they are
  /// notified once a minute.
  package var notice: Duration = .seconds(5)
  /// The time without a message after which a node is lost.
  package var silence: Duration = .seconds(1.5)
  /// The time for a node to stop its workers; it is longer than the node's own limit.
  package var stop: Duration = .seconds(60)
  /// The time for the node with rank 0 to start the workers' store.
  package var store: Duration = .seconds(20)
  /// The time that nodes wait for the others after the first has finished.
  package var exitBarrier: Duration = .seconds(300)
  /// The time that a new host waits for the other members of the last round.
  package var rejoin: Duration = .seconds(2)

  package init() {}

  /// Creates the limits for a job's settings.
  init(_ rendezvous: RendezvousConfiguration, shutdownTimeout: Duration) {
    let settings = rendezvous.settings
    join = rendezvous.backend == .static ? settings.timeout : settings.joinTimeout
    lastCall = settings.lastCallTimeout
    silence = settings.keepAliveInterval * settings.keepAliveMaxAttempt
    stop = shutdownTimeout + .seconds(30)
  }
}
