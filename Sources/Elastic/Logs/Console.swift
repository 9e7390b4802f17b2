import Glibc
internal import Support

/// The launcher's standard output and standard error.
///
/// If both are the same terminal, pipe or file, they share one sink, so that a line of one stream
/// never splits a line of the other.
struct Console {
  let output: OutputSink
  let error: OutputSink

  init() {
    output = OutputSink(descriptor: STDOUT_FILENO)
    error =
      Self.isSame(STDOUT_FILENO, STDERR_FILENO) ? output : OutputSink(descriptor: STDERR_FILENO)
  }

  /// The descriptors that have pending output.
  var writableDescriptors: Set<Int32> {
    Set([output, error].filter(\.hasPending).map(\.descriptor))
  }

  /// Shows a message from the launcher on standard error.
  func log(_ message: String) {
    error.append(message: "lockstep: " + EscapedText.of(message, keepingNewlines: true))
  }

  /// Writes as much pending output as possible without blocking, and reports the first loss.
  func flush() {
    output.flush()
    if output !== error, let reason = output.takeNewLoss() {
      log(
        "cannot write to standard output: \(systemMessage(reason)); the workers continue, and "
          + "their output is lost until it can be written again")
    }
    error.flush()
  }

  /// The error of a job whose output was lost; `nil` if all of it was written.
  var lossError: ElasticError? {
    let (name, sink) =
      output.loss == nil ? ("standard error", error) : ("standard output", output)
    guard let loss = sink.loss else { return nil }
    return ElasticError(
      .outputLost,
      "the workers succeeded, but \(loss.bytes) bytes of output could not be written to \(name): "
        + "\(systemMessage(loss.reason)); write the output to a file system with enough space")
  }

  private static func isSame(_ first: Int32, _ second: Int32) -> Bool {
    var firstInfo = stat()
    var secondInfo = stat()
    guard fstat(first, &firstInfo) == 0, fstat(second, &secondInfo) == 0 else { return false }
    return firstInfo.st_dev == secondInfo.st_dev && firstInfo.st_ino == secondInfo.st_ino
  }
}
