/// The decisions of a job's host: which nodes take part, and when their workers start and stop.
///
/// A pure state machine: it receives events with the time and returns the messages to send; it
/// opens no socket and reads no clock.
/// ```
///               enough nodes             rank 0's store listens
/// gathering -----------------> preparing ----------------------> running
///     ^                            |  a node is lost                |  a worker failed, a node is
///     |<---------------------------'                                v  lost, or nodes have joined
///     '<-------------------- all nodes have stopped ------------ stopping
///                                                                   |  all have stopped, and
///   all workers succeeded, no restart is left,                      v  no restart is left
///   or there are not enough nodes for too long  -----------------> ended
/// ```
/// A node takes part in the round (it has a rank), waits for the next one, or is a spare because
/// the job has its maximum number of nodes. Each node has a session: it ends when the node's
/// launcher exits, and the node sends heartbeats on it.
package struct Coordinator: Sendable {
  /// The number of a session; a node that reconnects has a new session.
  package typealias Session = Int

  /// An event.
  package enum Event: Sendable, Hashable {
    /// A node has introduced itself.
    case connected(Session, NodeHello)
    /// A node's connection is closed.
    case disconnected(Session)
    /// A node's message arrived.
    case received(Session, NodeMessage)
    /// Time passed.
    case timePassed
    /// Another node announced that it hosts the job.
    case otherHost(NodeAddress, HostPrecedence)
    /// The host registry confirmed, since the last event, that this node still hosts.
    case confirmed
    /// The host registry does not answer, for the given reason.
    case registryFailed(String)
    /// A client of PyTorch's store, such as a torchrun node, connected from the given address.
    case storeClient(String)
  }

  /// An action for the server.
  package enum Action: Sendable, Hashable {
    /// Send a message.
    case send(Session, HostMessage)
    /// Send a last message, if there is one, and close the session.
    case close(Session, HostMessage?)
  }

  /// A node's part in the current round.
  enum Duty: Sendable, Hashable { case none, working, finished }

  struct Node: Sendable {
    var hello: NodeHello
    var lastHeard: ContinuousClock.Instant
    /// The node's rank in the current or last round; `nil` if it did not take part.
    var rank: Int?
    var duty = Duty.none
    var isLeaving = false
    /// Whether the node counts for the ``Quorum``.
    var isVoter = false
  }

  enum Phase: Sendable, Hashable {
    case gathering(isFirst: Bool)
    case preparing
    case running
    case stopping(StopReason)
    case ended
    /// Another host with a higher precedence has taken over the job.
    case yielded
  }

  /// The times at which the coordinator acts without an event.
  struct Deadlines: Sendable {
    /// The end of the current phase.
    var phase: ContinuousClock.Instant?
    /// The time at which the coordinator stops waiting for more nodes and starts a round.
    var call: ContinuousClock.Instant?
    /// The time at which waiting nodes are notified what the job waits for.
    var notice: ContinuousClock.Instant?
  }

  let limits: CoordinatorLimits
  let hostIdentity: String
  /// The number of times another node became the host.
  var term: Int
  /// The first node's hello, which defines the job.
  var job: NodeHello?
  var nodes: [Session: Node] = [:]
  var phase = Phase.gathering(isFirst: true)
  var round: Int
  var restarts: Int
  /// The ends of the round's workers that its nodes have reported.
  var failures: [FailureSummary] = []
  /// The failure because of which the next round starts.
  var restartCause: FailureSummary?
  var hasPreempted = false
  var deadlines = Deadlines()
  var quorum = Quorum()
  /// The host registry's state; `nil` if the host is found at the endpoint.
  var registry: HostConfirmation?
  /// The rank of this node in the last round, if it took over from another host.
  var ownRank = Int.max
  var lastTick: ContinuousClock.Instant?
  /// The addresses of clients of PyTorch's store that were reported.
  var storeClients: Set<String> = []
  /// The address of such a client that connected before the first node.
  var earlyStoreClient: String?

  /// Creates the coordinator of a new job.
  ///
  /// - Parameters:
  ///   - limits: The time limits.
  ///   - host: The identity of the node that hosts the job.
  ///   - isRegistered: Whether a host registry names this node as the host.
  package init(limits: CoordinatorLimits, host: String, isRegistered: Bool = false) {
    self.limits = limits
    hostIdentity = host
    term = 0
    round = -1
    restarts = 0
    registry = isRegistered ? HostConfirmation() : nil
  }

  /// Creates the coordinator of a job whose host is lost.
  ///
  /// - Parameters:
  ///   - limits: The time limits.
  ///   - host: The identity of the node that hosts the job now.
  ///   - last: This node's assignment in the last round.
  ///   - exited: The number of nodes of the last round that are known to have exited.
  ///   - winsTies: Whether this part of the job continues with exactly half of the other nodes.
  ///   - isRegistered: Whether a host registry names this node as the host.
  ///   - now: The time.
  package init(
    limits: CoordinatorLimits, host: String, takingOver last: NodeAssignment, exited: Int,
    winsTies: Bool, isRegistered: Bool = false, now: ContinuousClock.Instant
  ) {
    self.limits = limits
    hostIdentity = host
    term = last.term + 1
    round = last.round
    restarts = last.restarts
    quorum = Quorum(
      voters: last.groupWorldSize - exited, expected: last.groupWorldSize - max(1, exited),
      winsTies: winsTies)
    registry = isRegistered ? HostConfirmation() : nil
    ownRank = last.groupRank
    phase = .gathering(isFirst: false)
    deadlines.call = now + limits.rejoin
    deadlines.phase = now + limits.join
  }

  /// Handles an event.
  package mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
    switch event {
    case .connected(let session, let hello): return add(session, hello, now)
    case .disconnected(let session): return remove(session, hasExited: true, now)
    case .received(let session, let message):
      guard nodes[session] != nil else { return [] }
      nodes[session]?.lastHeard = now
      return receive(message, from: session, now)
    case .timePassed: return tick(now)
    case .otherHost(let host, let other):
      guard precedence < other, phase != .ended else { return [] }
      phase = .yielded
      let actions = nodes.keys.sorted().map { Action.close($0, .redirect(host)) }
      nodes = [:]
      return actions
    case .confirmed:
      registry = HostConfirmation()
      return startRoundIfPossible(now)
    case .registryFailed(let reason):
      registry?.failure = reason
      return []
    case .storeClient(let address): return meetStoreClient(at: address)
    }
  }

  /// Whether the next round waits for the host registry's confirmation.
  package var needsConfirmation: Bool {
    if case .gathering = phase { registry?.isCurrent == false } else { false }
  }

  /// Whether the job has ended.
  package var hasEnded: Bool { phase == .ended }

  /// The nodes of the current round.
  var members: [Session] { nodes.keys.filter { nodes[$0]?.duty != Duty.none } }

  var isStopping: Bool {
    if case .stopping = phase { true } else { false }
  }

  private mutating func receive(
    _ message: NodeMessage, from session: Session, _ now: ContinuousClock.Instant
  ) -> [Action] {
    switch message {
    case .hello, .announcement, .heartbeat:
      return []
    case .storeStarted(let round, let port):
      guard phase == .preparing, round == self.round, nodes[session]?.rank == 0 else { return [] }
      return begin(port: port)
    case .failed(let round):
      guard round == self.round, phase == .running, let node = nodes[session] else { return [] }
      return stop(
        node.isLeaving
          ? .departure(node: node.hello.label, isSilent: false) : .failure(node: node.hello.label),
        now)
    case .stopped(let round, let summaries):
      guard round == self.round, nodes[session]?.duty != Duty.none else { return [] }
      failures += summaries
      nodes[session]?.duty = .none
      if phase == .running {  // it stopped without reporting a failure
        return stop(.departure(node: nodes[session]?.hello.label ?? "", isSilent: false), now)
      }
      return continueStopping(now)
    case .finished(let round, let preempted):
      guard round == self.round, nodes[session]?.duty == .working else { return [] }
      if phase == .running {
        nodes[session]?.duty = .finished
        hasPreempted = hasPreempted || preempted
        if deadlines.phase == nil { deadlines.phase = now + limits.exitBarrier }
        return endIfFinished()
      }
      nodes[session]?.duty = .none
      return continueStopping(now)
    case .stopRequested(let round):
      return round == self.round ? announceStopRequest(of: session) : []
    case .leaving:
      nodes[session]?.isLeaving = true
      return announceStopRequest(of: session)
    case .aborted(let message, let exitCode):
      let node = nodes[session]?.hello.label ?? ""
      nodes[session]?.duty = .none
      return end(.error(JobError(.node, "node \(node): \(message)", exitCode: exitCode)))
    }
  }

  /// Tells the other nodes of the round that a stop was requested.
  private func announceStopRequest(of session: Session) -> [Action] {
    guard phase == .running, nodes[session]?.duty != Duty.none else { return [] }
    return members.sorted().filter { $0 != session }.map { .send($0, .stopRequested(round: round)) }
  }
}
