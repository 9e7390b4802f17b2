internal import Synchronization

/// The hooks of a module, without their types.
struct ModuleHooks: @unchecked Sendable {
  // Sendable: a hook runs on the thread that calls the module, as the module itself does.

  /// Run before `forward`; they may return another input.
  var pre: [(id: Int, hook: (any Module, Any) throws -> Any?)] = []
  /// Run after `forward`; they may return another output.
  var forward: [(id: Int, hook: (any Module, Any, Any) throws -> Any?)] = []
  /// Run in backward; they may return other gradients of the inputs.
  var backward: [(id: Int, hook: (any Module, [Tensor?], [Tensor?]) throws -> [Tensor?]?)] = []

  var isEmpty: Bool { pre.isEmpty && forward.isEmpty && backward.isEmpty }

  /// The hooks of a module, or `nil` if it has none.
  static func hooks(of module: any Module) -> ModuleHooks? {
    // Most programs have no hooks: one load in each call of a module.
    guard count.load(ordering: .relaxed) > 0 else { return nil }
    return registry.hooks(of: module)
  }

  /// Adds a hook.
  static func add(
    to module: any Module, _ add: (inout ModuleHooks, _ id: Int) -> Void
  ) -> RemovableHandle {
    let id = registry.add(to: module, add)
    count.add(1, ordering: .relaxed)
    return RemovableHandle(id, of: ObjectIdentifier(module))
  }

  /// Removes a hook, if it is still there.
  static func remove(_ id: Int, of module: ObjectIdentifier) {
    if registry.remove(id, of: module) { count.subtract(1, ordering: .relaxed) }
  }

  private static let count = Atomic(0)
  private static let registry = HookRegistry()

  /// The number of hooks.
  fileprivate var size: Int { pre.count + forward.count + backward.count }

  fileprivate static func discard(_ hooks: ModuleHooks) {
    count.subtract(hooks.size, ordering: .relaxed)
  }

  fileprivate mutating func remove(_ id: Int) -> Bool {
    let before = size
    pre.removeAll { $0.id == id }
    forward.removeAll { $0.id == id }
    backward.removeAll { $0.id == id }
    return size < before
  }
}

/// The hooks of all modules of the process.
private final class HookRegistry: @unchecked Sendable {
  // Sendable: the lock guards the properties.
  private let lock = Mutex(())
  private var entries: [ObjectIdentifier: Entry] = [:]
  private var lastID = 0

  private struct Entry {
    /// The identifier of an object may be that of a later one.
    weak var module: AnyObject?
    var hooks = ModuleHooks()
  }

  func hooks(of module: any Module) -> ModuleHooks? {
    lock.withLock { _ in
      guard let entry = entries[ObjectIdentifier(module)], entry.module === module else {
        return nil
      }
      return entry.hooks
    }
  }

  func add(to module: any Module, _ add: (inout ModuleHooks, _ id: Int) -> Void) -> Int {
    lock.withLock { _ in
      for (key, entry) in entries where entry.module == nil {
        ModuleHooks.discard(entry.hooks)
        entries[key] = nil
      }
      lastID += 1
      add(&entries[ObjectIdentifier(module), default: Entry(module: module)].hooks, lastID)
      return lastID
    }
  }

  func remove(_ id: Int, of module: ObjectIdentifier) -> Bool {
    lock.withLock { _ in
      guard var entry = entries[module], entry.hooks.remove(id) else { return false }
      entries[module] = entry.hooks.isEmpty ? nil : entry
      return true
    }
  }
}
