internal import Glibc

/// What is to run when the outermost of the backward passes on this thread has ended.
///
/// libtorch runs what was queued from a pass inside another at the end of the inner one.
final class BackwardEnds {
  private var depth = 0
  private var bodies: [() throws -> Void] = []

  /// A pass begins on this thread.
  static func enter() -> BackwardEnds {
    let ends = current
    ends.depth += 1
    return ends
  }

  /// Keeps a closure for the end of the outermost pass, if the pass that runs is not that one.
  static func postpone(_ body: @escaping () throws -> Void) -> Bool {
    let ends = current
    guard ends.depth > 1 else { return false }
    ends.bodies.append(body)
    return true
  }

  /// A pass has ended well.
  func leave() throws {
    depth -= 1
    guard depth == 0 else { return }
    defer { bodies = [] }
    for body in bodies { try body() }
  }

  /// A pass has failed.
  func abandon() {
    depth -= 1
    if depth == 0 { bodies = [] }
  }

  /// This thread's; the thread's end releases it.
  private static var current: BackwardEnds {
    if let known = pthread_getspecific(key) {
      return Unmanaged<BackwardEnds>.fromOpaque(known).takeUnretainedValue()
    }
    let ends = BackwardEnds()
    pthread_setspecific(key, Unmanaged.passRetained(ends).toOpaque())
    return ends
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { ends in
      if let ends { Unmanaged<BackwardEnds>.fromOpaque(ends).release() }
    }
    return key
  }()
}
