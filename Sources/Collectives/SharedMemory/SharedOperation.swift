import Support

/// A collective on its way through the engine of a group.
final class SharedOperation: Work {
  /// Where its calls begin, whether the first of them has been posted, and when it is late.
  struct Turn {
    let number: UInt64
    var isPosted = false
    let deadline: Deadline
    var isBackground = false
  }

  private let body: @Sendable (Turn) throws(CollectiveError) -> Void
  private let engine: SharedEngine
  let end = Completion()

  init(_ engine: SharedEngine, body: @escaping @Sendable (Turn) throws(CollectiveError) -> Void) {
    (self.engine, self.body) = (engine, body)
  }

  /// Whether it has finished, well or badly.
  var isCompleted: Bool { engine.hasFinished(self) }

  func wait() throws(CollectiveError) {
    engine.finish(self)
    if let error = end.error { throw error }
  }

  /// Does it, unless the group is broken.
  func run(_ turn: Turn, unless broken: CollectiveError?) {
    guard broken == nil else { return end.finish(broken) }
    do {
      try body(turn)
      end.finish(nil)
    } catch {
      end.finish(error)
    }
  }
}
