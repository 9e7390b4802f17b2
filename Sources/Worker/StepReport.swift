internal import Glibc

/// Tells the launcher which step this worker has made, for its status page.
///
/// One small write into a file that the launcher named (`lockstep run --status-port`); without one it does
/// nothing. `Trainer` does so by itself, other loops call ``report(_:)`` after each step.
public final class StepReport: Sendable {
  private let descriptor: Int32

  /// Opens the file that the launcher named, if it did.
  public init() {
    guard let path = WorkerVariable.stepFile.value else {
      descriptor = -1
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Tells that a step has been made; never fails, as training does not depend on it.
  public func report(_ step: Int) {
    guard descriptor >= 0 else { return }
    var text = Array("\(step)\n".utf8)
    _ = pwrite(descriptor, &text, text.count, 0)
  }
}
