import FoundationEssentials
import Glibc
import Support
import Synchronization

/// Ends workers whose timers expire, for torchelastic's `FileTimerClient`.
///
/// `TORCHELASTIC_ENABLE_FILE_TIMER=1` starts it. Workers write their requests to a named pipe whose
/// path is in `TORCHELASTIC_TIMER_FILE`. It signals only processes of this job.
final class Watchdog: Sendable {
  /// The variable with the path of the pipe.
  static let fileVariable = "TORCHELASTIC_TIMER_FILE"
  private static let enablingVariable = "TORCHELASTIC_ENABLE_FILE_TIMER"
  private static let interval = Duration.milliseconds(100)
  /// The maximum length of a request; longer writes to a pipe are not atomic.
  private static let lineLimit = 4096

  let path: String
  private let pipe: Int32
  private let state = Mutex((isStopped: false, hasEnded: false))

  /// The watchdog that the environment requests; `nil` if it requests none.
  ///
  /// - Throws: ``ElasticError`` with code `system` if the pipe cannot be created.
  static func requested() throws(ElasticError) -> Watchdog? {
    let environment = ProcessInfo.processInfo.environment
    guard environment[enablingVariable] == "1" else { return nil }
    let folder = environment["TMPDIR"] ?? "/tmp"
    return try Watchdog(
      path: environment[fileVariable]
        ?? "\(folder)/watchdog_timer_\(UUID().uuidString.lowercased())")
  }

  private init(path: String) throws(ElasticError) {
    self.path = path
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFIFO { unlink(path) }
    guard mkfifo(path, 0o600) == 0 else {
      throw ElasticError(
        .system,
        "cannot create the watchdog's pipe \(EscapedText.of(path)): \(systemMessage(errno)); set "
          + "\(Self.fileVariable) to a new path in a writable folder")
    }
    pipe = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)  // with a writer, so it is never at its end
    guard pipe >= 0 else {
      throw ElasticError(
        .system,
        "cannot open the watchdog's pipe \(EscapedText.of(path)): \(systemMessage(errno))")
    }
    startBackgroundThread { [self] in
      watch()
      state.withLock { $0.hasEnded = true }
    }
  }

  deinit { close(pipe) }

  /// Stops the thread and deletes the pipe.
  func stop() {
    state.withLock { $0.isStopped = true }
    for _ in 0..<1000 where !state.withLock(\.hasEnded) { usleep(1000) }
    unlink(path)
  }

  private func watch() {
    var timers = TimerTable()
    var buffer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    var hasReported = false
    while !state.withLock(\.isStopped) {
      if Poll.wait(pipe, POLLIN, Self.interval) {
        let count = read(pipe, &chunk, chunk.count)
        if count > 0 { buffer += chunk[..<count] }
      }
      while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let isValid = timers.receive(line: buffer[..<end])
        buffer.removeFirst(end + 1)
        if !isValid && !hasReported {
          hasReported = true
          Log.warning("a worker sent an invalid timer request to \(path)")
        }
      }
      if buffer.count > Self.lineLimit { buffer = [] }
      timers.removeTimers { kill($0, 0) != 0 && errno == ESRCH }
      let now = WallClock.seconds
      for timer in timers.takeExpired(now: now) { end(timer, now) }
    }
  }

  private func end(_ timer: TimerTable.Request, _ now: Double) {
    let late = Duration.seconds(now - timer.expirationTime).seconds
    let what =
      "the timer \"\(EscapedText.of(timer.scope))\" of process \(timer.pid) expired \(late) s ago"
    guard timer.signal > 0 else { return Log.warning("\(what); it has no signal") }
    guard Descendants.contains(timer.pid) else {
      return Log.warning("\(what); it is not a process of this job, so it receives no signal")
    }
    kill(timer.pid, timer.signal)
    Log.warning("\(what); sent \(Signal(number: timer.signal)) to the process")
  }
}
