import Collectives
import Glibc
import Support

/// The work of a ``NodeSession``'s thread.
final class SessionRunner {
  /// The result of an attempt to join a host.
  enum Attempt {
    case joined(FrameSocket)
    case redirected(NodeAddress)
    case refused(Refusal)
    case failed(FrameSocket.Failure)
  }

  /// The reason why a session ended.
  private enum SessionEnd {
    case closed
    case lost(FrameSocket.Failure)
    case redirected(NodeAddress)
  }

  let configuration: SessionConfiguration
  let emit: (SessionEvent) -> Void
  private let wakeup: Int32
  private let takeOutbox: () -> (messages: [NodeMessage], isClosed: Bool)
  private(set) var hello: NodeHello
  private(set) var assignment: NodeAssignment?
  private var host: NodeAddress?
  private var hasReportedWait = false
  /// When the endpoint was first found to belong to another program.
  private var foreignSince: ContinuousClock.Instant?
  /// Whether this launcher's own server hosts the job.
  var isHost: Bool

  init(
    _ configuration: SessionConfiguration, wakeup: Int32,
    takeOutbox: @escaping () -> (messages: [NodeMessage], isClosed: Bool),
    emit: @escaping (SessionEvent) -> Void
  ) {
    self.configuration = configuration
    self.wakeup = wakeup
    self.takeOutbox = takeOutbox
    self.emit = emit
    hello = configuration.hello
    isHost = configuration.isHost
  }

  func run() {
    ThreadPriority.raise()
    do throws(ElasticError) {
      var socket = try joinFirstHost()
      while let joined = socket {
        switch serve(joined) {
        case .closed: return
        case .lost(let failure):
          let address = host.map { "\($0): " } ?? ""
          emit(.lost(address + failure.reason, isSilent: failure == .timedOut))
          socket = try findHost()
        case .redirected(let address):
          emit(.lost("the job's host is now \(address)", isSilent: false))
          host = address
          isHost = false
          socket = try findHost()
        }
      }
    } catch {
      emit(.failed(error))
    }
  }

  // MARK: The first host

  /// Connects to the endpoint until a host answers; `nil` if the session is closed meanwhile.
  private func joinFirstHost() throws(ElasticError) -> FrameSocket? {
    if let registration = configuration.registration { return try joinHost(by: registration) }
    let start = ContinuousClock.now
    var attempts = 0
    var pause = Duration.milliseconds(20)
    while true {
      attempts += 1
      let port = configuration.endpoint.port ?? 0
      var reason: String
      var limit = configuration.limits.join
      switch HostAddress.resolve(configuration.endpoint.host, port) {
      case .failure(let failure):
        reason = "cannot resolve the name: \(failure.reason)"
        limit = min(limit, .seconds(30))
      case .success(let addresses):
        reason = "the name has no address"
        for address in addresses {
          switch join(
            NodeAddress(host: address.text, port: port), at: address, connectLimit: .seconds(5),
            helloLimit: .seconds(5), checksProtocol: true)
          {
          case .joined(let socket): return socket
          case .refused(let refusal): throw refusal.error
          case .redirected(let other):
            host = other
            return try findHost()
          case .failed(let failure):
            reason = failure.reason
            if case .foreign = failure { try meetForeignProgram(reason) }
          }
        }
      }
      let elapsed = ContinuousClock.now - start
      guard elapsed + pause < limit else {
        throw ElasticError(
          .rendezvousConnection,
          "node \(hello.hostName) cannot reach the rendezvous of job \(hello.job) at "
            + "\(configuration.endpoint) (\(reason); tried \(attempts) times in "
            + "\(elapsed.seconds) s): start the node that the endpoint names, and check the "
            + "address, the route and the firewalls")
      }
      if elapsed > .seconds(3) {
        reportWait(
          "waiting for the host of the rendezvous at \(configuration.endpoint) (\(reason))")
      }
      guard sleep(pause) else { return nil }
      pause = min(pause * 2, .seconds(1))
    }
  }

  /// Handles that another program answers at the endpoint.
  ///
  /// It may belong to an earlier job that is about to end, so it has a short time to disappear.
  ///
  /// - Throws: ``ElasticError`` with code `foreignRendezvous` if it still answers after that time.
  private func meetForeignProgram(_ reason: String) throws(ElasticError) {
    let since = foreignSince ?? .now
    if foreignSince == nil {
      foreignSince = since
      emit(.received(.notice("\(configuration.endpoint) belongs to another program: \(reason)")))
    }
    guard .now - since >= Self.foreignPatience else { return }
    throw ForeignRendezvous.error(
      node: hello.hostName, job: hello.job, endpoint: configuration.endpoint, reason)
  }

