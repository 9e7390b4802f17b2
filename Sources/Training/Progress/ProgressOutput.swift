import Glibc
import Worker

/// The destination of a ``ProgressBar``.
public struct ProgressOutput: Sendable {
  /// Whether the output is a terminal, in which lines can be redrawn.
  public var isTerminal: Bool

  /// The minimum time between two redraws, or between two lines.
  public var interval: Duration

  /// The width of the terminal in columns, queried before each redraw.
  public var width: @Sendable () -> Int

  /// Writes text without buffering.
  public var write: @Sendable (String) -> Void

  /// Creates a custom output.
  public init(
    isTerminal: Bool, interval: Duration, width: @escaping @Sendable () -> Int = { 80 },
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.interval = interval
    self.width = width
    self.write = write
  }

  /// Returns standard error: ten redraws per second in a terminal, otherwise a line every 5
  /// seconds.
  ///
  /// Under `lockstep run`, standard error is a pipe. If the launcher itself writes to a terminal,
  /// it sets `LOCKSTEP_TERMINAL_COLUMNS` to that terminal's width.
  public static func standardError() -> ProgressOutput {
    let launcherWidth = WorkerVariable.terminalColumns.value.flatMap { Int($0) }
    let isTerminal = launcherWidth != nil || isatty(STDERR_FILENO) == 1
    return ProgressOutput(
      isTerminal: isTerminal, interval: isTerminal ? .milliseconds(100) : .seconds(5),
      width: { launcherWidth ?? terminalWidth() }, write: writeToStandardError)
  }

  private static func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a whole line with one call to `write`, so that lines of several processes do not mix.
  @Sendable
  private static func writeToStandardError(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Failing to display progress must not stop the job.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
