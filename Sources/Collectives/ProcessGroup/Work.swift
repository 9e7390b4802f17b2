/// A collective that has been started.
public protocol Work: AnyObject, Sendable {
  /// Whether it has finished, successfully or not.
  var isCompleted: Bool { get }

  /// Blocks until it has finished. The memory may be accessed again afterwards.
  ///
  /// - Throws: ``CollectiveError``; the group is then unusable.
  func wait() throws(CollectiveError)
}