  /// The time for which a node retries an endpoint that belongs to another program.
  private static let foreignPatience = Duration.seconds(2)

  /// Reports to the user, once, what the session waits for.
  func reportWait(_ text: String) {
    guard !hasReportedWait else { return }
    hasReportedWait = true
    emit(.received(.notice(text)))
  }

  // MARK: Joining a host

  func join(
    _ host: NodeAddress, connectLimit: Duration, helloLimit: Duration
  ) -> Attempt {
    guard case .success(let addresses) = HostAddress.resolve(host.host, host.port),
      let address = addresses.first
    else { return .failed(.closed) }
    return join(host, at: address, connectLimit: connectLimit, helloLimit: helloLimit)
  }

  /// Connects to a host and introduces this node.
  ///
  /// A launcher that does not know the host yet does not answer; `helloLimit` is the time to wait
  /// for its answer.
  /// With `checksProtocol`, a peer that closes the connection or sends nothing is asked whether it
  /// is PyTorch's store: a launcher of Lockstep sends its protocol's name at once.
  private func join(
    _ host: NodeAddress, at address: HostAddress, connectLimit: Duration, helloLimit: Duration,
    checksProtocol: Bool = false
  ) -> Attempt {
    var mayBeStore = checksProtocol
    func isStore() -> Bool {
      defer { mayBeStore = false }
      return mayBeStore && ForeignRendezvous.storeAnswers(at: address, within: .seconds(1))
    }
    do throws(FrameSocket.Failure) {
      let socket = try FrameSocket(address, within: connectLimit)
      if hello.address.host.isEmpty { hello.address.host = socket.localAddress }
      try socket.send(.hello(hello))
      let deadline = Deadline(after: helloLimit)
      while !deadline.hasPassed {
        let limit = mayBeStore ? min(deadline.remaining, Self.silenceLimit) : deadline.remaining
        guard Poll.wait(socket.descriptor.number, POLLIN, limit) else {
          if isStore() { return .failed(.foreign(Self.storeReason)) }
          continue
        }
        try socket.receive()
        if socket.hasReceived { mayBeStore = false }
        while let message = try socket.next() {
          switch message {
          case .welcome(let time):
            emit(.received(.welcome(time: time)))
            self.host = host
            if !isHost { configuration.server?.follow(host) }
            return .joined(socket)
          case .refused(let refusal): return .refused(refusal)
          case .redirect(let other): return .redirected(other)
          default: break
          }
        }
      }
      return .failed(.timedOut)
    } catch {
      return error == .closedUnanswered && isStore()
        ? .failed(.foreign(Self.storeReason)) : .failed(error)
    }
  }

  /// The time without an answer after which the peer may be PyTorch's store.
  private static let silenceLimit = Duration.seconds(1)
  private static let storeReason = "is PyTorch's store, as for torchrun's nodes"

  // MARK: The session

