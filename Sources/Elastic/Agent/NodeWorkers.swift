/// The decisions of a node of a job of several nodes about its own workers.
///
/// A pure state machine, as ``WorkerGroup`` is for a job of one node; here the host of the rendezvous
/// decides when workers start and how the job ends, and the node does what it says, and tells it what
/// becomes of them.
/// ```
///             begin               a worker failed; stop; host lost
/// waiting -----------> running ----------------------------------> stopping
///    ^                   | all ended well                             | all ended
///    |<--- stop ---- finished                                         |
///    '<---------------------------------------------------------------'
/// ```
/// From each of them a signal leads out, and so does the host's word that the job is over.
package struct NodeWorkers: Sendable {
  /// Something that happened.
  package enum Event: Sendable, Hashable {
    /// The host wants the workers to start.
    case begin
    /// The host wants them to stop; `isBroken` if they may be waiting for a machine that does not answer.
    case stop(isBroken: Bool)
    /// The session with the host is lost; `isBroken` as with `stop`.
    case lost(isBroken: Bool)
    /// The job is over.
    case end
    /// A worker process ended.
    case exited(localRank: Int, WorkerExit)
    /// The launcher received a signal.
    case signalled(Signal)
    /// The clock went on, perhaps to the ``NodeWorkers/deadline``.
    case timePassed
  }

  /// Something to do now.
  package enum Action: Sendable, Hashable {
    /// Start all workers.
    case start
    /// Send a signal to the process group of every worker that is still running.
    case send(Signal)
    /// Tell the host that a worker failed.
    case tellFailed
    /// Tell the host that no worker runs any more.
    case tellStopped
    /// Tell the host that all workers ended well.
    case tellFinished(preempted: Bool)
    /// Tell the host that this node will go.
    case tellLeaving(Signal)
    /// Leave: because of a signal, or with the end that the host told.
    case finish(Outcome)
  }

  /// Why the node leaves.
  package enum Outcome: Sendable, Hashable {
    case ended
    case interrupted(Signal)
    case preempted
  }

  private enum Phase: Hashable {
    case waiting, running, finished, over
    case stopping(tellsHost: Bool)
    case stoppingOnSignal(Signal)
    case leavingPreempted
  }

  /// How long workers whose peers are gone may take before they get SIGINT as well.
  ///
  /// A worker that only notes SIGTERM, to save at its next step, never gets there.
  package static let patienceWhenBroken = Duration.milliseconds(500)

  private let workerCount: Int
  private let shutdownTimeout: Duration
  private var phase = Phase.waiting
  private var running: Set<Int> = []
  private var ends: Set<WorkerExit> = []
  private var hasToBegin = false
  private var hasToEnd = false
  private var killDeadline: ContinuousClock.Instant?
  private var interruptDeadline: ContinuousClock.Instant?

  package init(workerCount: Int, shutdownTimeout: Duration) {
    self.workerCount = workerCount
    self.shutdownTimeout = shutdownTimeout
  }

  /// When ``handle(_:now:)`` has to be told that time passed.
  package var deadline: ContinuousClock.Instant? {
    [killDeadline, interruptDeadline].compactMap { $0 }.min()
  }

  /// Whether the workers were told to stop.
  package var isStopping: Bool {
    switch phase {
    case .stopping, .stoppingOnSignal, .leavingPreempted: true
    case .waiting, .running, .finished, .over: false
    }
  }

  /// Takes in what happened.
  package mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
    if phase == .over { return [] }
    switch event {
    case .begin: return begin()
    case .stop(let isBroken): return stop(tellsHost: true, isBroken: isBroken, now)
    case .lost(let isBroken): return stop(tellsHost: false, isBroken: isBroken, now)
    case .end: return end(now)
    case .exited(let localRank, let exit):
      precondition(running.remove(localRank) != nil, "worker \(localRank) was not running")
      ends.insert(exit)
      return workerEnded(exit, now)
    case .signalled(let signal): return launcherSignalled(signal, now)
    case .timePassed: return tick(now)
    }
  }

  private mutating func begin() -> [Action] {
    switch phase {
    case .waiting, .finished:
      phase = .running
      running = Set(0..<workerCount)
      ends = []
      hasToBegin = false
      return [.start]
    case .stopping:
      hasToBegin = true  // a new host was faster than the workers of the round before
      return []
    case .running, .stoppingOnSignal, .leavingPreempted, .over:
      return []
    }
  }

  private mutating func stop(
    tellsHost: Bool, isBroken: Bool, _ now: ContinuousClock.Instant
  ) -> [Action] {
    switch phase {
    case .waiting, .finished:
      phase = .waiting
      return tellsHost ? [.tellStopped] : []
    case .running:
      phase = .stopping(tellsHost: tellsHost)
      return terminate(isBroken: isBroken, now)
    case .stopping(let told):
      if !tellsHost { hasToBegin = false }
      phase = .stopping(tellsHost: tellsHost && (told || tellsHost))
      if isBroken && interruptDeadline == nil {
        interruptDeadline = now + Self.patienceWhenBroken
      }
      return []
    case .stoppingOnSignal, .leavingPreempted, .over:
      return []
    }
  }

  private mutating func terminate(isBroken: Bool, _ now: ContinuousClock.Instant) -> [Action] {
    killDeadline = now + shutdownTimeout
    interruptDeadline = isBroken ? now + Self.patienceWhenBroken : nil
    return [.send(.terminate)]
  }

  private mutating func end(_ now: ContinuousClock.Instant) -> [Action] {
    hasToEnd = true
    if running.isEmpty { return finish(.ended) }
    if phase == .running {
      phase = .stopping(tellsHost: false)
      return terminate(isBroken: false, now)
    }
    return []
  }

  private mutating func workerEnded(
    _ exit: WorkerExit, _ now: ContinuousClock.Instant
  ) -> [Action] {
    var actions: [Action] = []
    if phase == .running, !exit.isSuccess, exit != .preempted {
      phase = .stopping(tellsHost: true)
      actions.append(.tellFailed)
      if !running.isEmpty { actions += terminate(isBroken: false, now) }
    }
    guard running.isEmpty else { return actions }

    (killDeadline, interruptDeadline) = (nil, nil)
    if hasToEnd { return actions + finish(.ended) }
    switch phase {
    case .running:
      phase = .finished
      return actions + [.tellFinished(preempted: isPreempted)]
    case .stopping(let tellsHost):
      phase = .waiting
      if tellsHost { actions.append(.tellStopped) }
      return hasToBegin ? actions + begin() : actions
    case .stoppingOnSignal where isPreempted:
      // The others have agreed to stop at the same step, so the job may end as a whole.
      phase = .leavingPreempted
      killDeadline = now + shutdownTimeout
      return actions + [.tellFinished(preempted: true)]
    case .stoppingOnSignal(let signal):
      return actions + [.tellStopped] + finish(.interrupted(signal))
    case .waiting, .finished, .leavingPreempted, .over:
      preconditionFailure("a worker ended while the node was \(phase)")
    }
  }

  private var isPreempted: Bool {
    ends.contains(.preempted) && ends.isSubset(of: [.preempted, .code(0)])
  }

  private mutating func launcherSignalled(
    _ signal: Signal, _ now: ContinuousClock.Instant
  ) -> [Action] {
    guard signal.stopsJob else { return running.isEmpty ? [] : [.send(signal)] }
    if case .stoppingOnSignal = phase {
      guard signal == .interrupt else { return [.send(signal)] }
      (killDeadline, interruptDeadline) = (nil, nil)
      return [.send(.kill)]
    }
    if running.isEmpty { return [.tellLeaving(signal)] + finish(.interrupted(signal)) }
    phase = .stoppingOnSignal(signal)
    killDeadline = now + shutdownTimeout
    interruptDeadline = nil
    return [.tellLeaving(signal), .send(signal)]
  }

  private mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
    var actions: [Action] = []
    if let moment = interruptDeadline, now >= moment {
      interruptDeadline = nil
      actions.append(.send(.interrupt))
    }
    if let moment = killDeadline, now >= moment {
      killDeadline = nil
      if phase == .leavingPreempted { return finish(.preempted) }
      actions.append(.send(.kill))
    }
    return actions
  }

  private mutating func finish(_ outcome: Outcome) -> [Action] {
    phase = .over
    return [.finish(outcome)]
  }
}
