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
    OwnThread.start { [self] in
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

/// A pipe by which one thread wakes another.
final class NodePipe: Sendable {
  private let ends: (reader: Int32, writer: Int32)

  init() throws(ElasticError) {
    var ends: [Int32] = [-1, -1]
    guard cspawn_pipe(&ends) == 0, fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0 else {
      throw ElasticError(
        .system, "cannot open a pipe: \(systemMessage(errno)); `ulimit -n` may be too low")
    }
    self.ends = (ends[0], ends[1])
  }

  deinit {
    Glibc.close(ends.reader)
    Glibc.close(ends.writer)
  }

  var reader: Int32 { ends.reader }

  func signal() {
    var byte: UInt8 = 1
    _ = write(ends.writer, &byte, 1)  // when it is full, the other side is awake anyway
  }

  func clear() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(ends.reader, &bytes, bytes.count) > 0 {}
  }
}

/// A thread that belongs to nobody's pool.
enum OwnThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread with all signals blocked: they are the main thread's.
  static func start(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 512 << 10)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(Body(body)).toOpaque())
    precondition(code == 0, "cannot start a thread: \(systemMessage(code))")
  }
}
