/// Removes a hook of a module.
///
/// A hook remains until ``remove()``, also if the handle is not kept.
public final class RemovableHandle: Sendable {
  private let id: Int
  private let module: ObjectIdentifier

  init(_ id: Int, of module: ObjectIdentifier) {
    self.id = id
    self.module = module
  }

  /// Removes the hook; a second call has no effect.
  public func remove() { ModuleHooks.remove(id, of: module) }
}
