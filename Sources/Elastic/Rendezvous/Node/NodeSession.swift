import CSpawn
import Glibc
import Synchronization

/// A node's side of the rendezvous: a thread that keeps the session with the host.
///
/// The thread connects, sends signs of life, takes messages, and finds the next host when one is lost.
/// It shares nothing with the launcher's main thread but two queues, so whatever that one is busy with
/// does not make the node look dead. The main thread waits for ``descriptor`` and then takes the events.
package final class NodeSession: Sendable {
  /// What the main thread learns.
  package enum Event: Sendable {
    /// The host said something.
    case said(HostMessage)
    /// The session is lost; a new host is being looked for.
    case lost(String, isSilent: Bool)
    /// The node takes over as the host.
    case tookOver
    /// The rendezvous failed for this node.
    case failed(ElasticError)
  }

  private struct State {
    var events: [Event] = []
    var outbox: [NodeMessage] = []
    var isClosed = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let toMain: NodePipe
  private let toThread: NodePipe

  /// Becomes readable when there are events.
  package var descriptor: Int32 { toMain.reader }

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

  /// Ends the session, which the thread leaves when it has sent what is waiting.
  ///
  /// Waits for it a second at most.
  package func close() {
    state.withLock { $0.isClosed = true }
    toThread.signal()
    for _ in 0..<5000 {
      if state.withLock(\.hasEnded) { return }
      usleep(200)
    }
  }

  /// Takes the events that have come.
  package func events() -> [Event] {
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

  private func tell(_ event: Event) {
    state.withLock { $0.events.append(event) }
    toMain.signal()
  }
}
