public import Logging
internal import Synchronization

/// The log of all Lockstep modules.
///
/// Messages go to standard error, one per line, as `lockstep: warning: …`. A program that wants
/// them elsewhere passes a logger of its own to ``use(_:)`` before it calls anything else:
///
/// ```swift
/// LoggingSystem.bootstrap(myHandler)
/// Log.use(Logger(label: "training"))
/// ```
public enum Log {
  private static let current = Mutex(Logger(label: "lockstep") { _ in StandardErrorLogHandler() })

  /// Sends the messages of all Lockstep modules to `logger`.
  public static func use(_ logger: Logger) { current.withLock { $0 = logger } }

  /// Logs a message at level `notice`: an event that a user wants to know about.
  package static func notice(_ message: @autoclosure () -> String) {
    logger.notice("\(message())")
  }

  /// Logs a message at level `warning`: something works, but not as requested.
  package static func warning(_ message: @autoclosure () -> String) {
    logger.warning("\(message())")
  }

  /// Logs a message at level `error`.
  package static func error(_ message: @autoclosure () -> String) {
    logger.error("\(message())")
  }

  private static var logger: Logger { current.withLock { $0 } }
}
