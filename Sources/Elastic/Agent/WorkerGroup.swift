/// An agent's decisions about the workers of its machine.
///
/// A pure state machine: it receives events with the time and returns actions; it starts no process
/// and reads no clock. All workers of the group run and stop together. The job's ``Coordinator``
/// decides when they start, whether a failure is followed by a restart, and how the job ends.
/// ```
///             begin               a worker failed; stop; host lost
/// waiting -----------> running ----------------------------------> stopping
///    ^                   | all workers succeeded                      | all workers exited
///    |<--- stop ---- finished                                         |
///    '<---------------------------------------------------------------'
/// ```
/// In every state, a signal or the end of the job makes the agent finish, after the workers that
/// still run have stopped.
///
/// A worker that exits with ``WorkerExit/preempted`` on request has saved its state. That is no
/// failure, and the others get the time they need to do the same. If no request is known within
/// ``requestDelay``, the exit is a failure. A request is known if this or another node's launcher
/// received a signal, or if a worker sent a `StopNotice`.
package struct WorkerGroup: Sendable {
  /// An event.
  package enum Event: Sendable, Hashable {
    /// The coordinator starts a round.
    case begin
    /// The coordinator stops the round; `isBroken` if workers may be blocked on a machine that does
    /// not answer.
    case stop(isBroken: Bool)
    /// The session with the coordinator is lost; `isBroken` as with `stop`.
    case lost(isBroken: Bool)
    /// The job has ended.
    case end
    /// A worker process exited.
    case exited(localRank: Int, WorkerExit)
    /// The launcher received a signal.
    case signalled(Signal)
    /// A worker, or another node, received a request to stop.
    case stopRequested
    /// Time passed, possibly up to the ``WorkerGroup/deadline``.
    case timePassed
  }

  /// An action for the agent.
  package enum Action: Sendable, Hashable {
    /// Start all workers.
    case start
    /// Send a signal to the process group of every worker that is still running.
    case send(Signal)
    /// Report to the coordinator that a worker failed.
    case reportFailed
    /// Report to the coordinator that no worker is running.
    case reportStopped
    /// Report to the coordinator that all workers succeeded, or saved their state and stopped.
    case reportFinished(preempted: Bool)
    /// Report to the coordinator that this node leaves because of a signal.
    case reportLeaving(Signal)
    /// Report to the coordinator that the workers were asked to stop.
    case reportStopRequested
    /// Tell the user that a worker exited with the code of a requested stop without a request.
    case announceUnrequestedStop
    /// Tell the user which workers have stopped on request and which are still running.
    case announceWait
    /// Leave the job.
    case finish(Outcome)
  }

  /// Why the agent leaves the job.
  package enum Outcome: Sendable, Hashable {
    /// The job has ended; the coordinator's message says how.
    case ended
    /// A signal stopped the launcher.
    case interrupted(Signal)
    /// The workers saved their state and stopped, but the job's end was not received in time.
    case preempted
  }

  private enum Phase: Hashable {
    case waiting, running, finished, over
    /// Whether the coordinator receives a report when all workers have exited.
    case stopping(reportsStop: Bool)
    case stoppingOnSignal(Signal)
    case leavingPreempted
  }

  /// The time between SIGTERM and SIGINT for workers whose peers may be lost.
  ///
  /// A worker may respond to SIGTERM by saving after its current step. Without its peers, it never
  /// finishes that step.
  package static let interruptDelay = Duration.milliseconds(500)

  /// The time in which a request to stop has to become known after a worker exited because of it.
  ///
  /// Batch systems signal processes and nodes at slightly different times.
  package static let requestDelay = Duration.seconds(2)

  /// The time after which the wait for workers that have not stopped yet is announced, and the time
  /// between repetitions.
  package static let waitNotice = (first: Duration.seconds(5), next: Duration.seconds(60))

  private let workerCount: Int
  private let shutdownTimeout: Duration
  private var phase = Phase.waiting
  private var running: Set<Int> = []
  private var exits: Set<WorkerExit> = []
  private var mustBegin = false
  private var mustEnd = false
  private var killDeadline: ContinuousClock.Instant?
  private var interruptDeadline: ContinuousClock.Instant?
  private var requestDeadline: ContinuousClock.Instant?
  private var waitNoticeTime: ContinuousClock.Instant?
  /// The stop signals that were sent to the workers; repetitions are not forwarded.
  private var forwarded: Set<Signal> = []

  /// Whether the workers of the round were asked to stop.
  package private(set) var isStopRequested = false

  /// Creates a group that waits for ``Event/begin``.
  ///
  /// - Parameters:
  ///   - workerCount: The number of workers.
  ///   - shutdownTimeout: The time between SIGTERM and SIGKILL.
  package init(workerCount: Int, shutdownTimeout: Duration) {
    self.workerCount = workerCount
    self.shutdownTimeout = shutdownTimeout
  }

  /// When ``handle(_:now:)`` must receive ``Event/timePassed``; `nil` if no time limit is running.
  package var deadline: ContinuousClock.Instant? {
    [killDeadline, interruptDeadline, requestDeadline, waitNoticeTime].compactMap { $0 }.min()
  }

  /// Whether the workers were asked to stop.
  package var isStopping: Bool {
    switch phase {
    case .stopping, .stoppingOnSignal, .leavingPreempted: true
    case .waiting, .running, .finished, .over: false
    }
  }

  /// Whether the workers take part in a round and were not asked to stop.
  package var isActive: Bool { phase == .running || phase == .finished }

  /// Whether a restart may follow if a worker fails now.
  package var mayRestart: Bool {
    switch phase {
    case .running, .finished, .stopping: !mustEnd
    case .waiting, .stoppingOnSignal, .leavingPreempted, .over: false
    }
  }

  /// Handles an event.
  package mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
    if phase == .over { return [] }
    switch event {
    case .begin: return begin()
    case .stop(let isBroken): return stop(reportsStop: true, isBroken: isBroken, now)
    case .lost(let isBroken): return stop(reportsStop: false, isBroken: isBroken, now)
    case .end: return end(now)
    case .exited(let localRank, let exit):
      precondition(running.remove(localRank) != nil, "worker \(localRank) was not running")
      exits.insert(exit)
      return workerExited(exit, now)
    case .signalled(let signal): return launcherSignalled(signal, now)
    case .stopRequested: return stopWasRequested(now)
    case .timePassed: return tick(now)
    }
  }

  private mutating func begin() -> [Action] {
    switch phase {
    case .waiting, .finished:
      phase = .running
      running = Set(0..<workerCount)
      exits = []
      forwarded = []
      isStopRequested = false
      requestDeadline = nil
      waitNoticeTime = nil
      mustBegin = false
      return [.start]
    case .stopping:
      mustBegin = true  // a new host starts a round before the last round's workers have exited
      return []
    case .running, .stoppingOnSignal, .leavingPreempted, .over:
      return []
    }
  }

  private mutating func stop(
    reportsStop: Bool, isBroken: Bool, _ now: ContinuousClock.Instant
  ) -> [Action] {
    requestDeadline = nil
    waitNoticeTime = nil
    switch phase {
    case .finished where isPreempted && !reportsStop:
      return leavePreempted(now)  // the job's end can no longer be received from this host
    case .waiting, .finished:
      phase = .waiting
      return reportsStop ? [.reportStopped] : []
    case .running where running.isEmpty:  // all stopped without a known request
      phase = .waiting
      return reportsStop ? [.reportStopped] : []
    case .running:
      phase = .stopping(reportsStop: reportsStop)
      return terminate(isBroken: isBroken, now)
    case .stopping:
      if !reportsStop { mustBegin = false }
      phase = .stopping(reportsStop: reportsStop)
      if isBroken && interruptDeadline == nil {
        interruptDeadline = now + Self.interruptDelay
      }
      return []
    case .stoppingOnSignal, .leavingPreempted, .over:
      return []
    }
  }

  private mutating func terminate(isBroken: Bool, _ now: ContinuousClock.Instant) -> [Action] {
    killDeadline = now + shutdownTimeout
    interruptDeadline = isBroken ? now + Self.interruptDelay : nil
    return [.send(.terminate)]
  }

  private mutating func end(_ now: ContinuousClock.Instant) -> [Action] {
    mustEnd = true
    if running.isEmpty { return finish(.ended) }
    if phase == .running {
      phase = .stopping(reportsStop: false)
      return terminate(isBroken: false, now)
    }
    return []
  }

  private mutating func workerExited(
    _ exit: WorkerExit, _ now: ContinuousClock.Instant
  ) -> [Action] {
    var actions: [Action] = []
    if phase == .running, exit == .preempted {
      if isStopRequested {
        waitNoticeTime = waitNoticeTime ?? now + Self.waitNotice.first
      } else {
        requestDeadline = requestDeadline ?? now + Self.requestDelay
      }
    } else if phase == .running, !exit.isSuccess {
      actions = fail(now)
    }
    guard running.isEmpty else { return actions }

    killDeadline = nil
    interruptDeadline = nil
    if mustEnd { return actions + finish(.ended) }
    switch phase {
    case .running where requestDeadline != nil:
      return actions  // a request may still become known
    case .running:
      phase = .finished
      return actions + [.reportFinished(preempted: isPreempted)]
    case .stopping(let reportsStop):
      phase = .waiting
      if reportsStop { actions.append(.reportStopped) }
      return mustBegin ? actions + begin() : actions
    case .stoppingOnSignal where isPreempted:
      return actions + [.reportFinished(preempted: true)] + leavePreempted(now)
    case .stoppingOnSignal(let signal):
      return actions + [.reportStopped] + finish(.interrupted(signal))
    case .waiting, .finished, .leavingPreempted, .over:
      preconditionFailure("a worker exited while the group was \(phase)")
    }
  }

  /// Stops the group because a worker failed.
  private mutating func fail(_ now: ContinuousClock.Instant) -> [Action] {
    phase = .stopping(reportsStop: true)
    requestDeadline = nil
    waitNoticeTime = nil
    return [.reportFailed] + (running.isEmpty ? [] : terminate(isBroken: false, now))
  }

  /// Waits for the end of the job after all workers have saved their state.
  ///
  /// All workers of the job stop at the same step, so the job is about to end on all nodes.
  private mutating func leavePreempted(_ now: ContinuousClock.Instant) -> [Action] {
    phase = .leavingPreempted
    waitNoticeTime = nil
    killDeadline = now + shutdownTimeout
    return []
  }

  private mutating func stopWasRequested(_ now: ContinuousClock.Instant) -> [Action] {
    guard !isStopRequested, isActive else { return [] }
    isStopRequested = true
    guard requestDeadline != nil else { return [.reportStopRequested] }
    requestDeadline = nil
    waitNoticeTime = now + Self.waitNotice.first
    guard running.isEmpty else { return [.reportStopRequested] }
    phase = .finished
    return [.reportStopRequested, .reportFinished(preempted: isPreempted)]
  }

  private var isPreempted: Bool {
    exits.contains(.preempted) && exits.isSubset(of: [.preempted, .code(0)])
  }

  private mutating func launcherSignalled(
    _ signal: Signal, _ now: ContinuousClock.Instant
  ) -> [Action] {
    let request = stopWasRequested(now)
    guard signal.stopsJob else { return request + (running.isEmpty ? [] : [.send(signal)]) }
    switch phase {
    case .stoppingOnSignal:
      // Batch systems repeat the signal. A worker that is saving must not be disturbed by it.
      guard signal == .interrupt else {
        return forwarded.insert(signal).inserted ? [.send(signal)] : []
      }
      killDeadline = nil
      interruptDeadline = nil
      return [.send(.kill)]
    case .leavingPreempted:
      return signal == .interrupt ? finish(.preempted) : []
    case .finished where isPreempted:
      return request + [.reportLeaving(signal)] + leavePreempted(now)
    default: break
    }
    if running.isEmpty { return [.reportLeaving(signal)] + finish(.interrupted(signal)) }
    phase = .stoppingOnSignal(signal)
    forwarded = [signal]
    killDeadline = now + shutdownTimeout
    interruptDeadline = nil
    waitNoticeTime = nil
    return [.reportLeaving(signal), .send(signal)]
  }

  private mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
    var actions: [Action] = []
    if let interruptDeadline, now >= interruptDeadline {
      self.interruptDeadline = nil
      actions.append(.send(.interrupt))
    }
    if let killDeadline, now >= killDeadline {
      self.killDeadline = nil
      if phase == .leavingPreempted { return finish(.preempted) }
      actions.append(.send(.kill))
    }
    if let requestDeadline, now >= requestDeadline {
      actions.append(.announceUnrequestedStop)
      actions += fail(now)
      if running.isEmpty {
        phase = .waiting
        actions.append(.reportStopped)
      }
    }
    if let waitNoticeTime, now >= waitNoticeTime {
      self.waitNoticeTime = now + Self.waitNotice.next
      actions.append(.announceWait)
    }
    return actions
  }

  private mutating func finish(_ outcome: Outcome) -> [Action] {
    phase = .over
    requestDeadline = nil
    waitNoticeTime = nil
    return [.finish(outcome)]
  }
}
