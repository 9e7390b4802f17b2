internal import Glibc
internal import Support

/// Runs a worker's main function and tells the launcher why it failed, if it does.
///
/// An error that `body` throws is printed to standard error, written to the file that the launcher
/// named in `TORCHELASTIC_ERROR_FILE`, and ends the process with exit code 1. As PyTorch's
/// `torch.distributed.elastic.multiprocessing.errors.record`.
///
/// Under a launcher SIGQUIT ends the process, as it does any other: the Swift runtime would print a
/// backtrace and let it go on.
///
/// ```swift
/// record {
///   try train()
/// }
/// ```
/// - Returns: What `body` returns.
public func record<Success>(_ body: () throws -> Success) -> Success {
  endOnQuit()
  do {
    return try body()
  } catch {
    fail(with: error)
  }
}

/// Runs a worker's asynchronous main function and tells the launcher why it failed, if it does.
///
/// The same as the synchronous form.
/// - Returns: What `body` returns.
public func record<Success>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Success
) async -> Success {
  endOnQuit()
  do {
    return try await body()
  } catch {
    fail(with: error)
  }
}

/// Gives SIGQUIT its default action where a launcher may send it, unless the program has chosen another.
private func endOnQuit() {
  guard WorkerVariable.errorFile.isSet else { return }
  // The runtime has one handler for all signals of crashes, and SIGQUIT.
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
  record.writeToErrorFile()  // first: standard error may block, and the time of the file counts
  fflush(nil)
  StandardError.write("error: \(record.message)\n")
  exit(1)
}
