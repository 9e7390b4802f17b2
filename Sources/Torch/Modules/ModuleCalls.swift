internal import Glibc

/// The modules that a thread is calling, from the outermost to the innermost.
///
/// Messages about a failed operator name the innermost one by its path in the outermost one.
final class ModuleCalls {
  private var running: [any Module] = []

  func begin(_ module: any Module) { running.append(module) }

  func end() { running.removeLast() }

  /// The innermost module, such as `encoder.layer.3.attention.query (Linear of BertModel)`, or
  /// `nil` outside of a call.
  var place: String? {
    guard let outermost = running.first, let innermost = running.last else { return nil }
    let root = "\(type(of: outermost))"
    guard innermost !== outermost else { return root }
    let type = "\(type(of: innermost))"
    // A module that a closure returned has no name; that of its caller is the nearest.
    let tree = ModuleTree(outermost)
    for module in running.dropFirst().reversed() {
      guard let name = tree.modules.first(where: { $0.module === module })?.name else { continue }
      return module === innermost
        ? "\(name) (\(type) of \(root))" : "\(type), called by \(name) of \(root)"
    }
    return "\(type), called by \(root)"
  }

  /// The calls of this thread, released when the thread exits.
  static var current: ModuleCalls {
    if let existing = pthread_getspecific(key) {
      return Unmanaged<ModuleCalls>.fromOpaque(existing).takeUnretainedValue()
    }
    let calls = ModuleCalls()
    pthread_setspecific(key, Unmanaged.passRetained(calls).toOpaque())
    return calls
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { calls in
      if let calls { Unmanaged<ModuleCalls>.fromOpaque(calls).release() }
    }
    return key
  }()
}
