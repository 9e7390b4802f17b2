import Collectives
import Glibc
import Support

/// Announces to other launchers that this one has become the host, so that the parts of a split job
/// unite.
///
/// It connects to the endpoint, where new nodes search for the job, and to the members of the last
/// round. When it finds another host, the one with the lower precedence yields and redirects its
/// nodes.
enum HostAnnouncer {
  private static let interval = Duration.seconds(1)
  private static let limit = Duration.milliseconds(500)

  /// Starts a thread that sends announcements while the server hosts the job.
  static func start(_ server: RendezvousServer, at own: NodeAddress, others: [NodeAddress]) {
    startBackgroundThread {
      while server.precedence != nil {
        for address in Set(others) where address != own {
          guard let precedence = server.precedence else { return }
          announce(.announcement(own, precedence), to: address, server)
        }
        Poll.sleep(interval)
      }
    }
  }

  private static func announce(
    _ announcement: NodeMessage, to address: NodeAddress, _ server: RendezvousServer
  ) {
    guard case .success(let addresses) = HostAddress.resolve(address.host, address.port),
      let first = addresses.first, let socket = try? FrameSocket(first, within: limit),
      (try? socket.send(announcement)) != nil
    else { return }
    let deadline = Deadline(after: limit)
    while !deadline.hasPassed, Poll.wait(socket.descriptor.number, POLLIN, limit),
      (try? socket.receive()) != nil
    {
      while case .some(.some(let message)) = try? socket.next() {
        if case .otherHost(let host, let precedence) = message {
          server.receiveAnnouncement(of: host, precedence)
          return
        }
      }
    }
  }
}
