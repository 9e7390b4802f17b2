import Glibc

/// Runs a worker's main function and tells the launcher why it failed, if it does.
///
/// An error that `body` throws is printed to standard error, written to the file that the launcher
/// named in `TORCHELASTIC_ERROR_FILE`, and ends the process with exit code 1. As PyTorch's
/// `torch.distributed.elastic.multiprocessing.errors.record`.
///
/// ```swift
/// record {
///   try train()
/// }
/// ```
/// - Returns: What `body` returns.
public func record<Success>(_ body: () throws -> Success) -> Success {
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
  do {
    return try await body()
  } catch {
    fail(with: error)
  }
}

private func fail(with error: any Error) -> Never {
  let record = ErrorRecord(error)
  record.writeToErrorFile()  // first: standard error may block, and the time of the file counts
  fflush(nil)
  writeToStandardError("error: \(record.message)\n")
  exit(1)
}
