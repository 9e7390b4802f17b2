import Glibc
import Worker

/// The launcher's report of a failed job: the root cause in full, one line for each other failure.
package struct FailureReport: Sendable {
  package var role: String
  /// The ends of the workers, including those that succeeded.
  package var failures: [WorkerFailure]
  package var workerCount: Int
  package var restarts: Int
  package var logFolder: String?

  package init(
    role: String, failures: [WorkerFailure], workerCount: Int, restarts: Int, logFolder: String?
  ) {
    self.role = role
    self.failures = failures
    self.workerCount = workerCount
    self.restarts = restarts
    self.logFolder = logFolder
  }

  /// The lines of the report; empty if there is no failure.
  package var lines: [String] {
    guard let cause = WorkerFailure.rootCause(of: failures) else { return [] }
    let border = String(repeating: "=", count: 72)
    let others = failures.filter { $0.rank != cause.rank && !$0.isCompletion }
      .sorted { $0.time < $1.time }
    let headline =
      cause.leftItsPeers
      ? "rank \(cause.rank) ended while other ranks still needed it"
      : "rank \(cause.rank) was the first to fail"
    var lines = [border, "\(role) FAILED: \(headline)"]
    lines += Self.details(cause, restarts: restarts)
    if !others.isEmpty {
      lines.append("other workers, stopped or failed later:")
      lines += others.map { "  " + Self.summary($0, cause: cause) }
    }
    if let logFolder { lines.append("logs: \(logFolder)") }
    return lines + [border]
  }

  private static func details(_ failure: WorkerFailure, restarts: Int) -> [String] {
    var lines = [
      "  rank      : \(failure.rank) (local rank \(failure.localRank), process \(failure.pid))",
      "  ended by  : \(failure.exit)\(hint(failure))",
      "  time      : \(formatted(failure.time))",
    ]
    if let hostName = failure.hostName { lines.insert("  host      : \(hostName)", at: 0) }
    if restarts > 0 { lines.append("  restarts  : \(restarts), none left") }
    if let record = failure.record {
      lines += indented("  message   : ", record.message)
      if let callStack = record.callStack, !repeats(failure.lastLines, callStack) {
        lines += indented("  call stack: ", callStack)
      }
    }
    if failure.isErrorStreamInherited {
      lines.append("  standard error is shown above")
    } else if failure.lastLines.isEmpty {
      lines.append("  standard error is empty")
    } else if !repeats(failure.lastLines, message: failure.record?.message ?? "") {
      lines.append("  last lines of standard error:")
      lines += failure.lastLines.map { "    | " + $0 }
    }
    return lines
  }

  private static func summary(_ failure: WorkerFailure, cause: WorkerFailure) -> String {
    let host = failure.hostName.map { " on \($0)" } ?? ""
    let worker = "rank \(failure.rank)\(host) (process \(failure.pid))"
    let end = (failure.wasSignalled ? "stopped by the launcher, " : "") + "\(failure.exit)"
    if let record = failure.record, record.message == cause.record?.message {
      return "\(worker): \(end): the same message"
    }
    let message = failure.record?.message.prefix { !$0.isNewline } ?? ""
    let truncated = message.count > 150 ? message.prefix(150) + "…" : message
    return "\(worker): \(end)" + (truncated.isEmpty ? "" : ": \(truncated)")
  }

  private static func hint(_ failure: WorkerFailure) -> String {
    if failure.isUnrequestedStop {
      return ", the code of a requested stop, but no stop was requested; the job exits with 1, "
        + "because 75 means that it can be resumed (see StopRequest.exit)"
    }
    guard case .signal(let signal) = failure.exit else { return "" }
    if failure.wasSignalled { return ", sent by the launcher after the worker's error" }
    guard signal == .kill, failure.record == nil else { return "" }
    return ", sent from outside the job, possibly by the kernel's out-of-memory killer (see dmesg)"
  }

  private static func indented(_ title: String, _ text: String) -> [String] {
    let lines = text.split(whereSeparator: \.isNewline)
    let margin = String(repeating: " ", count: title.count)
    return lines.enumerated().map { ($0 == 0 ? title : margin) + $1 }
  }

  /// Whether the lines already contain the last line of a call stack.
  private static func repeats(_ lines: [String], _ callStack: String) -> Bool {
    guard let last = callStack.split(whereSeparator: \.isNewline).last else { return true }
    return lines.contains { $0.contains(last) }
  }

  /// Whether the lines, which may be truncated, only repeat a message.
  private static func repeats(_ lines: [String], message: String) -> Bool {
    let messageLines = message.split(whereSeparator: \.isNewline)
    return lines.allSatisfy { line in
      var text = line.hasPrefix("error: ") ? line.dropFirst(7) : line[...]
      if text.last == "…" { text.removeLast() }
      return messageLines.contains { $0.hasPrefix(text) }
    }
  }

  private static func formatted(_ time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    var clock = time_t(seconds)
    var fields = tm()
    localtime_r(&clock, &fields)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &fields)
    let milliseconds = String(attoseconds / 1_000_000_000_000_000)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      + "." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
  }
}
