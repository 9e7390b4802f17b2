/// A collective that has been started.
public protocol Work: AnyObject, Sendable {
  /// Whether it has finished, well or badly.
  var isCompleted: Bool { get }

  /// Blocks until it has finished. The memory may be used again from then on.
  ///
  /// - Throws: ``CollectiveError``; the group is unusable then.
  func wait() throws(CollectiveError)
}
