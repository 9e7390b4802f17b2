import Collectives

/// A crashed worker that is still printing its backtrace, although the job goes on without it.
///
/// The Swift runtime takes seconds to find the source lines of a backtrace in a large program. The
/// worker does nothing else any more, so a restart does not wait for it.
struct CrashedWorker {
  /// The time for the backtrace if the workers are restarted at once.
  static let limit = Duration.seconds(5)
  /// The time for the backtrace if its process holds the memory of a GPU, which the next one needs.
  static let limitOnGPU = Duration.seconds(1)
  /// The time for the backtrace before the job is reported as failed.
  static let limitBeforeReport = Duration.seconds(10)

  var process: WorkerProcess
  let streams: [WorkerStream]
  let deadline: ContinuousClock.Instant

  /// The pipes whose output can be read now.
  var readableDescriptors: [Int32] {
    streams.filter { !$0.isBlocked && !$0.hasEnded }.map(\.reader.number)
  }

  /// Forwards the output that has arrived; returns whether the process has exited or used its time.
  mutating func update(now: ContinuousClock.Instant) -> Bool {
    for stream in streams where !stream.isBlocked && !stream.hasEnded { _ = stream.read() }
    return process.hasEnded || now >= deadline
  }

  /// Kills what is left of the process, forwards its last output and frees it.
  func end(guardedBy guard: ProcessGroupGuard) {
    process.killGroup()
    `guard`.remove(process.pid)
    _ = process.reap()
    for stream in streams { stream.finish() }
  }
}
