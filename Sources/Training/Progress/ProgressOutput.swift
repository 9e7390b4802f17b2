import Glibc

/// Where a ``ProgressBar`` writes.
public struct ProgressOutput: Sendable {
  /// True if lines can be redrawn.
  public var isTerminal: Bool

  /// The shortest time between two redraws, or between two lines.
  public var interval: Duration

  /// The columns of the terminal, asked anew for each redraw.
  public var width: @Sendable () -> Int

  /// Writes a piece of text at once.
  public var write: @Sendable (String) -> Void

  /// Creates an output of one's own.
  public init(
    isTerminal: Bool, interval: Duration, width: @escaping @Sendable () -> Int = { 80 },
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.interval = interval
    self.width = width
    self.write = write
  }

  /// Returns the standard error stream: ten redraws a second in a terminal, else a line every five
  /// seconds.
  ///
  /// Behind `lockstep run` standard error is a pipe; `LOCKSTEP_TERMINAL_COLUMNS` then tells that the
  /// launcher shows it in a terminal, and how many columns there are.
  public static func standardError() -> ProgressOutput {
    let launchers = getenv("LOCKSTEP_TERMINAL_COLUMNS").flatMap { Int(String(cString: $0)) }
    let isTerminal = launchers != nil || isatty(STDERR_FILENO) == 1
    return ProgressOutput(
      isTerminal: isTerminal, interval: isTerminal ? .milliseconds(100) : .seconds(5),
      width: { launchers ?? terminalWidth() }, write: writeToStandardError)
  }

  private static func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// One call to `write` for a whole line, so that lines of several processes do not mix.
  @Sendable
  private static func writeToStandardError(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // A progress display that nobody can read is no reason to stop the job.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
