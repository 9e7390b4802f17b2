/// The last lines that a worker wrote, for the report of its failure; enough to hold a backtrace.
package struct LineTail: Sendable {
  private let limit: Int
  private let bytesPerLine: Int
  private var lines: [String] = []
  private var endsWithProgress = false

  /// When each of the lines came, since 1970.
  package private(set) var times: [Duration] = []

  /// Creates an empty tail of at most `limit` lines of at most `bytesPerLine` bytes each.
  package init(limit: Int = 200, bytesPerLine: Int = 500) {
    self.limit = limit
    self.bytesPerLine = bytesPerLine
  }

  /// Takes in the next line; of a progress bar only the last step is kept.
  package mutating func append(
    _ line: ArraySlice<UInt8>, isProgress: Bool, at time: Duration = .zero
  ) {
    if isProgress && endsWithProgress {
      lines.removeLast()
      times.removeLast()
    }
    endsWithProgress = isProgress
    let cut = line.count > bytesPerLine ? "…" : ""
    lines.append(String(decoding: line.prefix(bytesPerLine), as: UTF8.self) + cut)
    times.append(time)
    if lines.count > limit {
      lines.removeFirst()
      times.removeFirst()
    }
  }

  /// The lines, oldest first.
  package var text: [String] { lines }
}
