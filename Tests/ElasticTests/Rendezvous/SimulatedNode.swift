import Elastic
import Glibc

/// A node without workers: a real session with a real host, and what it was told.
final class SimulatedNode {
  let session: NodeSession
  let server: RendezvousServer?
  private(set) var assignment: NodeAssignment?
  private(set) var end: JobEnd?
  private(set) var notices: [String] = []
  private(set) var error: ElasticError?

  init(
    _ name: String, port: Int, nodes: ClosedRange<Int>, hosts: RendezvousServer? = nil,
    limits: CoordinatorLimits = CoordinatorLimits(), change: (inout NodeHello) -> Void = { _ in }
  ) throws {
    server = hosts
    var hello = NodeHello(
      job: "job", minNodes: nodes.lowerBound, maxNodes: nodes.upperBound, maxRestarts: 0,
      identity: name, hostName: name, pid: getpid(),
      place: NodePlace(address: "127.0.0.1", port: 1), workerCount: 1, role: "default")
    change(&hello)
    session = try NodeSession(
      NodeMembership(
        endpoint: Endpoint(host: "127.0.0.1", port: port), hello: hello, server: hosts,
        isHost: hosts != nil, limits: limits, beat: .milliseconds(500)))
  }

  /// Does what the host said since the last call, as a node would whose workers stop at once.
  func obey() {
    for event in session.events() {
      switch event {
      case .received(.host(let round)): session.send(.hosting(round: round, port: 1))
      case .received(.begin(let assignment)): self.assignment = assignment
      case .received(.stop(let round, _)): session.send(.stopped(round: round, []))
      case .received(.end(let end)): self.end = end
      case .received(.notice(let text)): notices.append(text)
      case .failed(let error): self.error = error
      case .received, .lost, .becameHost: break
      }
    }
  }

  deinit { session.close() }
}

/// Lets nodes do what they are told until something is true of all of them; answers whether it came so.
func obey(
  _ nodes: [SimulatedNode], within limit: Duration = .seconds(20),
  until condition: (SimulatedNode) -> Bool
) -> Bool {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    for node in nodes { node.obey() }
    if nodes.allSatisfy(condition) { return true }
    usleep(1000)
  }
  return false
}
