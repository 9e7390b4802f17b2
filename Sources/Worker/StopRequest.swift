internal import CSignals
public import Glibc
internal import Support

/// Records stop signals, so that a worker can finish its step and save a snapshot before it exits.
///
/// Batch systems announce the end of a job by a signal: SIGTERM at preemption and before a time
/// limit, or SIGUSR1 on request (`sbatch --signal=USR1@120`). While an instance lives, these
/// signals do not end the process. The training loop checks for a request after each step, and
/// exits with ``exitCode``. With several ranks, `StopAgreement` makes all of them stop after the
/// same step:
///
/// ```swift
/// let agreement = StopAgreement(StopRequest(), group: group)
/// while let batch = try batches.next() {
///   …
///   if try agreement.isReached() {
///     try saveSnapshot()
///     try group.barrier()  // all ranks have saved
///     StopRequest.exit()
///   }
/// }
/// ```
/// `lockstep run` forwards both signals to the workers, and kills them `--shutdown-timeout` after
/// SIGTERM. It does not restart workers that exited with this code, and exits with it as well. A
/// second signal changes nothing, also after the instance is released: batch systems repeat the
/// signal while the process saves and exits. SIGINT (Ctrl-C) still ends the process.
///
/// Keep an instance only while a loop checks it, because the signals do not end the process
/// meanwhile. For example, the launcher sends SIGTERM after another worker failed: this worker then
/// runs until its next collective throws.
public final class StopRequest {
  /// The exit code of a worker that stopped on request and can be resumed: 75.
  ///
  /// It is `EX_TEMPFAIL` of sysexits.h ("the user is invited to retry"). Shells (126 ... 165),
  /// Swift's `fatalError` (a signal) and Python exceptions (1) do not use it, so a batch script can
  /// requeue the job for this code only:
  /// `lockstep run …; [ $? = 75 ] && scontrol requeue $SLURM_JOB_ID`.
  public static let exitCode: Int32 = 75

  private let signals: [Int32]

  /// Starts to record signals; only one instance may exist at a time.
  ///
  /// - Parameters:
  ///   - signals: The signals that request a stop; it must be possible to catch them.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    signals: [Int32] = [SIGTERM, SIGUSR1], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.signals = signals
    csignals_clear()
    for signal in signals {
      require(
        csignals_record(signal) == 0,
        "signal \(signal) cannot be caught: use another one, such as SIGTERM", file: file,
        line: line)
    }
  }

  /// Restores the default action of the signals, unless a stop was requested.
  ///
  /// The request may have been received by another rank only; this one receives its signal later.
  deinit {
    guard csignals_last() == 0, !StopNotice.isSent else { return }
    for signal in signals { _ = csignals_restore_default(signal) }
  }

  /// The signal that requested a stop; `nil` without a request.
  public var signal: Int32? {
    guard csignals_last() != 0 else { return nil }
    StopNotice.send()
    return csignals_last()
  }

  /// Whether this worker has received a stop request.
  ///
  /// Other workers may receive theirs at another step, or never.
  public var isRequested: Bool { signal != nil }

  /// Exits the process with ``exitCode``, because it has saved the state that is needed to resume.
  ///
  /// Call it on every rank, after all ranks have saved. The launcher then reports that the job can
  /// be resumed. It treats a plain `exit(75)` as a failure, unless a stop was requested.
  public static func exit() -> Never {
    StopNotice.send()
    ProcessExit.exit(exitCode)
  }
}
