import CSpawn
import Glibc
import Synchronization

/// The session of a node with the host of its job's rendezvous, over a socket.
///
/// A thread connects, sends heartbeats, receives messages, and searches for the next host when one
/// is lost. It shares only two queues with the launcher's main thread, so a busy main thread delays
/// no heartbeat. The main thread polls ``descriptor`` and then takes the events.
package final class NodeSession: CoordinatorSession, Sendable {
  private struct State {
    var events: [SessionEvent] = []
    var outbox: [NodeMessage] = []
    var isClosed = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let eventPipe: WakeupPipe
  private let outboxPipe: WakeupPipe

  /// Becomes readable when there are events.
  package var descriptor: Int32? { eventPipe.reader }

  /// Starts the thread.
  package init(_ configuration: SessionConfiguration) throws(ElasticError) {
    eventPipe = try WakeupPipe()
    outboxPipe = try WakeupPipe()
    startBackgroundThread { [self] in
      let runner = SessionRunner(
        configuration, wakeup: outboxPipe.reader, takeOutbox: takeOutbox, emit: emit)
      runner.run()
      state.withLock { $0.hasEnded = true }
    }
  }

  /// Sends a message to the host.
  package func send(_ message: NodeMessage) {
    state.withLock { $0.outbox.append(message) }
    outboxPipe.signal()
  }

  /// Ends the session after the thread has sent the waiting messages, or after a second.
  package func close() {
    state.withLock { $0.isClosed = true }
    outboxPipe.signal()
    for _ in 0..<5000 {
      if state.withLock(\.hasEnded) { return }
      usleep(200)
    }
  }

  /// Removes and returns the events that have arrived.
  package func events() -> [SessionEvent] {
    eventPipe.clear()
    return state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
  }

  private func takeOutbox() -> (messages: [NodeMessage], isClosed: Bool) {
    outboxPipe.clear()
    return state.withLock { state in
      defer { state.outbox = [] }
      return (state.outbox, state.isClosed)
    }
  }

  private func emit(_ event: SessionEvent) {
    state.withLock { $0.events.append(event) }
    eventPipe.signal()
  }
}
