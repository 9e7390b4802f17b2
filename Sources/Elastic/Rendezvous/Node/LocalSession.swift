/// The session of the only node of a job, which calls the coordinator directly.
///
/// It uses no socket and no thread: the coordinator handles a message within ``send(_:)``.
package final class LocalSession: CoordinatorSession {
  private static let number: Coordinator.Session = 0

  private var coordinator: Coordinator
  private var pending: [SessionEvent] = []

  /// Joins a new single-node job.
  package init(_ hello: NodeHello) {
    coordinator = Coordinator(limits: CoordinatorLimits(), host: hello.identity)
    handle(.connected(Self.number, hello))
  }

  package var descriptor: Int32? { nil }

  package func send(_ message: NodeMessage) { handle(.received(Self.number, message)) }

  package func events() -> [SessionEvent] {
    defer { pending = [] }
    return pending
  }

  package func close() {}

  /// Lets the coordinator handle an event.
  ///
  /// It never receives `timePassed`, because all its time limits are for waiting for other nodes.
  private func handle(_ event: Coordinator.Event) {
    for action in coordinator.handle(event, now: .now) {
      switch action {
      case .send(_, let message): pending.append(.received(message))
      case .close(_, let message):
        preconditionFailure("the coordinator refused the job's only node: \(message as Any)")
      }
    }
  }
}
