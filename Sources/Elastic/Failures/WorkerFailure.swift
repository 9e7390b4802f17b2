import Glibc
package import Worker

/// The failure of a worker.
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
  /// Whether the worker ended only because the launcher stopped it: it reported no error.
  package var wasStopped: Bool { wasSignalled && record == nil }

  /// The exit code of a job with this root cause.
  ///
  /// It is 1 for a worker that reported an error before the launcher stopped it by a signal.
  package var jobExitCode: Int32 {
    if wasSignalled, case .signal = exit { 1 } else { exit.shellCode }
  }

  /// The failure that caused the others: the first by time.
  ///
  /// torchrun compares whole seconds, which cannot separate a cause from a consequence that follows
  /// milliseconds later. Lockstep compares the modification times of the error files.
  ///
  /// There is one exception. When a process is killed, the kernel closes its connections before the
  /// launcher is notified, so a peer may report its error first. A lost peer never results in
  /// SIGKILL. A worker that was killed from outside the job (by the out-of-memory killer or a user)
  /// within a second of the first failure is therefore the cause.
  package static func rootCause(of failures: [WorkerFailure]) -> WorkerFailure? {
    let own = failures.filter { !$0.wasStopped }
    guard let first = (own.isEmpty ? failures : own).min(by: { $0.time < $1.time }) else {
      return nil
    }
    return own.filter { $0.exit == .signal(.kill) && $0.time - first.time < .seconds(1) }
      .min { $0.time < $1.time } ?? first
  }

  /// The modification time of a file, since 1970.
  static func modificationTime(of path: String) -> Duration? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return .seconds(info.st_mtim.tv_sec) + .nanoseconds(info.st_mtim.tv_nsec)
  }

  /// The current time, since 1970, by the clock that file systems use.
  static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
