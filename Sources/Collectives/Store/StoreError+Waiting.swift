extension StoreError {
  /// The error of a wait that timed out.
  ///
  /// - Parameters:
  ///   - missing: The keys that were not set.
  ///   - awaited: The number of keys that the call waited for.
  ///   - limit: The timeout.
  ///   - store: The store's name for the message.
  /// - Returns: An error that names up to eight of the missing keys.
  static func timedOut(
    missing: [String], of awaited: Int, after limit: Duration, in store: String
  ) -> StoreError {
    let shown = missing.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    let more = missing.count > 8 ? " and \(missing.count - 8) more" : ""
    let share = awaited > 1 ? " (\(missing.count) of \(awaited) keys are missing)" : ""
    return StoreError(
      code: .timedOut,
      message: "\(shown)\(more) \(missing.count == 1 ? "was" : "were") not set in \(store) within "
        + "\(limit)\(share): check whether the process that sets it is running, or raise the "
        + "timeout"
    )
  }
}