  /// Keeps a session until it is closed or lost.
  private func serve(_ socket: FrameSocket) -> SessionEnd {
    let interval = configuration.heartbeatInterval
    var lastReceived = ContinuousClock.now
    var lastHeartbeat = lastReceived
    var lastWakeup = lastReceived
    do throws(FrameSocket.Failure) {
      while true {
        while let message = try socket.next() {
          if case .redirect(let host) = message { return .redirected(host) }
          receive(message)
        }
        let now = ContinuousClock.now
        if now - lastHeartbeat >= interval {
          try socket.send(.heartbeat)
          lastHeartbeat = now
        }
        var entries = [socket.descriptor.number, wakeup].map {
          pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        poll(&entries, 2, max(lastHeartbeat + interval - .now, .zero).pollMilliseconds)
        let (messages, isClosed) = takeOutbox()
        for message in messages { try socket.send(message) }
        if isClosed { return .closed }
        if entries[0].revents != 0 {
          try socket.receive()
          lastReceived = .now
        }
        // Restart the host's heartbeat timeout if this thread itself was suspended.
        if ContinuousClock.now - lastWakeup > interval * 2 { lastReceived = .now }
        lastWakeup = .now
        if lastWakeup - lastReceived > configuration.limits.silence { throw .timedOut }
      }
    } catch {
      return .lost(error)
    }
  }

  private func receive(_ message: HostMessage) {
    if case .begin(let assignment) = message {
      self.assignment = assignment
      hello.lastRound = NodeHello.LastRound(
        term: assignment.term, round: assignment.round, groupRank: assignment.groupRank,
        restarts: assignment.restarts)
    }
    if message != .heartbeat { emit(.received(message)) }
  }

  // MARK: A lost host

  /// Joins the lost host or a new one, or becomes the host; `nil` if the session is closed
  /// meanwhile.
  ///
  /// All members try the same addresses in the same order: the lost host, then the members by rank.
  /// If a node reaches no address before its own, it becomes the host, and the others find it.
  private func findHost() throws(ElasticError) -> FrameSocket? {
    if let registration = configuration.registration { return try joinHost(by: registration) }
    let start = ContinuousClock.now
    var attempts = 0
    var limit = Duration.milliseconds(300)
    let lost = host
    if !isHost { configuration.server?.suspend() }
    while ContinuousClock.now - start < configuration.limits.join {
      var candidates = ([host, lost].compactMap { $0 } + (assignment?.successors ?? []))
        .uniqued[...]
      var exited: Set<NodeAddress> = []
      var isHostSilent = false
      var mayTakeOver = true
      var redirections = 0
      while let candidate = candidates.popFirst() {
        attempts += 1
        if candidate == hello.address, candidate != lost {
          guard mayTakeOver, takeOver(exited) else { continue }
        }
        let isLost = candidate == lost || candidate == assignment?.host
        if isLost && isHostSilent { continue }  // another address of the same process
        switch join(candidate, connectLimit: limit, helloLimit: isLost ? limit : .seconds(3)) {
        case .joined(let socket): return socket
        case .refused(let refusal): throw refusal.error
        case .redirected(let other) where other == lost:
          mayTakeOver = false  // the candidate reaches the host, or has not noticed its loss yet
        case .redirected(let other):
          redirections += 1
          if redirections <= 32 { candidates = [other] + candidates }  // limits redirection loops
        case .failed(.system(ECONNREFUSED)): exited.insert(candidate)
        case .failed: isHostSilent = isHostSilent || isLost
        }
      }
      guard sleep(.milliseconds(50)) else { return nil }
      limit = min(limit + .milliseconds(300), .seconds(3))
    }
    throw ElasticError(
      .rendezvousConnection,
      "node \(hello.hostName) lost the host of job \(hello.job)"
        + (lost.map { " (\($0))" } ?? "") + " and found no other (\(attempts) attempts in "
        + "\((ContinuousClock.now - start).seconds) s): restart this node while the job is running")
  }

  /// Makes this launcher the host, if it can be one.
  ///
  /// - Parameter exited: The addresses that refused the connection: their launchers have exited.
  /// - Returns: Whether it is the host now.
  private func takeOver(_ exited: Set<NodeAddress>) -> Bool {
    guard let assignment, let server = configuration.server else { return false }
    let lower = assignment.successors.prefix(assignment.groupRank)
    server.host(
      Coordinator(
        limits: configuration.limits, host: hello.identity, takingOver: assignment,
        exited: assignment.successors.count(where: exited.contains),
        winsTies: lower.allSatisfy(exited.contains), now: .now))
    isHost = true
    HostAnnouncer.start(
      server, at: hello.address,
      others: [endpointAddress, host].compactMap { $0 } + assignment.successors)
    emit(.becameHost)
    return true
  }

  private var endpointAddress: NodeAddress? {
    let endpoint = configuration.endpoint
    return endpoint.port.map { NodeAddress(host: endpoint.host, port: $0) }
  }

  /// Sleeps, and returns whether the session is still open.
  ///
  /// It drops the messages in the outbox, because their round has ended.
  func sleep(_ pause: Duration) -> Bool {
    _ = Poll.wait(wakeup, POLLIN, pause)
    return !takeOutbox().isClosed
  }
}

extension Refusal {
  var error: ElasticError {
    ElasticError(kind == .closed ? .rendezvousClosed : .rendezvousState, message)
  }
}

extension Array where Element: Hashable {
  /// The elements without repetitions, in their order.
  fileprivate var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
