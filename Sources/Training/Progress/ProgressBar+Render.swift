extension ProgressBar {
  /// The fewest cells that a bar is drawn with; in a narrower terminal there is none.
  private static var minimumCells: Int { 10 }
  private static var maximumCells: Int { 30 }

  /// Returns the progress as one line without a line end.
  ///
  /// With a width the line has a bar and fills at most `width` columns, as in
  /// `epoch 1/4  45% ████▌      900/2000  62.3 samples/s  0:14 elapsed, 0:18 left  loss 0.4121`. The bar
  /// is left out where there is no room, and then the line is cut at its end. Without a width, as for a
  /// log, there is no bar and nothing is cut.
  public static func render(_ state: ProgressState, width: Int? = nil) -> String {
    let fraction = state.total > 0 ? min(1, Double(state.done) / Double(state.total)) : 1
    let percent = Int(fraction * 100)
    let head =
      "\(state.label) \(String(repeating: " ", count: percent < 10 ? 2 : percent < 100 ? 1 : 0))\(percent)%"
    var tail = ["\(state.done)/\(state.total)"]
    if let rate = state.rate { tail.append("\(Decimals.text(rate, 1)) \(state.unit)/s") }
    var times = "\(clock(state.elapsed)) elapsed"
    if state.done < state.total {
      times += state.timeLeft.map { ", \(clock($0)) left" } ?? ""
    }
    tail.append(times)
    tail += state.fields.map { "\($0.name) \($0.value)" }
    let text = tail.joined(separator: "  ")
    guard let width else { return "\(head)  \(text)" }
    // Two spaces stand between bar and text, one between head and bar.
    let cells = min(maximumCells, width - head.count - text.count - 3)
    guard cells >= minimumCells else { return String("\(head)  \(text)".prefix(max(0, width))) }
    return "\(head) \(bar(fraction, cells: cells))  \(text)"
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
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }
}
