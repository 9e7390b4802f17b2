import Support

/// A collective that a ``CollectiveExecutor`` runs.
final class SharedOperation: Work {
  /// How the operation runs.
  struct Context {
    /// The number of its first call.
    let number: UInt64
    /// Whether the first call has been published to the peers.
    var isPosted = false
    let deadline: Deadline
    /// Whether it runs on the group's thread, beside the program's own work.
    var isBackground = false
  }

  private let body: @Sendable (Context) throws(CollectiveError) -> Void
  private let executor: CollectiveExecutor
  let completion = Completion()

  init(
    _ executor: CollectiveExecutor,
    body: @escaping @Sendable (Context) throws(CollectiveError) -> Void
  ) {
    self.executor = executor
    self.body = body
  }

  var isCompleted: Bool { executor.hasFinished(self) }

  func wait() throws(CollectiveError) {
    executor.finish(self)
    if let error = completion.error { throw error }
  }

  /// Runs the operation, unless the group has failed.
  func run(_ context: Context, unless failure: CollectiveError?) {
    guard failure == nil else { return completion.finish(failure) }
    do {
      try body(context)
      completion.finish(nil)
    } catch {
      completion.finish(error)
    }
  }
}
