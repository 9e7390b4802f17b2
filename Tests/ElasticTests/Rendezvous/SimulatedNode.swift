import Elastic
import Glibc

/// A node without workers: a real session with a real host, and what it received.
final class SimulatedNode {
  let session: NodeSession
  let server: RendezvousServer?
  private(set) var assignment: NodeAssignment?
  private(set) var end: JobEnd?
  private(set) var notices: [String] = []
  private(set) var error: ElasticError?

  init(
    _ name: String, port: Int, nodes: ClosedRange<Int>, server: RendezvousServer? = nil,
    limits: CoordinatorLimits = CoordinatorLimits(), change: (inout NodeHello) -> Void = { _ in }
  ) throws {
    self.server = server
    var hello = NodeHello(
      job: "job", minNodes: nodes.lowerBound, maxNodes: nodes.upperBound, maxRestarts: 0,
      identity: name, hostName: name, pid: getpid(),
      address: NodeAddress(host: "127.0.0.1", port: 1), workerCount: 1, role: "default")
    change(&hello)
    session = try NodeSession(
      SessionConfiguration(
        endpoint: Endpoint(host: "127.0.0.1", port: port), hello: hello, server: server,
        isHost: server != nil, limits: limits, heartbeatInterval: .milliseconds(500)))
  }

  /// Handles the host's messages, as a node whose workers stop at once.
  func handleEvents() {
    for event in session.events() {
      switch event {
      case .received(.startStore(let round)): session.send(.storeStarted(round: round, port: 1))
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

/// Lets nodes handle their messages until a condition holds for all of them; returns whether it
/// does within the limit.
func run(
  _ nodes: [SimulatedNode], within limit: Duration = .seconds(20),
  until condition: (SimulatedNode) -> Bool
) -> Bool {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    for node in nodes { node.handleEvents() }
    if nodes.allSatisfy(condition) { return true }
    usleep(1000)
  }
  return false
}
