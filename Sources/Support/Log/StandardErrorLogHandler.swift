internal import Logging

/// Writes log messages to standard error as `lockstep: LEVEL: MESSAGE`; the level of a notice is
/// left out.
struct StandardErrorLogHandler: LogHandler {
  var logLevel = Logger.Level.notice
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level = event.level == .notice ? "" : "\(event.level): "
    StandardError.write("lockstep: \(level)\(event.message)\n")
  }
}
