package import CNCCL
package import Collectives
internal import Glibc
internal import Torch

/// NCCL, loaded at run time.
///
/// `@unchecked Sendable`: any thread may call NCCL, and the table never changes.
package final class NCCLLibrary: @unchecked Sendable {
  /// NCCL's functions.
  package let calls: cnccl_library
  /// The version, such as `2.29.7`.
  package let version: String

  /// The process's NCCL, or why it cannot be loaded.
  package static let shared: Result<NCCLLibrary, CollectiveError> = {
    // Loads libtorch's CUDA library and with it NCCL, which is then found by its file name alone.
    _ = Device.cudaDeviceCount
    let path = getenv("LOCKSTEP_NCCL").map { String(cString: $0) } ?? ""
    do throws(CollectiveError) {
      return .success(try NCCLLibrary(path: path.isEmpty ? "libnccl.so.2" : path))
    } catch {
      return .failure(error)
    }
  }()

  /// Loads a library.
  ///
  /// - Throws: ``CollectiveError`` with code `unavailable`.
  package convenience init(path: String) throws(CollectiveError) {
    var calls = cnccl_library()
    if let message = cnccl_open(path, &calls) {
      defer { free(message) }
      throw CollectiveError(
        .unavailable,
        "cannot load NCCL: \(String(cString: message)). Install the wheel nvidia-nccl-cu13 (or "
          + "-cu12, for the CUDA version of torch), and set LOCKSTEP_NCCL to the path of its "
          + "nvidia/nccl/lib/libnccl.so.2")
    }
    try self.init(calls: calls)
  }

  /// Uses a library that is already loaded.
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
    // Older versions block without a limit while they wait for other ranks.
    guard result == NCCLResult.success, code >= 21_400 else {
      throw CollectiveError(
        .unavailable, "NCCL \(version) is too old: install 2.14 or newer")
    }
  }

  /// Describes a result, with NCCL's last error message if there is one.
  package func describe(_ result: cnccl_result, _ communicator: OpaquePointer? = nil) -> String {
    let messages = [calls.GetErrorString(result), calls.GetLastError(communicator)]
      .compactMap { $0.map { String(cString: $0) } }.filter { !$0.isEmpty }
    return "NCCL \(version): \(messages.joined(separator: "; ")) (\(result))"
  }
}

/// The values of `ncclResult_t` that this module handles.
package enum NCCLResult {
  package static let success: cnccl_result = 0
  package static let remoteError: cnccl_result = 6
  package static let inProgress: cnccl_result = 7
}
