import CSpawn
import Glibc

/// The signals sent to the launcher, as a descriptor for `poll`.
///
/// Only one instance can exist at a time. Its `deinit` restores the previous signal handlers,
/// unless ``endsProcess`` is set.
final class SignalInbox {
  let descriptor: Descriptor
  private let writer: Descriptor
  private let actionOnBrokenPipe: sigaction

  /// Whether the process exits because of a signal.
  ///
  /// Batch systems repeat a signal. A repetition must not end the process before it exits with its
  /// own code, so the signals are ignored from now on.
  var endsProcess = false

  /// Installs handlers for these signals and SIGCHLD, and ignores SIGPIPE.
  ///
  /// If SIGHUP is already ignored, as under `nohup`, it stays ignored.
  init(_ signals: [Signal]) throws(ElasticError) {
    (descriptor, writer) = try Descriptor.pipe()
    actionOnBrokenPipe = Self.action(of: SIGPIPE)
    let numbers =
      [SIGCHLD] + signals.filter { !($0 == .hangup && Self.isIgnored($0)) }.map(\.number)
    guard cspawn_watch_signals(numbers, Int32(numbers.count), writer.number) == 0 else {
      throw ElasticError(.system, "cannot handle signals: \(systemMessage(errno))")
    }
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    cspawn_unwatch_signals(endsProcess ? 1 : 0)
    withUnsafePointer(to: actionOnBrokenPipe) { _ = sigaction(SIGPIPE, $0, nil) }
  }

  /// Removes and returns the next signal that arrived; `nil` if there is none.
  func next() -> Signal? {
    var number: UInt8 = 0
    return read(descriptor.number, &number, 1) == 1 ? Signal(number: Int32(number)) : nil
  }

  private static func isIgnored(_ signal: Signal) -> Bool {
    let handler = action(of: signal.number).__sigaction_handler.sa_handler
    return unsafeBitCast(handler, to: Int.self) == 1  // SIG_IGN
  }

  private static func action(of signal: Int32) -> sigaction {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return action
  }
}
