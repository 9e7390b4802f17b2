import Glibc
package import WorkerFailures

/// A worker that did not end well.
package struct WorkerFailure: Sendable, Hashable {
  package var rank: Int
  package var localRank: Int
  package var pid: Int32
  package var exit: WorkerExit

  /// When it failed, since 1970: when its error file was written or, without one, its end was seen.
  package var time: Duration

  /// Whether it may have ended because of a signal that the launcher sent to it.
  package var wasSignalled: Bool

  /// What it wrote about its failure.
  package var record: ErrorRecord?

  /// The file of ``record``.
  package var errorFile: String

  /// The last lines of its standard error.
  package var lastLines: [String]

  /// The machine on which it ran; `nil` in a job of one.
  package var hostName: String?

  package init(
    rank: Int, localRank: Int, pid: Int32, exit: WorkerExit, time: Duration, wasSignalled: Bool,
    record: ErrorRecord? = nil, errorFile: String = "", lastLines: [String] = [],
    hostName: String? = nil
  ) {
    self.rank = rank
    self.localRank = localRank
    self.pid = pid
    self.exit = exit
    self.time = time
    self.wasSignalled = wasSignalled
    self.record = record
    self.errorFile = errorFile
    self.lastLines = lastLines
    self.hostName = hostName
  }
}

extension WorkerFailure {
  /// Whether it ended only because the launcher stopped it: it had nothing of its own to report.
  package var wasStopped: Bool { wasSignalled && record == nil }

  /// The exit code of a job with this root cause.
  ///
  /// A worker that had reported an error when the launcher stopped it counts as exited with code 1.
  package var jobExitCode: Int32 {
    if wasSignalled, case .signal = exit { 1 } else { exit.shellCode }
  }

  /// The failure that made the others fail: the first by time.
  ///
  /// torchrun compares whole seconds, which cannot tell a cause from a consequence that follows some
  /// milliseconds later; here the times are those of the error files themselves.
  ///
  /// There is one exception. The kernel closes a killed process's connections before the launcher
  /// hears of its end, so that a peer's complaint may come first by a moment. But nobody is ended by
  /// SIGKILL because a peer is gone: one that was sent from outside (the out-of-memory killer, or a
  /// person) within a second of the first failure is the cause.
  package static func rootCause(of failures: [WorkerFailure]) -> WorkerFailure? {
    let own = failures.filter { !$0.wasStopped }
    guard let first = (own.isEmpty ? failures : own).min(by: { $0.time < $1.time }) else {
      return nil
    }
    return own.filter { $0.exit == .signal(.kill) && $0.time - first.time < .seconds(1) }
      .min { $0.time < $1.time } ?? first
  }

  /// The time at which a file was last written, since 1970.
  static func modificationTime(of path: String) -> Duration? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return .seconds(info.st_mtim.tv_sec) + .nanoseconds(info.st_mtim.tv_nsec)
  }

  /// The time now, since 1970, by the clock that file systems use.
  static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
