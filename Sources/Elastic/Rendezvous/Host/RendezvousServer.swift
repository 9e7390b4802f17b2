import Collectives
import Glibc
import NIOCore
import NIOPosix
import Support
import Synchronization

/// The server through which other nodes' launchers reach this one.
///
/// Every launcher of a multi-node job has one, because each can become the host of the
/// rendezvous. It uses one thread.
package final class RendezvousServer: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let sessions: SessionRegistry
  private let limit = ConnectionLimit(TCPListener.affordableConnections)
  private let isOpen = Mutex(true)

  /// Starts the server's thread; ``listen(address:port:)`` opens a port.
  package init() {
    sessions = SessionRegistry(loop: group.next())
    group.next().execute { ThreadPriority.raise() }
  }

  /// Opens a port.
  ///
  /// - Parameters:
  ///   - address: The address to listen at; `nil` for all addresses of this machine.
  ///   - port: The port, 0 for any free one.
  /// - Returns: The port.
  /// - Throws: ``ElasticError`` with code `addressInUse` or `system`.
  package func listen(address: String?, port: Int) throws(ElasticError) -> Int {
    do {
      let channel = try TCPListener.listen(
        host: address, port: port, on: group, limit: limit
      ) { [sessions, limit] channel in
        try channel.pipeline.syncOperations.addHandler(RendezvousConnection(sessions, limit))
      }
      return channel.localAddress?.port ?? port
    } catch {
      let endpoint = "\(Endpoint(host: address ?? "*", port: port))"
      if let error = error as? IOError, error.errnoCode == EADDRINUSE {
        throw ElasticError(
          .addressInUse,
          "cannot host the rendezvous at \(endpoint), because another process listens there: use "
            + "another port, or stop that process (`ss -ltnp sport = :\(port)` shows it)")
      }
      let reason = (error as? IOError).map { systemMessage($0.errnoCode) } ?? "\(error)"
      throw ElasticError(
        .system,
        "cannot listen at \(endpoint) (\(reason)): give an address of this machine (--local-addr) "
          + "and a port that you may use")
    }
  }

  /// Sets the address at which other nodes reach this launcher.
  package func setAddress(_ address: NodeAddress) {
    execute { $0.address = address }
  }

  /// Hosts the rendezvous.
  ///
  /// - Parameters:
  ///   - coordinator: The coordinator of the job.
  ///   - requestConfirmation: Requests a host registry's confirmation that this launcher still
  ///     hosts. It is called on the server's thread, repeatedly until ``confirm()``.
  package func host(
    _ coordinator: Coordinator, requestConfirmation: @escaping @Sendable () -> Void = {}
  ) {
    execute { $0.host(coordinator, requestConfirmation: requestConfirmation) }
  }

  /// Redirects connecting nodes to another host.
  package func follow(_ host: NodeAddress) {
    execute { $0.follow(host) }
  }

  /// Lets connecting nodes wait until the host is known.
  package func suspend() {
    execute { $0.suspend() }
  }

  /// Records the registry's confirmation that this launcher hosts.
  func confirm() { execute { $0.handle(.confirmed) } }

  /// Records that the registry does not answer.
  func registryFailed(_ reason: String) {
    execute { $0.handle(.registryFailed(reason)) }
  }

  /// The precedence of this host; `nil` if this launcher does not host a job.
  var precedence: HostPrecedence? {
    ask { $0.precedence } ?? nil
  }

  /// Handles the announcement of another host.
  func receiveAnnouncement(of host: NodeAddress, _ precedence: HostPrecedence) {
    execute { $0.receiveAnnouncement(of: host, precedence, from: nil) }
  }

  /// Waits until all nodes have disconnected after the end of the job, or until the limit.
  ///
  /// It does not wait for connections that never introduced themselves as nodes.
  ///
  /// - Returns: Whether all nodes have disconnected.
  @discardableResult
  package func drain(within limit: Duration) -> Bool {
    let deadline = Deadline(after: limit)
    while !deadline.hasPassed {
      if ask({ $0.hasNoNodes }) ?? true { return true }
      usleep(2000)
    }
    return false
  }

  /// Closes the ports and all sessions.
  package func close() {
    isOpen.withLock { $0 = false }
    try? group.syncShutdownGracefully()
  }

  private func execute(_ body: @escaping @Sendable (SessionRegistry) -> Void) {
    isOpen.withLock { isOpen in
      if isOpen { group.next().execute { [sessions] in body(sessions) } }
    }
  }

  private func ask<Answer: Sendable>(
    _ body: @escaping @Sendable (SessionRegistry) -> Answer
  ) -> Answer? {
    isOpen.withLock { isOpen in
      isOpen ? try? group.next().submit { [sessions] in body(sessions) }.wait() : nil
    }
  }
}
