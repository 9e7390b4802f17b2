/// Why a file was not read; ``PyTorchFile`` adds which file.
enum FileFailure: Error {
  /// The bytes are not what somebody wrote.
  case damaged(String)
  /// The bytes may be as they were written, but they hold what Lockstep does not read.
  case unsupported(String)
  /// The operating system's reason.
  case system(TorchError)

  func error(path: String) -> TorchError {
    switch self {
    case .damaged(let reason):
      TorchError(
        .invalidFile, "'\(path)' is no intact PyTorch file: \(reason); copy or save it again")
    case .unsupported(let reason):
      TorchError(.invalidFile, "'\(path)' cannot be read: \(reason)")
    case .system(let error): error
    }
  }
}

extension String {
  /// A name from a file, in a form that is safe to print.
  var quotedForMessage: String {
    let start = prefix(100)
    return "'\(start.debugDescription.dropFirst().dropLast())\(start.count < count ? "…" : "")'"
  }
}
