/// The decisions of an agent about its workers: when to stop, restart or give up on them.
///
/// A pure state machine. It is told what happened and what time it is, and answers what to do; it
/// starts no process and reads no clock. All workers run, stop and restart together:
/// ```
///            start                  a worker failed                 all ended, restarts left
/// (begin) ----------> running -----------------------> stopping --------------------------> running
///                        |   \  signal to the launcher  |    \  all ended, none left
///      all ended well    |    `------------------------>|     `-----------> finished(.failed)
/// finished(.succeeded) <-'                              `-----------------> finished(.interrupted)
/// ```
/// A worker that ends with ``WorkerExit/preempted`` was asked to stop, by whomever, and has saved: that
/// is no failure, and the others are given the time they need to do the same. When all have ended so,
/// the job is `finished(.preempted)`, whether the launcher got a signal or not.
package struct WorkerGroup: Sendable {
  /// Something that happened to the workers or the launcher.
  package enum Event: Sendable, Hashable {
    /// A worker process ended.
    case exited(localRank: Int, WorkerExit)
    /// The launcher received a signal.
    case signalled(Signal)
    /// The clock went on, perhaps to the ``WorkerGroup/deadline``.
    case timePassed
  }

  /// Something the agent has to do now.
  package enum Action: Sendable, Hashable {
    /// Start all workers; attempt 0 is the first.
    case start(attempt: Int)
    /// Send a signal to the process group of every worker that is still running.
    case send(Signal)
    /// The job is over: clean up and report.
    case finish(Outcome)
  }

  /// How the job ended.
  package enum Outcome: Sendable, Hashable {
    /// Every worker exited with code 0.
    case succeeded
    /// A worker failed and no restart was left.
    case failed
    /// The launcher was told to stop by a signal.
    case interrupted(Signal)
    /// The workers were told to stop, and saved what is needed to go on.
    case preempted
  }

  private enum Phase: Hashable {
    case idle
    case running
    case stoppingAfterFailure
    case stoppingOnSignal(Signal)
    case finished
  }

  private let workerCount: Int
  private let maxRestarts: Int
  private let shutdownTimeout: Duration
  private var phase = Phase.idle
  private var running: Set<Int> = []
  private var ends: Set<WorkerExit> = []

  /// How many times the workers were restarted so far.
  package private(set) var attempt = 0

  /// When workers that were asked to stop have to be killed; `nil` when none were asked.
  package private(set) var deadline: ContinuousClock.Instant?

  /// Creates the group; ``begin()`` starts it.
  package init(workerCount: Int, maxRestarts: Int, shutdownTimeout: Duration) {
    self.workerCount = workerCount
    self.maxRestarts = maxRestarts
    self.shutdownTimeout = shutdownTimeout
  }

  /// Whether another failure would be followed by a restart.
  package var canRestart: Bool { attempt < maxRestarts }

  /// Whether the workers were told to stop, by the launcher or through it.
  package var isStopping: Bool {
    switch phase {
    case .stoppingAfterFailure, .stoppingOnSignal: true
    case .idle, .running, .finished: false
    }
  }

  /// Starts the first attempt.
  package mutating func begin() -> [Action] {
    precondition(phase == .idle, "a group begins once; it is \(phase)")
    return start()
  }

  /// Takes in what happened.
  package mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
    if phase == .finished { return [] }
    switch event {
    case .exited(let localRank, let exit):
      precondition(running.remove(localRank) != nil, "worker \(localRank) was not running")
      ends.insert(exit)
      return workerEnded(exit, now: now)
    case .signalled(let signal):
      return launcherSignalled(signal, now: now)
    case .timePassed:
      guard let deadline, now >= deadline else { return [] }
      self.deadline = nil
      return [.send(.kill)]
    }
  }

  private mutating func workerEnded(_ exit: WorkerExit, now: ContinuousClock.Instant) -> [Action] {
    var actions: [Action] = []
    if phase == .running, !exit.isSuccess, exit != .preempted {
      phase = .stoppingAfterFailure
      deadline = now + shutdownTimeout
      if !running.isEmpty { actions.append(.send(.terminate)) }
    }
    guard running.isEmpty else { return actions }

    deadline = nil
    switch phase {
    case .running,
      .stoppingOnSignal where isPreempted:
      actions += finish(isPreempted ? .preempted : .succeeded)
    case .stoppingAfterFailure where canRestart:
      attempt += 1
      actions += start()
    case .stoppingAfterFailure:
      actions += finish(.failed)
    case .stoppingOnSignal(let signal):
      actions += finish(.interrupted(signal))
    case .idle, .finished:
      preconditionFailure("a worker ended while the group was \(phase)")
    }
    return actions
  }

  private var isPreempted: Bool {
    ends.contains(.preempted) && ends.isSubset(of: [.preempted, .code(0)])
  }

  private mutating func launcherSignalled(
    _ signal: Signal, now: ContinuousClock.Instant
  ) -> [Action] {
    guard signal.stopsJob else { return [.send(signal)] }
    if case .stoppingOnSignal = phase {
      guard signal == .interrupt else { return [.send(signal)] }
      deadline = nil  // Ctrl-C during a shutdown: the user does not want to wait for it
      return [.send(.kill)]
    }
    phase = .stoppingOnSignal(signal)
    deadline = now + shutdownTimeout
    return [.send(signal)]
  }

  private mutating func start() -> [Action] {
    phase = .running
    running = Set(0..<workerCount)
    ends = []
    return [.start(attempt: attempt)]
  }

  private mutating func finish(_ outcome: Outcome) -> [Action] {
    phase = .finished
    return [.finish(outcome)]
  }
}
