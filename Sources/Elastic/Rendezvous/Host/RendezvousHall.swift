import NIOCore

/// Takes the nodes' messages to the coordinator, and its answers to the nodes.
final class RendezvousHall: @unchecked Sendable {
  // Sendable: all channels of a server share one event loop, and only it calls these methods.

  /// What this launcher is in the job.
  private enum Role {
    /// Nobody knows yet who hosts: nodes that come have to wait.
    case holding
    case following(NodePlace)
    case leading(Coordinator)
  }

  private let loop: any EventLoop
  private var role = Role.holding
  private var channels: [Coordinator.Session: any Channel] = [:]
  private var held: [Coordinator.Session: NodeHello] = [:]
  private var lastSession = 0
  /// Where other nodes reach this one.
  var place: NodePlace?
  private var clock: RepeatedTask?
  /// Asks the register whether this launcher still hosts.
  private var onDoubt: () -> Void = {}

  init(loop: any EventLoop) { self.loop = loop }

  /// Whether nobody is connected.
  var isEmpty: Bool { channels.isEmpty }

  func lead(_ coordinator: Coordinator, onDoubt: @escaping () -> Void) {
    loop.preconditionInEventLoop()
    role = .leading(coordinator)
    self.onDoubt = onDoubt
    let interval = TimeAmount.nanoseconds(
      max(1_000_000, Int64(coordinator.limits.silence / .nanoseconds(1)) / 10))
    clock?.cancel()
    clock = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
      self?.handle(.timePassed)
    }
    for (session, hello) in held.sorted(by: { $0.key < $1.key }) {
      handle(.arrived(session, hello))
    }
    held = [:]
  }

  func follow(_ place: NodePlace) {
    loop.preconditionInEventLoop()
    stopClock()
    role = .following(place)
    for session in held.keys { perform([.dismiss(session, .redirect(place))]) }
    held = [:]
  }

  func hold() {
    loop.preconditionInEventLoop()
    stopClock()
    role = .holding
  }

  /// What the coordinator here has to say for itself, if it leads.
  var seniority: Seniority? {
    guard case .leading(let coordinator) = role, !coordinator.hasEnded else { return nil }
    return coordinator.seniority
  }

  /// Gives way to another host, or tells it, on a session if it has one, that it has to.
  func hear(claim: Seniority, by place: NodePlace, _ session: Coordinator.Session?) {
    loop.preconditionInEventLoop()
    switch role {
    case .leading(let coordinator) where !coordinator.hasEnded:
      if coordinator.seniority < claim {
        handle(.claimed(by: place, claim))
        follow(place)
      } else if let session, let own = self.place {
        perform([.tell(session, .counterclaim(own, coordinator.seniority))])
      }
    case .following(let host) where host != place:
      let running = Seniority(isRunning: true, term: claim.isRunning ? -1 : .max, rank: 0)
      if let session { perform([.tell(session, .counterclaim(host, running))]) }
    case .following, .holding, .leading:
      break
    }
  }

  func connect(_ channel: any Channel) -> Coordinator.Session {
    loop.preconditionInEventLoop()
    lastSession += 1
    channels[lastSession] = channel
    return lastSession
  }

  func disconnect(_ session: Coordinator.Session) {
    loop.preconditionInEventLoop()
    guard channels.removeValue(forKey: session) != nil else { return }
    held[session] = nil
    handle(.departed(session))
  }

  func receive(_ message: NodeMessage, from session: Coordinator.Session) {
    loop.preconditionInEventLoop()
    guard case .hello(let hello) = message else { return handle(.said(session, message)) }
    switch role {
    case .holding: held[session] = hello
    case .following(let place): perform([.dismiss(session, .redirect(place))])
    case .leading: handle(.arrived(session, hello))
    }
  }

  private func stopClock() {
    clock?.cancel()
    clock = nil
  }

  func handle(_ event: Coordinator.Event) {
    loop.preconditionInEventLoop()
    guard case .leading(var coordinator) = role else { return }
    role = .holding  // so that the coordinator is not copied while it changes
    let actions = coordinator.handle(event, now: .now)
    role = .leading(coordinator)
    if case .said(let session, .beat) = event { perform([.tell(session, .beat)]) }
    perform(actions)
    if coordinator.isInDoubt { onDoubt() }
  }

  private func perform(_ actions: [Coordinator.Action]) {
    for action in actions {
      switch action {
      case .tell(let session, let message):
        send(message, to: session)
      case .dismiss(let session, let message):
        if let message { send(message, to: session) }
        channels.removeValue(forKey: session)?.close(promise: nil)
        held[session] = nil
      }
    }
  }

  private static let beat = Frame.encode(HostMessage.beat)

  private func send(_ message: HostMessage, to session: Coordinator.Session) {
    guard let channel = channels[session] else { return }
    let bytes = message == .beat ? Self.beat : Frame.encode(message)
    channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
  }
}
