internal import CSupport
import Glibc

/// A dedicated POSIX thread, for work that blocks and for code that needs a larger stack.
package struct NativeThread: @unchecked Sendable {
  // `pthread_t` is an opaque pointer; any thread may pass it to `pthread_join`.
  private let handle: pthread_t

  /// Starts a thread that runs `body`.
  ///
  /// - Parameters:
  ///   - name: The name that debuggers and `/proc` show; the system keeps its first 15 bytes.
  ///   - stackBytes: The stack size; `nil` for the system's default.
  ///   - blocksSignals: Whether to block all signals in the thread, so that the main thread
  ///     receives them.
  ///   - body: What the thread runs.
  /// - Returns: The thread; pass it to exactly one of ``join()`` and ``detach()``.
  /// - Throws: ``SystemError`` when the system starts no more threads.
  package static func start(
    name: String? = nil, stackBytes: Int? = nil, blocksSignals: Bool = false,
    _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) -> NativeThread {
    // `pthread_attr_t()` would require the import of a module that has no public name, so allocate
    // the memory instead.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    defer { pthread_attr_destroy(attributes) }
    if let stackBytes { pthread_attr_setstacksize(attributes, stackBytes) }

    let masks = UnsafeMutablePointer<sigset_t>.allocate(capacity: 2)
    defer { masks.deallocate() }
    sigfillset(masks)
    if blocksSignals { pthread_sigmask(SIG_SETMASK, masks, masks + 1) }
    defer { if blocksSignals { pthread_sigmask(SIG_SETMASK, masks + 1, nil) } }

    let context = Unmanaged.passRetained(Body(name: name, run: body))
    var thread = pthread_t()
    let number = pthread_create(
      &thread, attributes,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().start() }
        return nil
      }, context.toOpaque())
    guard number == 0 else {
      context.release()
      throw SystemError(
        message: "cannot start a thread: \(SystemError.reason(number)); raise the process limit "
          + "(ulimit -u) or stop other programs",
        number: number)
    }
    return NativeThread(handle: thread)
  }

  /// Waits until the thread has ended.
  package func join() { pthread_join(handle, nil) }

  /// Waits until the thread has ended, or until the limit; returns whether it has ended.
  ///
  /// A thread that has not ended still needs ``join()`` or ``detach()``.
  package func join(within limit: Duration) -> Bool {
    csupport_join(handle, Int64(limit.pollMilliseconds)) != 0
  }

  /// Whether this is the calling thread.
  package var isCurrent: Bool { pthread_equal(handle, pthread_self()) != 0 }

  /// Has the system free the thread when it ends, without a ``join()``.
  package func detach() { pthread_detach(handle) }

  private final class Body: Sendable {
    private let name: String?
    private let run: @Sendable () -> Void

    init(name: String?, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }

    func start() {
      if let name { csupport_set_thread_name(name) }
      run()
    }
  }
}
