internal import CTorch
internal import Glibc
internal import WorkerFailures

/// Runs `body` and throws when an operator in it fails.
///
/// Operators do not throw: outside this function a failed operator prints its name, its arguments and
/// libtorch's message, writes them to the worker's error file, and ends the process with code 1,
/// because a wrong shape is a mistake in the program. Inside, the first failure is remembered, the
/// remaining operators of `body` do nothing and return undefined tensors, and it is thrown at the end.
///
/// - Throws: ``TorchError`` with code `operatorFailed`, or what `body` throws.
public func catchingTorchErrors<Result>(_ body: () throws -> Result) throws -> Result {
  ct_catch_begin()
  let result: Result
  do {
    result = try body()
  } catch {
    // An operator that failed before is the cause of whatever was thrown after it.
    if let failure = ct_catch_end() { throw TorchError(.operatorFailed, takeMessage(failure)) }
    throw error
  }
  if let failure = ct_catch_end() { throw TorchError(.operatorFailed, takeMessage(failure)) }
  return result
}

/// Copies and frees a message of the shim.
func takeMessage(_ error: UnsafeMutablePointer<CChar>) -> String {
  defer { ct_error_free(error) }
  return String(cString: error)
}

/// Handles the failure of an operator as ``catchingTorchErrors(_:)`` describes.
package func operatorFailed(
  _ name: String, _ arguments: @autoclosure () -> String, _ message: String
) {
  let text = "\(name)(\(arguments())) failed: \(message)"
  guard !ct_catch_is_active() else {
    ct_catch_record(strdup(text))
    return
  }
  ErrorRecord(message: text).writeToErrorFile()
  let line = Array("error: \(text)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}

/// Handles a shim's error value of something that is no operator; `what` names it.
func check(_ error: ct_error?, _ what: @autoclosure () -> String) {
  if let error { operatorFailed(what(), "", takeMessage(error)) }
}
