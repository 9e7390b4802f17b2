/// The last lines of a worker's output, for its failure report; enough for a backtrace.
package struct LineTail: Sendable {
  private let limit: Int
  private let bytesPerLine: Int
  private var endsWithProgress = false

  /// The lines, oldest first.
  package private(set) var lines: [String] = []

  /// The time at which each line arrived, since 1970.
  package private(set) var times: [Duration] = []

  /// Creates an empty tail of at most `limit` lines of at most `bytesPerLine` bytes each.
  package init(limit: Int = 200, bytesPerLine: Int = 500) {
    self.limit = limit
    self.bytesPerLine = bytesPerLine
  }

  /// Appends a line, which replaces the previous one if both are updates of a progress bar.
  package mutating func append(
    _ line: ArraySlice<UInt8>, isProgress: Bool, at time: Duration = .zero
  ) {
    if isProgress && endsWithProgress {
      lines.removeLast()
      times.removeLast()
    }
    endsWithProgress = isProgress
    let ellipsis = line.count > bytesPerLine ? "…" : ""
    lines.append(String(decoding: line.prefix(bytesPerLine), as: UTF8.self) + ellipsis)
    times.append(time)
    if lines.count > limit {
      lines.removeFirst()
      times.removeFirst()
    }
  }
}
