internal import Glibc
internal import Support

/// Runs a worker's main function and reports its failure to the launcher.
///
/// An error that `body` throws is printed to standard error and written to the launcher's file
/// `TORCHELASTIC_ERROR_FILE`; the process then exits with code 1. Like PyTorch's
/// `torch.distributed.elastic.multiprocessing.errors.record`.
///
/// Under a launcher SIGQUIT ends the process, as in other programs. Without this function, the
/// Swift runtime would print a backtrace and continue.
///
/// ```swift
/// record {
///   try train()
/// }
/// ```
/// - Returns: The result of `body`.
public func record<Success>(_ body: () throws -> Success) -> Success {
  exitOnQuit()
  do {
    return try body()
  } catch {
    fail(with: error)
  }
}

/// Runs a worker's asynchronous main function and reports its failure to the launcher.
///
/// Like the synchronous form.
/// - Returns: The result of `body`.
public func record<Success>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Success
) async -> Success {
  exitOnQuit()
  do {
    return try await body()
  } catch {
    fail(with: error)
  }
}

/// Restores the default action of SIGQUIT under a launcher, unless the program has installed a
/// handler.
private func exitOnQuit() {
  guard WorkerVariable.errorFile.isSet else { return }
  // The Swift runtime has one handler for crash signals and SIGQUIT.
  guard let quit = handler(of: SIGQUIT), quit != 0, quit == handler(of: SIGILL) else { return }
  signal(SIGQUIT, SIG_DFL)
}

private func handler(of signal: Int32) -> Int? {
  var action = sigaction()
  guard sigaction(signal, nil, &action) == 0 else { return nil }
  return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
}

private func fail(with error: any Error) -> Never {
  let record = ErrorRecord(error)
  // The file is written first: standard error may block, and the file's time orders the failures.
  record.writeToErrorFile()
  fflush(nil)
  StandardError.write("error: \(record.message)\n")
  ProcessExit.exit(1)
}
