/// Shows how far a job is: one line that is redrawn in a terminal, a line now and then elsewhere.
///
/// Where the output is no terminal, as in a log or behind a launcher that puts the rank in front of
/// each line, whole lines are written, and few of them. For one thread at a time; create it on the
/// process that reports.
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
  /// What is shown.
  public private(set) var state: ProgressState

  private let output: ProgressOutput
  private let time: Time
  private let start: Time.Instant
  private var shown: Time.Instant?
  private var isFinished = false

  /// Creates a progress display and shows nothing yet.
  ///
  /// - Parameters:
  ///   - label: What is being done.
  ///   - total: How many items there are.
  ///   - unit: What an item is, in the plural.
  ///   - output: Where to show it.
  ///   - clock: What measures the time.
  public init(
    _ label: String, total: Int, unit: String = "samples",
    output: ProgressOutput = .standardError(), clock: Time = ContinuousClock()
  ) {
    state = ProgressState(label: label, total: total, unit: unit)
    self.output = output
    time = clock
    start = clock.now
  }

  /// Notes that more items are done, and shows it if the last time is long enough ago.
  ///
  /// - Parameters:
  ///   - count: How many more items are done.
  ///   - fields: More to show from now on; `nil` leaves what there is.
  public mutating func advance(by count: Int = 1, fields: [ProgressState.Field]? = nil) {
    state.done += count
    if let fields { state.fields = fields }
    let now = time.now
    if let shown, shown.duration(to: now) < output.interval { return }
    // A log gets its first line when there is something to say, not for the first item.
    if shown == nil, !output.isTerminal, start.duration(to: now) < output.interval { return }
    show(at: now)
  }

  /// Shows the last state and ends the line; only the first call does something.
  public mutating func finish() {
    if isFinished { return }
    isFinished = true
    show(at: time.now)
    if output.isTerminal { output.write("\n") }
  }

  private mutating func show(at now: Time.Instant) {
    shown = now
    state.elapsed = start.duration(to: now)
    guard output.isTerminal else {
      output.write(Self.render(state) + "\n")
      return
    }
    // One column stays free: some terminals wrap a line that fills them.
    let line = Self.render(state, width: output.width() - 1)
    // To the line's start, the text, and erase what the last text had beyond it (ECMA-48 EL).
    output.write("\r\(line)\u{1B}[K")
  }
}
