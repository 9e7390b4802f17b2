internal import CSupport
internal import Glibc
internal import Synchronization

/// The end of the process while other threads run.
///
/// `exit` and a return from `main` destroy the static objects of all libraries. A thread that uses
/// one of them later reads freed memory: a program that exits while its loader threads call
/// libtorch can end with SIGSEGV instead of its exit code. So threads that run such code are
/// started here. They are stopped and joined before static objects are destroyed. If they do not
/// end in time, the process ends without destroying anything.
package enum ProcessExit {
  private struct Member {
    let thread: NativeThread
    let stop: @Sendable () -> Void
  }

  /// The time in which threads have to end after they were asked to stop.
  private static let limit = Duration.seconds(1)
  private static let members = Mutex<[Member]>([])
  /// The thread that exits the process; 0 for none.
  private static let exitingThread = Atomic<UInt>(0)
  /// The number of threads that wait in ``exit(_:destroysStatics:)`` for the end of the process.
  private static let waitingThreads = Atomic(0)

  /// Starts a thread that is stopped when the process exits.
  ///
  /// - Parameters:
  ///   - name: The thread's name.
  ///   - stop: Asks the thread to end soon; also called after it has ended. It must not block.
  ///   - body: What the thread runs.
  /// - Throws: ``SystemError`` when the system starts no more threads.
  package static func startThread(
    name: String, stop: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let isFirst = members.withLock { members in
      members.removeAll { $0.thread.join(within: .zero) }  // frees the threads that have ended
      return members.isEmpty
    }
    if isFirst { csupport_call_before_exit { ProcessExit.stopThreads(code: $0) } }
    let thread = try NativeThread.start(name: name, body)
    members.withLock { $0.append(Member(thread: thread, stop: stop)) }
  }

  /// Exits the process.
  ///
  /// Only the first call counts. If another thread calls it later, that thread waits for the end of
  /// the process, because two threads must not call `exit`.
  ///
  /// - Parameters:
  ///   - code: The exit code.
  ///   - destroysStatics: Whether to run the handlers of `atexit` and the destructors of static
  ///     objects. Pass `false` on a thread other than the main one while the main thread may use
  ///     these objects.
  package static func exit(_ code: Int32, destroysStatics: Bool = true) -> Never {
    let isFirst = begin()
    if !isFirst && exitingThread.load(ordering: .relaxed) != currentThread {
      waitingThreads.add(1, ordering: .relaxed)
      while true { sleep(1) }
    }
    // A second call on the same thread is a failure in a destructor.
    if !isFirst || !destroysStatics && csupport_is_main_thread() == 0 {
      fflush(nil)
      _exit(code)
    }
    Glibc.exit(code)
  }

  /// Records that the calling thread exits the process; returns whether it is the first call.
  private static func begin() -> Bool {
    exitingThread.compareExchange(expected: 0, desired: currentThread, ordering: .relaxed).exchanged
  }

  private static var currentThread: UInt { pthread_self() }

  /// Stops the threads; ends the process at once if static objects cannot be destroyed safely.
  private static func stopThreads(code: Int32) {
    _ = begin()  // the program may have called the system's exit
    let stopped = members.withLock { members in
      defer { members = [] }
      return members
    }
    guard !stopped.isEmpty else { return }
    for member in stopped { member.stop() }
    // A thread that waits for the end of the process does not end by itself.
    let isWaiting = waitingThreads.load(ordering: .relaxed) > 0
    let deadline = Deadline(after: isWaiting ? limit / 10 : limit)
    let running = stopped.filter {
      !$0.thread.isCurrent && !$0.thread.join(within: deadline.remaining)
    }
    // If one of the threads exits the process, the main thread may still use static objects.
    if running.isEmpty && !stopped.contains(where: \.thread.isCurrent) { return }
    fflush(nil)
    _exit(code)
  }
}
