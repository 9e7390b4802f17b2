import Collectives
import Glibc

/// What the thread of a ``NodeSession`` does.
final class SessionRunner {
  /// How an attempt to reach a host went.
  enum Attempt {
    case joined(FrameSocket)
    case redirected(NodePlace)
    case refused(Refusal)
    case failed(FrameSocket.Failure)
  }

  private enum Parting {
    case closed
    case lost(FrameSocket.Failure)
    case redirected(NodePlace)
  }

  let membership: NodeMembership
  private let wake: Int32
  private let take: () -> (messages: [NodeMessage], isClosed: Bool)
  let tell: (SessionEvent) -> Void
  private(set) var hello: NodeHello
  private var host: NodePlace?
  private(set) var assignment: NodeAssignment?
  private var isTold = false
  /// Whether this launcher's own server hosts.
  var leads: Bool

  init(
    _ membership: NodeMembership, wake: Int32,
    take: @escaping () -> (messages: [NodeMessage], isClosed: Bool),
    tell: @escaping (SessionEvent) -> Void
  ) {
    self.membership = membership
    self.wake = wake
    self.take = take
    self.tell = tell
    hello = membership.hello
    leads = membership.isHost
  }

  func run() {
    ThreadPriority.raise()
    do throws(ElasticError) {
      var socket = try meet()
      while let found = socket {
        switch serve(found) {
        case .closed: return
        case .lost(let failure):
          let place = host.map { "\($0): " } ?? ""
          tell(.lost(place + failure.reason, isSilent: failure == .timedOut))
          socket = try findHost()
        case .redirected(let place):
          tell(.lost("the job is led from \(place) now", isSilent: false))
          host = place
          leads = false
          socket = try findHost()
        }
      }
    } catch {
      tell(.failed(error))
    }
  }

  // MARK: The first meeting

  /// Connects to the endpoint, again and again until somebody hosts there; `nil` when closed meanwhile.
  private func meet() throws(ElasticError) -> FrameSocket? {
    if let registration = membership.registration { return try seek(registration) }
    let start = ContinuousClock.now
    var attempts = 0
    var pause = Duration.milliseconds(20)
    while true {
      attempts += 1
      let port = membership.endpoint.port ?? 0
      var reason: String
      var limit = membership.limits.join
      switch HostAddress.resolve(membership.endpoint.host, port) {
      case .failure(let failure):
        reason = "cannot resolve the name: \(failure.reason)"
        limit = min(limit, .seconds(30))
      case .success(let addresses):
        reason = "it has no address"
        for address in addresses {
          switch attempt(
            address, NodePlace(address: address.text, port: port), .seconds(5),
            patience: .seconds(5))
          {
          case .joined(let socket): return socket
          case .refused(let refusal): throw refusal.error
          case .redirected(let place): return try follow(place)
          case .failed(let failure): reason = failure.reason
          }
        }
      }
      let elapsed = ContinuousClock.now - start
      guard elapsed + pause < limit else {
        throw ElasticError(
          .rendezvousConnection,
          "node \(hello.hostName) cannot reach the rendezvous of job \(hello.job) at "
            + "\(membership.endpoint) (\(reason); tried \(attempts) times in \(elapsed.seconds) s): start "
            + "the node that the endpoint names, and check the address, the route and the firewalls"
        )
      }
      if elapsed > .seconds(3) {
        mention("waiting for the host of the rendezvous at \(membership.endpoint) (\(reason))")
      }
      guard sleep(pause) else { return nil }
      pause = min(pause * 2, .seconds(1))
    }
  }

  /// Tells the user once what is waited for.
  func mention(_ text: String) {
    guard !isTold else { return }
    isTold = true
    tell(.received(.notice(text)))
  }

  private func follow(_ place: NodePlace) throws(ElasticError) -> FrameSocket? {
    host = place
    return try findHost()
  }

  // MARK: Attempts

  func attempt(
    _ place: NodePlace, _ limit: Duration, patience: Duration
  ) -> Attempt {
    guard case .success(let addresses) = HostAddress.resolve(place.address, place.port),
      let address = addresses.first
    else { return .failed(.closed) }
    return attempt(address, place, limit, patience: patience)
  }

  /// Connects to a host and introduces this node.
  ///
  /// A launcher that does not know yet who hosts lets it wait: as long as `patience`.
  private func attempt(
    _ address: HostAddress, _ place: NodePlace, _ limit: Duration, patience: Duration
  ) -> Attempt {
    do throws(FrameSocket.Failure) {
      let socket = try FrameSocket(address, within: limit)
      if hello.place.address.isEmpty { hello.place.address = socket.localAddress }
      try socket.send(.hello(hello))
      let end = ContinuousClock.now + patience
      while ContinuousClock.now < end {
        guard Poll.wait(socket.descriptor.number, POLLIN, end - .now) else { break }
        try socket.receive()
        while let message = try socket.next() {
          switch message {
          case .welcome(let time):
            tell(.received(.welcome(time: time)))
            host = place
            if !leads { membership.server?.follow(place) }
            return .joined(socket)
          case .refused(let refusal): return .refused(refusal)
          case .redirect(let place): return .redirected(place)
          default: break
          }
        }
      }
      return .failed(.timedOut)
    } catch {
      return .failed(error)
    }
  }

