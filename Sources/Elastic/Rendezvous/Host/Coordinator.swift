/// The decisions of the node that hosts a rendezvous: who is in the job, and when its workers start and
/// stop.
///
/// A pure state machine. It is told what happened and what time it is, and answers which messages to
/// send; it opens no socket and reads no clock.
/// ```
///               enough nodes             rank 0's store listens
/// gathering -----------------> preparing ----------------------> running
///     ^                            |  a node is gone                |  a worker failed, a node is
///     |<---------------------------'                                v  gone, or nodes have come
///     '<-------------------- all nodes have stopped ------------ stopping
///                                                                   |  all have stopped, and
///   all workers ended well, no restart is left,                     v  no restart is left
///   or there are not enough nodes for too long  -----------------> ended
/// ```
/// A node is in the round (it has a rank), or waits for the next one, or is spare, because the job has as
/// many nodes as it may. Each of them has a session: a connection that breaks when the node's launcher
/// ends, and on which it says all the time that it is alive.
package struct Coordinator: Sendable {
  /// A session's number; a node that connects again has another one.
  package typealias Session = Int

  /// Something that happened.
  package enum Event: Sendable, Hashable {
    /// A node has introduced itself.
    case arrived(Session, NodeHello)
    /// A node's connection is closed.
    case departed(Session)
    /// A node said something.
    case said(Session, NodeMessage)
    /// The clock went on.
    case timePassed
    /// Another node claims to lead the job.
    case claimed(by: NodePlace, Seniority)
    /// The register says that this node hosts; it was asked after what was told before.
    case confirmed
    /// The register does not answer, for the given reason.
    case unconfirmed(String)
  }

  /// Something to do now.
  package enum Action: Sendable, Hashable {
    /// Send a message.
    case tell(Session, HostMessage)
    /// Send a last message and close the session.
    case dismiss(Session, HostMessage?)
  }

  /// What is left to do for a node in a round.
  enum Duty: Sendable, Hashable { case none, working, finished }

  struct Node: Sendable {
    var hello: NodeHello
    var lastHeard: ContinuousClock.Instant
    /// Its rank in the current or last round; `nil` for one that was not in it.
    var rank: Int?
    var duty = Duty.none
    var isLeaving = false
    /// Whether it has a say in whether this part of a split job may go on.
    var isElector = false
  }

  enum Phase: Sendable, Hashable {
    case gathering(isFirst: Bool)
    case preparing
    case running
    case stopping(StopReason)
    case ended
    case deposed
  }

  let limits: CoordinatorLimits
  let hostIdentity: String
  var term: Int
  var job: NodeHello?
  var nodes: [Session: Node] = [:]
  var phase = Phase.gathering(isFirst: true)
  var round: Int
  var restarts: Int
  var failures: [FailureNote] = []
  var hasPreempted = false
  /// When the current phase is over whatever happens.
  var phaseDeadline: ContinuousClock.Instant?
  /// When enough nodes start without waiting for more, or newcomers are taken in.
  var callDeadline: ContinuousClock.Instant?
  /// When nodes that wait are told what for.
  var noticeDeadline: ContinuousClock.Instant?
  /// How many nodes of the last round may be running on the other side of a split.
  var electorate = 0
  /// How many of them come to a new host, if none but the old one is lost.
  var expected = 0
  let winsTies: Bool
  /// Whether a ``HostRegister`` was asked since the last node went; `nil` where there is none.
  ///
  /// Its word takes the place of a majority.
  package var isConfirmed: Bool?
  /// Why the register does not answer.
  var registerFailure: String?
  /// The rank of the node that hosts, if it took over.
  var ownRank = Int.max
  var lastTick: ContinuousClock.Instant?

  /// Creates the coordinator of a new job.
  ///
  /// - Parameters:
  ///   - limits: The limits.
  ///   - host: The identity of the node that hosts it.
  package init(limits: CoordinatorLimits, host: String) {
    self.limits = limits
    hostIdentity = host
    term = 0
    round = -1
    restarts = 0
    winsTies = true
  }

  /// Creates the coordinator of a job whose host is lost.
  ///
  /// - Parameters:
  ///   - limits: The limits.
  ///   - host: The identity of the node that hosts it now.
  ///   - last: This node's assignment in the last round.
  ///   - gone: How many nodes of the last round have ended for sure.
  ///   - winsTies: Whether this part of the job may go on if it has half of the other nodes.
  ///   - now: The time.
  package init(
    limits: CoordinatorLimits, host: String, takingOver last: NodeAssignment, gone: Int,
    winsTies: Bool, now: ContinuousClock.Instant
  ) {
    self.limits = limits
    hostIdentity = host
    term = last.term + 1
    round = last.round
    restarts = last.restarts
    electorate = last.groupWorldSize - gone
    expected = last.groupWorldSize - max(1, gone)
    self.winsTies = winsTies
    ownRank = last.groupRank
    phase = .gathering(isFirst: false)
    callDeadline = now + limits.reunion
    phaseDeadline = now + limits.join
  }

  /// Takes in what happened.
  package mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
    switch event {
    case .arrived(let session, let hello): return arrive(session, hello, now)
    case .departed(let session): return depart(session, isProven: true, now)
    case .said(let session, let message):
      guard nodes[session] != nil else { return [] }
      nodes[session]?.lastHeard = now
      return hear(message, from: session, now)
    case .timePassed: return tick(now)
    case .claimed(let place, let other):
      guard seniority < other, phase != .ended else { return [] }
      phase = .deposed
      let actions = nodes.keys.sorted().map { Action.dismiss($0, .redirect(place)) }
      nodes = [:]
      return actions
    case .confirmed:
      isConfirmed = true
      registerFailure = nil
      return formIfPossible(now)
    case .unconfirmed(let reason):
      registerFailure = reason
      return []
    }
  }

  /// Whether a new round needs the register's word.
  package var isInDoubt: Bool {
    if case .gathering = phase { isConfirmed == false } else { false }
  }

  /// Whether the job is over and everybody has gone.
  package var isDone: Bool { phase == .ended && nodes.isEmpty }

  /// Whether the job is over.
  package var hasEnded: Bool { phase == .ended }

  /// The nodes of the current round.
  var members: [Session] { nodes.keys.filter { nodes[$0]?.duty != Duty.none } }

  private mutating func hear(
    _ message: NodeMessage, from session: Session, _ now: ContinuousClock.Instant
  ) -> [Action] {
    switch message {
    case .hello, .claim, .beat:
      return []
    case .hosting(let round, let port):
      guard phase == .preparing, round == self.round, nodes[session]?.rank == 0 else { return [] }
      return begin(port: port)
    case .failed(let round):
      guard round == self.round, phase == .running, let node = nodes[session] else { return [] }
      return stop(
        node.isLeaving
          ? .departure(node: node.hello.label, isSilent: false) : .failure(node: node.hello.label),
        now)
    case .stopped(let round, let notes):
      guard round == self.round, nodes[session]?.duty != Duty.none else { return [] }
      failures += notes
      nodes[session]?.duty = .none
      if phase == .running {  // it stopped by itself, without a failure that it told
        return stop(.departure(node: nodes[session]?.hello.label ?? "", isSilent: false), now)
      }
      return continueStopping(now)
    case .finished(let round, let preempted):
      guard round == self.round, nodes[session]?.duty == .working else { return [] }
      if phase == .running {
        nodes[session]?.duty = .finished
        hasPreempted = hasPreempted || preempted
        if phaseDeadline == nil { phaseDeadline = now + limits.exitBarrier }
        return endIfFinished()
      }
      nodes[session]?.duty = .none
      return continueStopping(now)
    case .leaving:
      nodes[session]?.isLeaving = true
      return []
    case .gaveUp(let message, let exitCode):
      let node = nodes[session]?.hello.label ?? ""
      nodes[session]?.duty = .none
      return end(.error(JobError(.node, "node \(node): \(message)", exitCode: exitCode)))
    }
  }

  var isStopping: Bool {
    if case .stopping = phase { true } else { false }
  }
}
