internal import Glibc

extension TorchError {
  /// What the operating system says in `errno`.
  static func system(_ what: String, _ path: String) -> TorchError {
    let reason = String(cString: strerror(errno))
    return TorchError(.inputOutput, "\(what) '\(path)': \(reason)")
  }
}
