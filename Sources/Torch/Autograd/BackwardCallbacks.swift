internal import Glibc

/// Closures that run at the end of the outermost backward pass of a thread.
///
/// Backward functions may run backward passes. libtorch runs a callback that is queued in a nested
/// pass at the end of that pass, not of the outermost one.
final class BackwardCallbacks {
  private var depth = 0
  private var bodies: [() throws -> Void] = []

  /// Begins a pass on this thread.
  static func beginPass() -> BackwardCallbacks {
    let callbacks = current
    callbacks.depth += 1
    return callbacks
  }

  /// Defers `body` to the end of the outermost pass if the current pass is nested.
  ///
  /// - Returns: `false` if the current pass is not nested; `body` is then not retained.
  static func deferIfNested(_ body: @escaping () throws -> Void) -> Bool {
    let callbacks = current
    guard callbacks.depth > 1 else { return false }
    callbacks.bodies.append(body)
    return true
  }

  /// Ends a pass that succeeded.
  ///
  /// The end of the outermost pass runs the closures.
  func endPass() throws {
    depth -= 1
    guard depth == 0 else { return }
    defer { bodies = [] }
    for body in bodies { try body() }
  }

  /// Ends a pass that failed.
  ///
  /// The end of the outermost pass discards the closures.
  func failPass() {
    depth -= 1
    if depth == 0 { bodies = [] }
  }

  /// The callbacks of this thread, released when the thread exits.
  private static var current: BackwardCallbacks {
    if let existing = pthread_getspecific(key) {
      return Unmanaged<BackwardCallbacks>.fromOpaque(existing).takeUnretainedValue()
    }
    let callbacks = BackwardCallbacks()
    pthread_setspecific(key, Unmanaged.passRetained(callbacks).toOpaque())
    return callbacks
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { callbacks in
      if let callbacks { Unmanaged<BackwardCallbacks>.fromOpaque(callbacks).release() }
    }
    return key
  }()
}
