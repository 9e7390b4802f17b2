/// The limits for clients of a server.
///
/// Without them, any process that reaches the port could exhaust the server's memory or
/// descriptors.
package struct StoreServerLimits: Sendable {
  /// The time limit for the first complete request of a connection, in seconds.
  package var firstRequestTimeout = 30

  /// The maximum number of connections.
  ///
  /// Beyond it, the oldest connection without a request is closed to make room for a new one.
  package var connections = TCPListener.affordableConnections

  /// The maximum size of incomplete requests of all connections together, in bytes.
  ///
  /// Beyond it, the connection with the largest one is closed.
  package var unfinishedBytes = 2 * StoreLimits.messageBytes

  package init() {}
}
