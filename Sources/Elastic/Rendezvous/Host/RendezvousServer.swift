import Collectives
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The port at which a launcher can be reached by those of other nodes.
///
/// Every launcher of a job has one, because each can become the host of the rendezvous. It runs on one
/// thread of its own.
package final class RendezvousServer: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let hall: RendezvousHall
  private let isOpen = Mutex(true)

  /// Starts the server's thread; ``listen(address:port:)`` opens a port.
  package init() {
    hall = RendezvousHall(loop: group.next())
    group.next().execute { ThreadPriority.raise() }
  }

  /// Starts to listen; blocks the calling thread until it does.
  ///
  /// - Parameters:
  ///   - address: The address, or `nil` for all of this machine.
  ///   - port: The port, 0 for any free one.
  /// - Returns: The port.
  /// - Throws: ``ElasticError`` with code `addressInUse` or `system`.
  package func listen(address: String?, port: Int) throws(ElasticError) -> Int {
    do {
      let channel = try TCPListener.listen(
        host: address, port: port, on: group, limit: TCPListener.affordableConnections
      ) { [hall] channel in
        try channel.pipeline.syncOperations.addHandler(RendezvousConnection(hall))
      }
      return channel.localAddress?.port ?? port
    } catch {
      let place = "\(Endpoint(host: address ?? "*", port: port))"
      if let error = error as? IOError, error.errnoCode == EADDRINUSE {
        throw ElasticError(
          .addressInUse,
          "cannot host the rendezvous at \(place), because another process listens there: take another "
            + "port, or stop that process (`ss -ltnp sport = :\(port)` names it)")
      }
      let reason = (error as? IOError).map { systemMessage($0.errnoCode) } ?? "\(error)"
      throw ElasticError(
        .system,
        "cannot listen at \(place) (\(reason)): give an address of this machine (--local-addr) and a "
          + "port that you may use")
    }
  }

  /// Where other nodes reach this launcher.
  package func isKnown(as place: NodePlace) {
    execute { $0.place = place }
  }

  /// Hosts the rendezvous from now on.
  ///
  /// - Parameters:
  ///   - coordinator: Who decides.
  ///   - onDoubt: Asks a register whether this launcher still hosts; called on the server's thread, again
  ///     and again until ``isConfirmed()``.
  package func lead(_ coordinator: Coordinator, onDoubt: @escaping @Sendable () -> Void = {}) {
    execute { $0.lead(coordinator, onDoubt: onDoubt) }
  }

  /// The register was asked and says that this launcher hosts.
  func isConfirmed() { execute { $0.handle(.confirmed) } }

  /// The register was asked and does not answer.
  func isUnconfirmed(_ reason: String) {
    execute { $0.handle(.unconfirmed(reason)) }
  }

  /// Sends nodes that come here to another host.
  package func follow(_ place: NodePlace) {
    execute { $0.follow(place) }
  }

  /// Lets nodes that come here wait, because it is open who hosts.
  package func hold() {
    execute { $0.hold() }
  }

  /// What this host has to say for itself; `nil` if it does not host, or not any more.
  var seniority: Seniority? {
    ask { $0.seniority } ?? nil
  }

  /// Learns that another node claims to lead the job.
  func hear(claim: Seniority, by place: NodePlace) {
    execute { $0.hear(claim: claim, by: place, nil) }
  }

  /// Waits until all nodes have gone after the end of the job, but not for ever.
  package func drain(within limit: Duration) {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if ask({ $0.isEmpty }) ?? true { return }
      usleep(2000)
    }
  }

  /// Stops to listen and closes all sessions; whoever still speaks to it is not heard.
  package func close() {
    isOpen.withLock { $0 = false }
    try? group.syncShutdownGracefully()
  }

  private func execute(_ body: @escaping @Sendable (RendezvousHall) -> Void) {
    isOpen.withLock { isOpen in
      if isOpen { group.next().execute { [hall] in body(hall) } }
    }
  }

  private func ask<Answer: Sendable>(
    _ body: @escaping @Sendable (RendezvousHall) -> Answer
  ) -> Answer? {
    isOpen.withLock { isOpen in
      isOpen ? try? group.next().submit { [hall] in body(hall) }.wait() : nil
    }
  }
}
