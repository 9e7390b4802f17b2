internal import Synchronization

extension ProgressBar where Time == ContinuousClock {
  /// Returns a progress display as a function of how much is done, which any thread may call.
  ///
  /// It shows nothing before its first call, and ends its line when all is done, so every rank may have
  /// one and only the rank that works shows it.
  ///
  /// ```swift
  /// let tokens = try texts.map(
  ///   cachedIn: folder, key: key, progress: ProgressBar.counting("tokenizing", unit: "texts")) { … }
  /// ```
  ///
  /// - Parameters:
  ///   - label: What is being done.
  ///   - unit: What an item is, in the plural.
  ///   - output: Where to show it.
  /// - Returns: A function of the number of items that are done and that of all.
  public static func counting(
    _ label: String, unit: String = "samples", output: ProgressOutput = .standardError()
  ) -> @Sendable (_ done: Int, _ all: Int) -> Void {
    let shared = Shared(output)
    return { done, all in
      shared.bar.withLock { bar in
        var now = bar ?? ProgressBar(label, total: all, unit: unit, output: shared.output)
        now.advance(by: max(0, done - now.state.done))
        if done >= all { now.finish() }
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
