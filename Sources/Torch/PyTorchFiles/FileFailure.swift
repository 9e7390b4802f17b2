/// The reason why a file cannot be read, without its path, which ``PyTorchFile`` adds.
enum FileFailure: Error {
  /// The file is damaged.
  case damaged(String)
  /// The file may be intact, but contains something that Lockstep does not read.
  case unsupported(String)
  /// The operating system reported an error.
  case system(TorchError)

  func error(path: String) -> TorchError {
    switch self {
    case .damaged(let reason):
      TorchError(
        .invalidFile, "'\(path)' is not a valid PyTorch file: \(reason); copy or save it again")
    case .unsupported(let reason):
      TorchError(.invalidFile, "'\(path)' cannot be read: \(reason)")
    case .system(let error): error
    }
  }
}

extension String {
  /// A name from a file, quoted, escaped and limited to 100 characters for a message.
  var quotedForMessage: String {
    let start = prefix(100)
    return "'\(start.debugDescription.dropFirst().dropLast())\(start.count < count ? "…" : "")'"
  }
}
