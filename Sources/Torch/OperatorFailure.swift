internal import CTorch
internal import Glibc
internal import Support
internal import Worker

/// Runs `body` and throws if an operator in it fails.
///
/// Operators do not throw, because a wrong shape is a programming error. Outside this function, a
/// failed operator prints its name, its arguments, the path of the module that called it, the
/// source line of the call and libtorch's message, writes them to the worker's error file, and
/// exits the process with code 1. Inside, the remaining operators of `body` do nothing and return
/// undefined tensors; the function throws the first failure when `body` returns. Its message has no
/// source line, which takes up to seconds to find.
///
/// - Throws: ``TorchError`` with code `operatorFailed`, or the error of `body`.
public func catchingTorchErrors<Result>(_ body: () throws -> Result) throws -> Result {
  ct_catch_begin()
  let result: Result
  do {
    result = try body()
  } catch {
    // If an operator failed before `body` threw, its failure caused the error.
    if let failure = ct_catch_end() { throw TorchError(.operatorFailed, takeMessage(failure)) }
    throw error
  }
  if let failure = ct_catch_end() { throw TorchError(.operatorFailed, takeMessage(failure)) }
  return result
}

/// Copies and frees an error message of CTorch.
func takeMessage(_ error: UnsafeMutablePointer<CChar>) -> String {
  defer { ct_error_free(error) }
  return String(cString: error)
}

/// Handles the failure of an operator as ``catchingTorchErrors(_:)`` describes.
package func operatorFailed(
  _ name: String, _ arguments: @autoclosure () -> String, _ message: String
) {
  // The first failure is the cause of the others.
  if ct_catch_has_failed() { return }
  let arguments = arguments()
  let call = arguments.isEmpty ? name : "\(name)(\(arguments))"
  let module = ModuleCalls.current.place.map { " in \($0)" } ?? ""
  guard !ct_catch_is_active() else {
    ct_catch_record(strdup("\(call)\(module) failed: \(message)"))
    return
  }
  let line = CallSite.current().map { " at \($0)" } ?? ""
  let text = "\(call)\(module)\(line) failed: \(message)"
  ErrorRecord(message: text).writeToErrorFile()
  StandardError.write("error: \(text)\n")
  // On a loader thread, other threads are still calling libtorch.
  ProcessExit.exit(1, destroysStatics: false)
}

/// Handles an error value of a CTorch function that is not an operator; `what` names the call.
func check(_ error: ct_error?, _ what: @autoclosure () -> String) {
  if let error { operatorFailed(what(), "", takeMessage(error)) }
}
