internal import Synchronization

extension ProgressBar where Time == ContinuousClock {
  /// Returns a progress callback that any thread may call.
  ///
  /// It shows nothing before its first call and ends its line when all items are done. So every
  /// rank may create one, and only the rank that does the work shows it.
  ///
  /// ```swift
  /// let tokens = try texts.map(
  ///   cachedIn: folder, key: key, progress: ProgressBar.callback("tokenizing", unit: "texts")
  /// ) { … }
  /// ```
  ///
  /// - Parameters:
  ///   - label: The name of the task.
  ///   - unit: The name of the items, in the plural.
  ///   - output: The output to write to.
  /// - Returns: A function that takes the number of items done and the total number.
  public static func callback(
    _ label: String, unit: String = "samples", output: ProgressOutput = .standardError()
  ) -> @Sendable (_ done: Int, _ total: Int) -> Void {
    let shared = Shared(output)
    return { done, total in
      shared.bar.withLock { bar in
        var now = bar ?? ProgressBar(label, total: total, unit: unit, output: shared.output)
        now.advance(by: max(0, done - now.state.done))
        if done >= total { now.finish() }
        bar = now
      }
    }
  }

  private final class Shared: Sendable {
    let bar = Mutex<ProgressBar<ContinuousClock>?>(nil)
    let output: ProgressOutput
    init(_ output: ProgressOutput) { self.output = output }
  }
}
