import Glibc
package import Worker

/// The end of a worker that takes part in the search for the cause of a failure.
package struct WorkerFailure: Sendable, Hashable {
  package var rank: Int
  package var localRank: Int
  package var pid: Int32
  package var exit: WorkerExit

  /// The time of the failure, since 1970.
  ///
  /// This is when the worker wrote its error file or, without one, when the launcher noticed its
  /// exit.
  package var time: Duration

  /// Whether a signal from the launcher may have caused the exit.
  package var wasSignalled: Bool

  /// The time of the launcher's first signal to the worker, since 1970; `nil` without one.
  package var signalTime: Duration?

  /// Whether the worker succeeded, or saved its state and stopped on request.
  ///
  /// Such an end is a cause only if other workers failed because they still needed this one.
  package var isCompletion = false

  /// Whether this failure made its launcher stop the other workers.
  ///
  /// It then precedes the launchers' signals, also those on nodes whose clocks differ.
  package var isTrigger = false

  /// The worker's own record of its failure.
  package var record: ErrorRecord?

  /// The path of the file that contains ``record``.
  package var errorFile: String

  /// The last lines of the worker's standard error.
  package var lastLines: [String]

  /// Whether the worker wrote its standard error to the launcher's terminal, so that
  /// ``lastLines`` is unknown.
  package var isErrorStreamInherited = false

  /// The machine on which the worker ran; `nil` in a single-node job.
  package var hostName: String?

  package init(
    rank: Int, localRank: Int, pid: Int32, exit: WorkerExit, time: Duration, wasSignalled: Bool,
    signalTime: Duration? = nil, isCompletion: Bool = false, record: ErrorRecord? = nil,
    errorFile: String = "", lastLines: [String] = [],
    hostName: String? = nil
  ) {
    self.rank = rank
    self.localRank = localRank
    self.pid = pid
    self.exit = exit
    self.time = time
    self.wasSignalled = wasSignalled
    self.signalTime = signalTime
    self.isCompletion = isCompletion
    self.record = record
    self.errorFile = errorFile
    self.lastLines = lastLines
    self.hostName = hostName
  }
}

extension WorkerFailure {
  /// Whether the worker ended only because the launcher stopped it: it reported no error before the
  /// launcher's signal.
  package var wasStopped: Bool {
    guard wasSignalled else { return false }
    guard record != nil else { return true }
    return signalTime.map { time > $0 } ?? false
  }

  /// Whether the worker exited with the code of a requested stop, although none was requested.
  package var isUnrequestedStop: Bool { exit == .preempted && !isCompletion }

  /// Whether the worker left its peers without an error of its own: it completed, or was about to
  /// exit when the launcher stopped it.
  ///
  /// It has a meaning for a root cause only, which is never a worker that was stopped while it
  /// still worked.
  package var leftItsPeers: Bool { isCompletion || wasStopped }

  /// The failure in one line: the rank, and its error's first line or how the worker ended.
  package var summary: String {
    let worker = "rank \(rank)" + (hostName.map { " on \($0)" } ?? "")
    if leftItsPeers { return "\(worker) ended while other ranks still needed it" }
    let message = record?.message.prefix { !$0.isNewline } ?? ""
    return "\(worker) failed: " + (message.isEmpty ? "\(exit)" : String(message))
  }

  /// The exit code of a job with this root cause.
  ///
  /// It is 1 for a worker that reported an error before the launcher stopped it by a signal, and
  /// for one that exited with 75 although no stop was requested: a batch script resumes a job that
  /// ends with 75.
  package var jobExitCode: Int32 {
    if isCompletion || isUnrequestedStop { return 1 }
    return if wasSignalled, case .signal = exit { 1 } else { exit.shellCode }
  }

  /// The modification time of a file, since 1970.
  static func modificationTime(of path: String) -> Duration? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return .seconds(info.st_mtim.tv_sec) + .nanoseconds(info.st_mtim.tv_nsec)
  }

  /// The current time, since 1970, by the clock that file systems use.
  static var now: Duration { time(of: CLOCK_REALTIME_COARSE) }

  /// The current time, since 1970, up to a few milliseconds later than ``now``.
  ///
  /// Signals are dated by it: an error that preceded a signal is then never dated after it.
  static var exactNow: Duration { time(of: CLOCK_REALTIME) }

  private static func time(of clock: clockid_t) -> Duration {
    var time = timespec()
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
