import Glibc
import WorkerFailures

/// The launcher's account of why a job failed: one cause in full, its consequences in a line each.
package struct FailureReport: Sendable {
  package var role: String
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

  /// The report's lines.
  package var lines: [String] {
    guard let cause = WorkerFailure.rootCause(of: failures) else { return [] }
    let border = String(repeating: "=", count: 72)
    let others = failures.filter { $0.rank != cause.rank }.sorted { $0.time < $1.time }
    var lines = [border, "\(role) FAILED: rank \(cause.rank) was the first to fail"]
    lines += Self.full(cause, restarts: restarts)
    if !others.isEmpty {
      lines.append("other workers, as a consequence or later:")
      lines += others.map { "  " + Self.folded($0, cause: cause) }
    }
    if let logFolder { lines.append("logs: \(logFolder)") }
    return lines + [border]
  }

  private static func full(_ failure: WorkerFailure, restarts: Int) -> [String] {
    var lines = [
      "  rank      : \(failure.rank) (local rank \(failure.localRank), process \(failure.pid))",
      "  ended by  : \(failure.exit)\(hint(failure))",
      "  time      : \(calendar(failure.time))",
    ]
    if let hostName = failure.hostName { lines.insert("  host      : \(hostName)", at: 0) }
    if restarts > 0 { lines.append("  restarts  : \(restarts), none left") }
    if let record = failure.record {
      lines += indented("  message   : ", record.message)
      if let callStack = record.callStack, !repeats(failure.lastLines, callStack) {
        lines += indented("  call stack: ", callStack)
      }
    }
    if failure.lastLines.isEmpty {
      lines.append("  it wrote nothing to its standard error")
    } else if !repeats(failure.lastLines, message: failure.record?.message ?? "") {
      lines.append("  last lines of its standard error:")
      lines += failure.lastLines.map { "    | " + $0 }
    }
    return lines
  }

  private static func folded(_ failure: WorkerFailure, cause: WorkerFailure) -> String {
    let host = failure.hostName.map { " on \($0)" } ?? ""
    let worker = "rank \(failure.rank)\(host) (process \(failure.pid))"
    let end = (failure.wasSignalled ? "stopped by the launcher, " : "") + "\(failure.exit)"
    if let record = failure.record, record.message == cause.record?.message {
      return "\(worker): \(end): the same message"
    }
    let message = failure.record?.message.prefix { !$0.isNewline } ?? ""
    let cut = message.count > 150 ? message.prefix(150) + "…" : message
    return "\(worker): \(end)" + (cut.isEmpty ? "" : ": \(cut)")
  }

  private static func hint(_ failure: WorkerFailure) -> String {
    guard case .signal(let signal) = failure.exit else { return "" }
    if failure.wasSignalled { return ", from the launcher after its error" }
    guard signal == .kill, failure.record == nil else { return "" }
    return ", sent from outside; if nobody did, it was the kernel for lack of memory (see dmesg)"
  }

  private static func indented(_ title: String, _ text: String) -> [String] {
    let lines = text.split(whereSeparator: \.isNewline)
    let margin = String(repeating: " ", count: title.count)
    return lines.enumerated().map { ($0 == 0 ? title : margin) + $1 }
  }

  /// Whether the lines say already what a call stack ends with.
  private static func repeats(_ lines: [String], _ callStack: String) -> Bool {
    guard let last = callStack.split(whereSeparator: \.isNewline).last else { return true }
    return lines.contains { $0.contains(last) }
  }

  /// Whether the lines say nothing but a message that is shown already; long lines are cut.
  private static func repeats(_ lines: [String], message: String) -> Bool {
    let told = message.split(whereSeparator: \.isNewline)
    return lines.allSatisfy { line in
      var text = line.hasPrefix("error: ") ? line.dropFirst(7) : line[...]
      if text.last == "…" { text.removeLast() }
      return told.contains { $0.hasPrefix(text) }
    }
  }

  private static func calendar(_ time: Duration) -> String {
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
