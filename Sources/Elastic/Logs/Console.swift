import Glibc

/// The launcher's standard output and standard error.
///
/// Where both are the same terminal, pipe or file they are one sink, so that lines of the one are
/// never torn apart by lines of the other.
struct Console {
  let output: OutputSink
  let error: OutputSink

  init() {
    output = OutputSink(descriptor: STDOUT_FILENO)
    error =
      Self.isSame(STDOUT_FILENO, STDERR_FILENO) ? output : OutputSink(descriptor: STDERR_FILENO)
  }

  /// The descriptors for which output waits.
  var writableDescriptors: Set<Int32> {
    Set([output, error].filter(\.hasPending).map(\.descriptor))
  }

  /// Shows a message of the launcher's own.
  func say(_ message: String) { error.append(message: "lockstep: " + message) }

  /// Writes what can be written now.
  func flush() {
    output.flush()
    error.flush()
  }

  private static func isSame(_ first: Int32, _ second: Int32) -> Bool {
    var (one, two) = (stat(), stat())
    guard fstat(first, &one) == 0, fstat(second, &two) == 0 else { return false }
    return one.st_dev == two.st_dev && one.st_ino == two.st_ino
  }
}