  // MARK: The session

  /// Keeps a session until it is closed or lost.
  private func serve(_ socket: FrameSocket) -> Parting {
    var heard = ContinuousClock.now
    var beaten = heard
    var woken = heard
    do throws(FrameSocket.Failure) {
      while true {
        while let message = try socket.next() {
          if case .redirect(let place) = message { return .redirected(place) }
          hear(message)
        }
        let now = ContinuousClock.now
        if now - beaten >= membership.beat {
          try socket.send(.beat)
          beaten = now
        }
        var entries = [socket.descriptor.number, wake].map {
          pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        poll(&entries, 2, Poll.milliseconds(until: beaten + membership.beat))
        let (messages, isClosed) = take()
        for message in messages { try socket.send(message) }
        if isClosed { return .closed }
        if entries[0].revents != 0 {
          try socket.receive()
          heard = .now
        }
        // A time in which this thread did not run itself says nothing about the host.
        if ContinuousClock.now - woken > membership.beat * 2 { heard = .now }
        woken = .now
        if woken - heard > membership.limits.silence { throw .timedOut }
      }
    } catch {
      return .lost(error)
    }
  }

  private func hear(_ message: HostMessage) {
    if case .begin(let assignment) = message {
      self.assignment = assignment
      hello.standing = NodeHello.Standing(
        term: assignment.term, round: assignment.round, groupRank: assignment.groupRank,
        restarts: assignment.restarts)
    }
    if message != .beat { tell(.received(message)) }
  }

  // MARK: A lost host

  /// Looks for the host, old or new, or becomes it.
  ///
  /// All members try the same places in the same order: the lost host, then the members by rank. One
  /// that reaches none before itself takes over, and the others find it there.
  private func findHost() throws(ElasticError) -> FrameSocket? {
    if let registration = membership.registration { return try seek(registration) }
    let start = ContinuousClock.now
    var attempts = 0
    var limit = Duration.milliseconds(300)
    let lost = host
    if !leads { membership.server?.hold() }
    while ContinuousClock.now - start < membership.limits.join {
      var places = ([host, lost].compactMap { $0 } + (assignment?.successors ?? [])).uniqued[...]
      var gone: Set<NodePlace> = []
      var isHostSilent = false
      var mayTakeOver = true
      var redirections = 0
      while let place = places.popFirst() {
        attempts += 1
        if place == hello.place, place != lost {
          guard mayTakeOver, takeOver(gone) else { continue }
        }
        let isLost = place == lost || place == assignment?.host
        if isLost && isHostSilent { continue }  // the same process as the place before
        switch attempt(place, limit, patience: isLost ? limit : .seconds(3)) {
        case .joined(let socket): return socket
        case .refused(let refusal): throw refusal.error
        case .redirected(let other) where other == lost:
          mayTakeOver = false  // that one is in touch with the host, or has not noticed yet
        case .redirected(let other):
          redirections += 1
          if redirections <= 32 { places = [other] + places }  // two may send to each other
        case .failed(.system(ECONNREFUSED)): gone.insert(place)
        case .failed: isHostSilent = isHostSilent || isLost
        }
      }
      guard sleep(.milliseconds(50)) else { return nil }
      limit = min(limit + .milliseconds(300), .seconds(3))
    }
    throw ElasticError(
      .rendezvousConnection,
      "node \(hello.hostName) has lost the host of job \(hello.job)"
        + (lost.map { " (\($0))" } ?? "") + " and found no other (\(attempts) attempts in "
        + "\((ContinuousClock.now - start).seconds) s): start it again when the job runs")
  }

  /// Makes this launcher the host, if it can be one.
  ///
  /// - Parameter gone: Places whose machines answer that no launcher listens there any more.
  /// - Returns: Whether it leads now.
  private func takeOver(_ gone: Set<NodePlace>) -> Bool {
    guard let assignment, let server = membership.server else { return false }
    let lower = assignment.successors.prefix(assignment.groupRank)
    server.lead(
      Coordinator(
        limits: membership.limits, host: hello.identity, takingOver: assignment,
        gone: assignment.successors.count(where: gone.contains),
        winsTies: lower.allSatisfy(gone.contains), now: .now))
    leads = true
    Beacon.start(
      server, at: hello.place,
      others: [endpointPlace, host].compactMap { $0 } + assignment.successors)
    tell(.becameHost)
    return true
  }

  private var endpointPlace: NodePlace? {
    membership.endpoint.port.map { NodePlace(address: membership.endpoint.host, port: $0) }
  }

  /// Sleeps unless the session is closed meanwhile; messages are dropped, as their round is over.
  func sleep(_ pause: Duration) -> Bool {
    _ = Poll.wait(wake, POLLIN, pause)
    return !take().isClosed
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
