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
  private let toMain: NodePipe
  private let toThread: NodePipe

  /// Becomes readable when there are events.
  package var descriptor: Int32? { toMain.reader }

  /// Starts the thread.
  package init(_ membership: NodeMembership) throws(ElasticError) {
    toMain = try NodePipe()
    toThread = try NodePipe()
    startBackgroundThread { [self] in
      let runner = SessionRunner(
        membership, wake: toThread.reader, take: takeOutbox, tell: tell)
      runner.run()
      state.withLock { $0.hasEnded = true }
    }
  }

  /// Sends a message to the host.
  package func send(_ message: NodeMessage) {
    state.withLock { $0.outbox.append(message) }
    toThread.signal()
  }

  /// Ends the session after the thread has sent the waiting messages, or after a second.
  package func close() {
    state.withLock { $0.isClosed = true }
    toThread.signal()
    for _ in 0..<5000 {
      if state.withLock(\.hasEnded) { return }
      usleep(200)
    }
  }

  /// Removes and returns the events that have arrived.
  package func events() -> [SessionEvent] {
    toMain.clear()
    return state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
  }

  private func takeOutbox() -> (messages: [NodeMessage], isClosed: Bool) {
    toThread.clear()
    return state.withLock { state in
      defer { state.outbox = [] }
      return (state.outbox, state.isClosed)
    }
  }

  private func tell(_ event: SessionEvent) {
    state.withLock { $0.events.append(event) }
    toMain.signal()
  }
}
