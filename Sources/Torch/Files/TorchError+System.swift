package import Support

extension TorchError {
  /// Creates an error with code `inputOutput`.
  package init(_ error: SystemError) { self.init(.inputOutput, error.message) }

  /// The failure in `errno`.
  static func system(_ action: String, _ path: String) -> TorchError {
    TorchError(SystemError(action, path))
  }
}
