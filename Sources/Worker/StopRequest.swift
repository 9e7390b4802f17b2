internal import CSignals
public import Glibc

/// Notes that this worker was asked to stop, so that it can finish its step and save before it ends.
///
/// Batch systems announce the end of a job by a signal: SIGTERM at preemption and before a time limit,
/// or SIGUSR1 where one asks for it (`sbatch --signal=USR1@120`). While an instance lives, these
/// signals end the process no more. The loop asks once a step, and ends with ``exitCode``:
///
/// ```swift
/// let stop = StopRequest()
/// while let batch = try batches.next() {
///   …
///   if try stop.isAgreed(group) {
///     try saveSnapshot()
///     try group.barrier()  // all have saved
///     exit(StopRequest.exitCode)
///   }
/// }
/// ```
/// `lockstep run` passes both signals on, and gives the workers `--shutdown-timeout` after SIGTERM. It
/// does not restart workers that ended with this code, and ends with it itself. A second signal changes
/// nothing; SIGINT (Ctrl-C) ends the process as ever.
///
/// Keep an instance only around a loop that asks: after another worker's failure the launcher ends
/// this one by SIGTERM, which then has to wait for the error of the next collective.
public final class StopRequest {
  /// The exit code of a worker that was asked to stop, and has saved what is needed to go on: 75.
  ///
  /// It is `EX_TEMPFAIL` of sysexits.h, "the user is invited to retry", and none that a shell
  /// (126 ... 165), Swift's `fatalError` (a signal) or an exception of Python's (1) gives. A batch script
  /// can put the job into the queue again for it alone:
  /// `lockstep run …; [ $? = 75 ] && scontrol requeue $SLURM_JOB_ID`.
  public static let exitCode: Int32 = 75

  private let signals: [Int32]

  /// Starts to note signals; there can be one instance at a time.
  ///
  /// - Parameter signals: Those that ask to stop; they must be such that can be caught.
  public init(signals: [Int32] = [SIGTERM, SIGUSR1]) {
    self.signals = signals
    csignals_forget()
    for signal in signals {
      precondition(csignals_note(signal) == 0, "signal \(signal) cannot be caught")
    }
  }

  deinit {
    for signal in signals { _ = csignals_release(signal) }
  }

  /// The signal by which this worker was asked to stop; `nil` if it was not.
  public var signal: Int32? { csignals_noted() == 0 ? nil : csignals_noted() }

  /// Whether this worker was asked to stop; others may have heard of it at another step, or not at all.
  public var isRequested: Bool { signal != nil }
}
