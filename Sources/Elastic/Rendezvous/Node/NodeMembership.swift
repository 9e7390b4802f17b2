/// What a node needs to know to take part in a rendezvous.
package struct NodeMembership: Sendable {
  /// Where the nodes meet first.
  package var endpoint: Endpoint
  /// How the node introduces itself; an empty address is replaced by that of its connection.
  package var hello: NodeHello
  /// What makes it able to host; `nil` for one that never does.
  package var server: RendezvousServer?
  /// Whether its server hosts the rendezvous at the endpoint from the start.
  package var isHost: Bool
  /// Where who hosts is found, if not at the endpoint.
  package var registration: HostRegistration?
  /// The limits of its waits.
  package var limits: CoordinatorLimits
  /// The time between two signs of life.
  package var beat: Duration

  package init(
    endpoint: Endpoint, hello: NodeHello, server: RendezvousServer?, isHost: Bool,
    registration: HostRegistration? = nil, limits: CoordinatorLimits, beat: Duration
  ) {
    self.endpoint = endpoint
    self.hello = hello
    self.server = server
    self.isHost = isHost
    self.registration = registration
    self.limits = limits
    self.beat = beat
  }
}
