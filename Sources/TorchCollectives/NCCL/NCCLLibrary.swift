package import CNCCL
package import Collectives
internal import Glibc
internal import Torch

/// NCCL, opened when a program runs and needs it.
package final class NCCLLibrary: @unchecked Sendable {
  // Sendable: NCCL's calls may come from any thread, and the table never changes.

  /// NCCL's calls.
  package let calls: cnccl_library
  /// `2.29.7`.
  package let version: String

  /// The process's NCCL, or why there is none.
  package static let shared: Result<NCCLLibrary, CollectiveError> = {
    // libtorch's CUDA library knows where its own NCCL is; once that is open the name is enough.
    _ = Device.cudaDeviceCount
    let path = getenv("LOCKSTEP_NCCL").map { String(cString: $0) } ?? ""
    do throws(CollectiveError) {
      return .success(try NCCLLibrary(path: path.isEmpty ? "libnccl.so.2" : path))
    } catch {
      return .failure(error)
    }
  }()

  /// Opens a library.
  ///
  /// - Throws: ``CollectiveError`` with code `unavailable`.
  package convenience init(path: String) throws(CollectiveError) {
    var calls = cnccl_library()
    if let message = cnccl_open(path, &calls) {
      defer { free(message) }
      throw CollectiveError(
        .unavailable,
        "cannot open NCCL: \(String(cString: message)). It comes beside the CUDA build of torch, as "
          + "nvidia-nccl-cu13 or -cu12 for its CUDA: install that, and let LOCKSTEP_NCCL be the path of "
          + "nvidia/nccl/lib/libnccl.so.2 in it")
    }
    try self.init(calls: calls)
  }

  /// Takes a library that is there already.
  ///
  /// - Throws: ``CollectiveError`` with code `unavailable` when it is too old.
  package init(calls: cnccl_library) throws(CollectiveError) {
    self.calls = calls
    var code: Int32 = 0
    let result = calls.GetVersion(&code)
    let (major, minor, patch) =
      code < 10_000
      ? (code / 1000, code / 100 % 10, code % 100) : (code / 10_000, code / 100 % 100, code % 100)
    version = "\(major).\(minor).\(patch)"
    // Older ones block while they wait for other ranks, however long.
    guard result == NCCLResult.success, code >= 21_400 else {
      throw CollectiveError(
        .unavailable, "NCCL \(version) is too old: 2.14 is the oldest that will do")
    }
  }

  /// What a result means, with NCCL's own last words where it has some.
  package func describe(_ result: cnccl_result, _ communicator: OpaquePointer? = nil) -> String {
    let words = [calls.GetErrorString(result), calls.GetLastError(communicator)]
      .compactMap { $0.map { String(cString: $0) } }.filter { !$0.isEmpty }
    return "NCCL \(version): \(words.joined(separator: "; ")) (\(result))"
  }
}

/// The values of `ncclResult_t` that matter here.
package enum NCCLResult {
  package static let success: cnccl_result = 0
  package static let remoteError: cnccl_result = 6
  package static let inProgress: cnccl_result = 7
}
