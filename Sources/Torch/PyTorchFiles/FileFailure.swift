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

  /// The failure with the keys and indices that lead to the value, such as `['model']['step']`.
  func at(_ path: String) -> FileFailure {
    guard !path.isEmpty else { return self }
    return switch self {
    case .damaged(let reason): .damaged("at \(path), \(reason)")
    case .unsupported(let reason): .unsupported("at \(path), \(reason)")
    case .system: self
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
