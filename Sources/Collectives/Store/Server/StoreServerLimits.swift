/// What strangers may cost a server: without limits, whoever reaches the port could fill its memory or take
/// all descriptors of its process.
struct StoreServerLimits: Sendable {
  /// How long a connection may take to send its first whole request, in seconds.
  var patience = 30

  /// The most connections at a time; one more is closed at once.
  var connections = TCPListener.affordableConnections

  /// The most bytes of unfinished requests, of all connections together; then the one with the most is closed.
  var unfinishedBytes = 2 * StoreLimits.messageBytes
}
