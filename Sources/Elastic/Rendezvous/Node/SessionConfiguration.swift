/// The configuration of a ``NodeSession``.
package struct SessionConfiguration: Sendable {
  /// The endpoint at which the nodes find the host.
  package var endpoint: Endpoint
  /// The node's introduction; an empty address is replaced by the address of its connection.
  package var hello: NodeHello
  /// The server with which the node can become the host; `nil` if it never does.
  package var server: RendezvousServer?
  /// Whether the server already hosts the rendezvous at the endpoint.
  package var isHost: Bool
  /// The node's registration in a host registry; `nil` if the host is found at the endpoint.
  package var registration: HostRegistration?
  /// The time limits.
  package var limits: CoordinatorLimits
  /// The time between two heartbeats.
  package var heartbeatInterval: Duration

  package init(
    endpoint: Endpoint, hello: NodeHello, server: RendezvousServer?, isHost: Bool,
    registration: HostRegistration? = nil, limits: CoordinatorLimits, heartbeatInterval: Duration
  ) {
    self.endpoint = endpoint
    self.hello = hello
    self.server = server
    self.isHost = isHost
    self.registration = registration
    self.limits = limits
    self.heartbeatInterval = heartbeatInterval
  }
}
