/// An agent's session with the coordinator of its job.
///
/// ``NodeSession`` reaches the coordinator of a multi-node job over a socket;
/// ``LocalSession`` contains the coordinator of a single-node job.
package protocol CoordinatorSession: AnyObject {
  /// A descriptor that becomes readable when there are events; `nil` if ``send(_:)`` causes all
  /// events.
  var descriptor: Int32? { get }

  /// Sends a message to the coordinator.
  func send(_ message: NodeMessage)

  /// Removes and returns the events that have arrived.
  func events() -> [SessionEvent]

  /// Ends the session after the messages passed to ``send(_:)`` are sent.
  func close()
}

/// An event of a session with the coordinator.
package enum SessionEvent: Sendable {
  /// A message arrived.
  case received(HostMessage)
  /// The session is lost, and a host is being searched for.
  case lost(String, isSilent: Bool)
  /// This node became the host.
  case becameHost
  /// This node cannot take part in the job.
  case failed(ElasticError)
}
