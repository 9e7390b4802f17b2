import NIOCore

/// The sessions of a launcher's rendezvous server.
///
/// While the launcher hosts, it passes the nodes' messages to the coordinator and sends the
/// coordinator's messages.
final class SessionRegistry: @unchecked Sendable {
  // Sendable: all channels of a server share one event loop, and only it calls these methods.

  /// The launcher's role in the rendezvous.
  private enum Role {
    /// The host is not known yet; nodes that connect wait.
    case undecided
    /// Another launcher hosts; nodes that connect are redirected there.
    case following(NodeAddress)
    case hosting(Coordinator)
  }

  private static let heartbeat = Frame.encode(HostMessage.heartbeat)

  private let loop: any EventLoop
  private var role = Role.undecided
  private var channels: [Coordinator.Session: any Channel] = [:]
  /// The sessions of nodes, which have introduced themselves.
  private var introduced: Set<Coordinator.Session> = []
  /// The introductions of nodes that wait until the role is decided.
  private var waiting: [Coordinator.Session: NodeHello] = [:]
  private var lastSession = 0
  /// The address of a client of PyTorch's store that connected before the role was decided.
  private var waitingStoreClient: String?
  private var clock: RepeatedTask?
  /// Requests the host registry's confirmation that this launcher still hosts.
  private var requestConfirmation: () -> Void = {}

  /// The address at which other nodes reach this launcher.
  var address: NodeAddress?

  init(loop: any EventLoop) { self.loop = loop }

  /// Whether no node is connected.
  var hasNoNodes: Bool { introduced.isEmpty }

  /// The precedence of this host; `nil` if this launcher does not host a job.
  var precedence: HostPrecedence? {
    guard case .hosting(let coordinator) = role, !coordinator.hasEnded else { return nil }
    return coordinator.precedence
  }

  // MARK: Roles

  func host(_ coordinator: Coordinator, requestConfirmation: @escaping () -> Void) {
    loop.preconditionInEventLoop()
    role = .hosting(coordinator)
    self.requestConfirmation = requestConfirmation
    let interval = TimeAmount.nanoseconds(
      max(1_000_000, Int64(coordinator.limits.silence / .nanoseconds(1)) / 10))
    clock?.cancel()
    clock = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
      self?.handle(.timePassed)
    }
    for (session, hello) in waiting.sorted(by: { $0.key < $1.key }) {
      handle(.connected(session, hello))
    }
    waiting = [:]
    if let address = waitingStoreClient { handle(.storeClient(address)) }
    waitingStoreClient = nil
  }

  func follow(_ host: NodeAddress) {
    loop.preconditionInEventLoop()
    stopClock()
    role = .following(host)
    for session in waiting.keys { perform([.close(session, .redirect(host))]) }
    waiting = [:]
  }

  func suspend() {
    loop.preconditionInEventLoop()
    stopClock()
    role = .undecided
  }

  /// Handles the announcement of another host.
  ///
  /// This launcher yields if its precedence is lower. Otherwise it replies, if there is a session,
  /// that the other host must yield.
  func receiveAnnouncement(
    of other: NodeAddress, _ precedence: HostPrecedence, from session: Coordinator.Session?
  ) {
    loop.preconditionInEventLoop()
    switch role {
    case .hosting(let coordinator) where !coordinator.hasEnded:
      if coordinator.precedence < precedence {
        handle(.otherHost(other, precedence))
        follow(other)
      } else if let session, let address {
        perform([.send(session, .otherHost(address, coordinator.precedence))])
      }
    case .following(let host) where host != other:
      let running = HostPrecedence(
        isRunning: true, term: precedence.isRunning ? -1 : .max, rank: 0)
      if let session { perform([.send(session, .otherHost(host, running))]) }
    case .following, .undecided, .hosting:
      break
    }
  }

  // MARK: Sessions

  func connect(_ channel: any Channel) -> Coordinator.Session {
    loop.preconditionInEventLoop()
    lastSession += 1
    channels[lastSession] = channel
    return lastSession
  }

  func disconnect(_ session: Coordinator.Session) {
    loop.preconditionInEventLoop()
    introduced.remove(session)
    guard channels.removeValue(forKey: session) != nil else { return }
    waiting[session] = nil
    handle(.disconnected(session))
  }

  func receive(_ message: NodeMessage, from session: Coordinator.Session) {
    loop.preconditionInEventLoop()
    guard case .hello(let hello) = message else { return handle(.received(session, message)) }
    introduced.insert(session)
    switch role {
    case .undecided: waiting[session] = hello
    case .following(let host): perform([.close(session, .redirect(host))])
    case .hosting: handle(.connected(session, hello))
    }
  }

  /// Handles the attempt of a client of PyTorch's store to join.
  func meetStoreClient(at address: String) {
    loop.preconditionInEventLoop()
    if case .undecided = role { waitingStoreClient = address }
    handle(.storeClient(address))
  }

  func handle(_ event: Coordinator.Event) {
    loop.preconditionInEventLoop()
    guard case .hosting(var coordinator) = role else { return }
    role = .undecided  // releases the value, so that changing it need not copy it
    let actions = coordinator.handle(event, now: .now)
    role = .hosting(coordinator)
    if case .received(let session, .heartbeat) = event { perform([.send(session, .heartbeat)]) }
    perform(actions)
    if coordinator.needsConfirmation { requestConfirmation() }
  }

  private func perform(_ actions: [Coordinator.Action]) {
    for action in actions {
      switch action {
      case .send(let session, let message):
        send(message, to: session)
      case .close(let session, let message):
        if let message { send(message, to: session) }
        channels.removeValue(forKey: session)?.close(promise: nil)
        waiting[session] = nil
      }
    }
  }

  private func send(_ message: HostMessage, to session: Coordinator.Session) {
    guard let channel = channels[session] else { return }
    let bytes = message == .heartbeat ? Self.heartbeat : Frame.encode(message)
    channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
  }

  private func stopClock() {
    clock?.cancel()
    clock = nil
  }
}
