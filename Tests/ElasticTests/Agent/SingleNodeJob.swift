import Elastic

/// A job of one node in simulated time: a worker group, and the coordinator of a `LocalSession`.
struct SingleNodeJob {
  /// What the agent of the job does to its workers.
  enum Step: Hashable {
    case start(attempt: Int)
    case send(Signal)
    case finish(Outcome)
    case announceUnrequestedStop
    case announceWait
  }

  /// How the job ended, as the agent reports it.
  enum Outcome: Hashable {
    case succeeded
    case failed
    case interrupted(Signal)
    case preempted
  }

  private(set) var group: WorkerGroup
  private(set) var failure: (workerCount: Int, restarts: Int)?
  private let session: LocalSession
  private var assignment: NodeAssignment?
  private var end: JobEnd?
  private var steps: [Step] = []

  init(workers: Int, maxRestarts: Int) {
    group = WorkerGroup(workerCount: workers, shutdownTimeout: .seconds(30))
    session = LocalSession(
      NodeHello(
        job: "job", minNodes: 1, maxNodes: 1, maxRestarts: maxRestarts, identity: "",
        hostName: "node0", pid: 1, address: NodeAddress(host: "127.0.0.1", port: 0),
        workerCount: workers, role: "default"))
  }

  /// Starts the job.
  mutating func begin(now: ContinuousClock.Instant) -> [Step] { takeSteps(now) }

  /// Handles an event as the agent does, and returns what the agent does to its workers.
  mutating func handle(_ event: WorkerGroup.Event, now: ContinuousClock.Instant) -> [Step] {
    apply(event, now)
    return takeSteps(now)
  }

  private mutating func takeSteps(_ now: ContinuousClock.Instant) -> [Step] {
    while case let events = session.events(), !events.isEmpty {
      for case .received(let message) in events { receive(message, now) }
    }
    defer { steps = [] }
    return steps
  }

  private mutating func receive(_ message: HostMessage, _ now: ContinuousClock.Instant) {
    switch message {
    case .startStore(let round): session.send(.storeStarted(round: round, port: 7))
    case .begin(let assignment):
      self.assignment = assignment
      apply(.begin, now)
    case .stop(let round, let reason):
      guard round == assignment?.round else { return }
      apply(.stop(isBroken: reason.mayLeaveWorkersHanging), now)
    case .end(let end):
      self.end = end
      if case .failed(_, let workerCount, let restarts) = end { failure = (workerCount, restarts) }
      apply(.end, now)
    default: break
    }
  }

  private mutating func apply(_ event: WorkerGroup.Event, _ now: ContinuousClock.Instant) {
    let round = assignment?.round ?? -1
    for action in group.handle(event, now: now) {
      switch action {
      case .start: steps.append(.start(attempt: assignment?.restarts ?? -1))
      case .send(let signal): steps.append(.send(signal))
      case .reportFailed: session.send(.failed(round: round))
      case .reportStopped: session.send(.stopped(round: round, []))
      case .reportFinished(let preempted):
        session.send(.finished(round: round, preempted: preempted))
      case .reportStopRequested: session.send(.stopRequested(round: round))
      case .announceUnrequestedStop: steps.append(.announceUnrequestedStop)
      case .announceWait: steps.append(.announceWait)
      case .reportLeaving(let signal): session.send(.leaving(signal: signal.number))
      case .finish(let outcome): steps.append(.finish(self.outcome(outcome)))
      }
    }
  }

  private func outcome(_ outcome: WorkerGroup.Outcome) -> Outcome {
    switch (outcome, end) {
    case (.interrupted(let signal), _): .interrupted(signal)
    case (.preempted, _), (_, .preempted): .preempted
    case (_, .failed), (_, .error): .failed
    case (_, .succeeded), (_, nil): .succeeded
    }
  }
}
