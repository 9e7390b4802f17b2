internal import Glibc

/// Reports this worker's current step to the launcher, for its status page.
///
/// A report is one small write to the launcher's step file (`lockstep run --status-port`); without
/// such a file it does nothing. `Trainer` reports its steps; other loops call ``report(_:)`` after
/// each step.
public final class StepReport: Sendable {
  private let descriptor: Int32

  /// Opens the launcher's step file, if there is one.
  public init() {
    guard let path = WorkerVariable.stepFile.value else {
      descriptor = -1
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reports a completed step; failures are ignored, because training does not depend on it.
  public func report(_ step: Int) {
    guard descriptor >= 0 else { return }
    var text = Array("\(step)\n".utf8)
    _ = pwrite(descriptor, &text, text.count, 0)
  }
}
