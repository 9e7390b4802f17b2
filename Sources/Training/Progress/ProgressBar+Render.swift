extension ProgressBar {
  /// The minimum width of a bar; narrower terminals show no bar.
  private static var minimumCells: Int { 10 }
  private static var maximumCells: Int { 30 }

  /// Returns the progress as one line, without a newline.
  ///
  /// With a width, the line has a bar and fills at most `width` columns:
  /// ```
  /// epoch 1/4  45% ████▌       900/2000  62.3 samples/s  0:14 elapsed, 0:17 left  loss 0.4121
  /// ```
  /// If the line does not fit, the elapsed time is dropped first, then the bar, then the rate. If
  /// that is not enough, the line is truncated. Without a width (for a log), there is no bar and
  /// nothing is dropped.
  public static func render(_ state: ProgressState, width: Int? = nil) -> String {
    let fraction = state.total > 0 ? min(1, Double(state.done) / Double(state.total)) : 1
    let percent = "\(Int(fraction * 100))%"
    let head = state.label + String(repeating: " ", count: 5 - percent.count) + percent
    let full = "\(head)  \(text(state, elapsed: true))"
    guard let width else { return full }
    for elapsed in [true, false] {
      let text = text(state, elapsed: elapsed)
      // One space separates head and bar, two separate bar and text.
      let cells = min(maximumCells, width - head.count - text.count - 3)
      if cells >= minimumCells { return "\(head) \(bar(fraction, cells: cells))  \(text)" }
    }
    if full.count <= width { return full }
    let short = "\(head)  \(text(state, elapsed: false))"
    if short.count <= width { return short }
    return String("\(head)  \(text(state, rate: false, elapsed: false))".prefix(max(0, width)))
  }

  /// The text after the bar.
  private static func text(_ state: ProgressState, rate: Bool = true, elapsed: Bool) -> String {
    var parts = ["\(state.done)/\(state.total)"]
    if rate, let rate = state.rate { parts.append("\(Decimals.text(rate, 1)) \(state.unit)/s") }
    var times = elapsed ? ["\(clock(state.elapsed)) elapsed"] : []
    if state.done < state.total, let left = state.timeLeft { times.append("\(clock(left)) left") }
    if !times.isEmpty { parts.append(times.joined(separator: ", ")) }
    parts += state.fields.map { "\($0.name) \($0.value)" }
    return parts.joined(separator: "  ")
  }

  /// A bar of `cells` columns, filled to an eighth of a cell.
  private static func bar(_ fraction: Double, cells: Int) -> String {
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let eighths = Int(fraction * Double(8 * cells))
    let filled = String(repeating: "█", count: eighths / 8) + partial[eighths % 8]
    return filled + String(repeating: " ", count: cells - filled.count)
  }

  /// A time as `m:ss` or `h:mm:ss`.
  private static func clock(_ time: Duration) -> String {
    let seconds = Int(time.components.seconds)
    func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let hours = seconds / 3600
    let minutes = seconds / 60 % 60
    return hours > 0
      ? "\(hours):\(twoDigits(minutes)):\(twoDigits(seconds % 60))"
      : "\(minutes):\(twoDigits(seconds % 60))"
  }
}
