extension StoreError {
  /// The error of a wait for keys whose limit has passed.
  ///
  /// - Parameters:
  ///   - missing: The keys that did not appear.
  ///   - awaited: How many keys the call waited for.
  ///   - limit: How long it waited.
  ///   - place: The store, in words.
  /// - Returns: An error whose message names up to eight of the missing keys.
  static func timedOut(
    missing: [String], of awaited: Int, after limit: Duration, at place: String
  ) -> StoreError {
    let shown = missing.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    let more = missing.count > 8 ? " and \(missing.count - 8) more" : ""
    let share = awaited > 1 ? " (\(missing.count) of \(awaited) keys are missing)" : ""
    return StoreError(
      code: .timedOut,
      message: "nobody set \(shown)\(more) in \(place) within \(limit)\(share): "
        + "see whether the process that should set it is alive, or wait longer")
  }
}
