internal import Glibc
internal import Synchronization

/// The worker's notice to its launcher that it has received, or agreed to, a request to stop.
///
/// A batch system may signal the worker and not its launcher, or only another node. By the notice
/// the launcher distinguishes an exit with ``StopRequest/exitCode`` on request from one without a
/// request.
package enum StopNotice {
  private static let wasSent = Atomic(false)

  /// Whether this process is stopping on request.
  static var isSent: Bool { wasSent.load(ordering: .relaxed) }

  /// Sends the notice, once: creates the launcher's stop file, if there is one.
  ///
  /// Failures are ignored: the launcher then relies on the signals that it received itself.
  package static func send() {
    guard !wasSent.exchange(true, ordering: .relaxed), let path = WorkerVariable.stopFile.value
    else { return }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor >= 0 { close(descriptor) }
  }
}
