/// Displays progress: one redrawn line in a terminal, occasional lines elsewhere.
///
/// If the output is not a terminal (a log, or a launcher that prefixes each line with the rank), it
/// writes few and complete lines. Not thread-safe; create it on the one process that reports.
///
/// ```swift
/// var progress = ProgressBar("epoch 1/4", total: 2000)
/// for batch in batches {
///   …
///   progress.advance(by: 8, fields: [.init("loss", loss)])
/// }
/// progress.finish()
/// ```
public struct ProgressBar<Time: Clock> where Time.Duration == Duration {
  /// The progress that is displayed.
  public private(set) var state: ProgressState

  private let output: ProgressOutput
  private let time: Time
  private let start: Time.Instant
  private var lastShown: Time.Instant?
  private var isFinished = false

  /// Creates a progress display without showing it yet.
  ///
  /// - Parameters:
  ///   - label: The name of the task.
  ///   - total: The total number of items.
  ///   - unit: The name of the items, in the plural.
  ///   - output: The output to write to.
  ///   - clock: The clock that measures elapsed time.
  public init(
    _ label: String, total: Int, unit: String = "samples",
    output: ProgressOutput = .standardError(), clock: Time = ContinuousClock()
  ) {
    state = ProgressState(label: label, total: total, unit: unit)
    self.output = output
    time = clock
    start = clock.now
  }

  /// Advances the progress, and redraws it if the output's interval has passed.
  ///
  /// - Parameters:
  ///   - count: The number of newly completed items.
  ///   - fields: New fields to show; `nil` keeps the current ones.
  public mutating func advance(by count: Int = 1, fields: [ProgressState.Field]? = nil) {
    state.done += count
    if let fields { state.fields = fields }
    let now = time.now
    if let lastShown, lastShown.duration(to: now) < output.interval { return }
    // A log gets its first line after a full interval, not for the first item.
    if lastShown == nil, !output.isTerminal, start.duration(to: now) < output.interval { return }
    show(at: now)
  }

  /// Shows the final state and ends the line; further calls have no effect.
  public mutating func finish() {
    if isFinished { return }
    isFinished = true
    show(at: time.now)
    if output.isTerminal { output.write("\n") }
  }

  private mutating func show(at now: Time.Instant) {
    lastShown = now
    state.elapsed = start.duration(to: now)
    guard output.isTerminal else {
      output.write(Self.render(state) + "\n")
      return
    }
    // Leave one column free: some terminals wrap a line that fills them.
    let line = Self.render(state, width: output.width() - 1)
    // Return to the line's start, write, and erase the rest of the previous text (ECMA-48 EL).
    output.write("\r\(line)\u{1B}[K")
  }
}
