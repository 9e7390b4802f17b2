import Collectives
import Glibc

/// Tells others that this launcher has taken over, so that a job that was split becomes one again.
///
/// It calls at the endpoint, where new nodes look for the job, and at the members of the last round. A
/// host that has to give way sends its nodes to the other, whichever of the two calls.
enum Beacon {
  private static let pause = Duration.seconds(1)
  private static let limit = Duration.milliseconds(500)

  /// Starts a thread that calls until the server does not lead any more.
  static func start(_ server: RendezvousServer, at own: NodePlace, others: [NodePlace]) {
    startBackgroundThread {
      while server.seniority != nil {
        for place in Set(others) where place != own {
          guard let seniority = server.seniority else { return }
          call(place, server, .claim(own, seniority))
        }
        Poll.sleep(pause)
      }
    }
  }

  private static func call(_ place: NodePlace, _ server: RendezvousServer, _ claim: NodeMessage) {
    guard case .success(let addresses) = HostAddress.resolve(place.address, place.port),
      let address = addresses.first, let socket = try? FrameSocket(address, within: limit),
      (try? socket.send(claim)) != nil
    else { return }
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end, Poll.wait(socket.descriptor.number, POLLIN, limit),
      (try? socket.receive()) != nil
    {
      while case .some(.some(let message)) = try? socket.next() {
        if case .counterclaim(let place, let seniority) = message {
          server.hear(claim: seniority, by: place)
          return
        }
      }
    }
  }
}
