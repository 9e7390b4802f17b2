internal import CSharedMemory
internal import Glibc
internal import Support
internal import Synchronization

/// Runs a group's collectives one after another.
///
/// A collective runs on the thread that waits for it if no other collective is running, otherwise
/// on the group's own thread. That thread also holds the rank's liveness lock: if it ends without
/// releasing the lock, the peers detect that the rank died.
final class CollectiveExecutor: Sendable {
  let peers: HostPeers

  private struct State {
    var waiting: [(operation: SharedOperation, context: SharedOperation.Context)] = []
    var isRunning = false
    var calls: UInt64 = 0
    var isClosed = false
  }
  private let state = Mutex(State())
  /// Changes when the thread has work.
  private let wake = WakeWord()
  private let thread = Mutex<NativeThread?>(nil)

  init(_ peers: HostPeers) { self.peers = peers }

  /// Starts the thread; returns once it holds the liveness lock.
  func open() throws(CollectiveError) {
    let peers = self.peers
    let lockResult = Monitor<Int32?>(nil)
    do throws(SystemError) {
      let started = try NativeThread.start(name: "shm-\(peers.rank)") { [self] in
        let lock = peers.segment.livenessLock(peers.rank)
        let error = csm_liveness_lock(lock)
        lockResult.change { $0 = error }
        if error == 0 {
          runUntilClosed()
          csm_liveness_unlock(lock)
        }
      }
      thread.withLock { $0 = started }
    } catch {
      throw CollectiveError(.failed, error.message, rank: peers.rank, cause: error)
    }
    let error = lockResult.wait { $0 }
    guard error == 0 else {
      throw CollectiveError(
        .failed, "cannot acquire the liveness lock: \(SystemError.reason(error))", rank: peers.rank)
    }
  }

  /// Notifies the peers that this rank leaves, and ends the thread.
  ///
  /// Collectives that were started but not waited for fail.
  func close() {
    state.withLock { $0.isClosed = true }
    peers.close()
    wake.notify()
    thread.withLock { $0.take() }?.join()
  }

  /// Starts a collective that consists of `calls` calls on every rank.
  ///
  /// - Parameters:
  ///   - calls: The number of calls.
  ///   - post: Publishes this rank's part to its peers and returns true if that needs no wait.
  ///   - body: Runs the whole collective.
  /// - Returns: The running collective.
  /// - Throws: The failure of the group, if it has failed.
  func start(
    calls: Int, post: (SharedOperation.Context) -> Bool,
    body: @escaping @Sendable (SharedOperation.Context) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedOperation {
    if let error = peers.failure { throw error }
    let operation = SharedOperation(self, body: body)
    let isPosted = state.withLock { state in
      var context = SharedOperation.Context(
        number: state.calls, deadline: Deadline(after: peers.timeout))
      state.calls += UInt64(calls)
      // A posted call has published all that peers need. The rest can run in `wait`, so no thread
      // is woken.
      let arePosted = state.waiting.allSatisfy { $0.context.isPosted }
      if arePosted, !state.isRunning, post(context) { context.isPosted = true }
      state.waiting.append((operation, context))
      return context.isPosted
    }
    if !isPosted { wake.notify() }
    return operation
  }

  /// Returns when a collective has finished; runs it if no other thread does.
  func finish(_ operation: SharedOperation) {
    if operation.completion.isFinished { return }
    let runs = state.withLock { state in
      if state.isRunning { return false }
      state.isRunning = true
      return true
    }
    guard runs else {
      // The running thread may stop at its own collective; the group's thread then takes over.
      peers.blockedThreads.add(1, ordering: .relaxed)
      operation.completion.wait()
      peers.blockedThreads.subtract(1, ordering: .relaxed)
      return
    }
    while !operation.completion.isFinished, runNext(isBackground: false) {}
    release()
  }

  /// Returns whether a collective has finished; if it has not started, the group's thread runs it.
  func hasFinished(_ operation: SharedOperation) -> Bool {
    if operation.completion.isFinished { return true }
    wake.notify()
    return false
  }

  private func release() {
    let hasMore = state.withLock { state in
      state.isRunning = false
      return !state.waiting.isEmpty
    }
    if hasMore { wake.notify() }
  }

  /// Runs the first waiting collective; returns whether there was one.
  private func runNext(isBackground: Bool) -> Bool {
    let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    guard let next else { return false }
    var context = next.context
    context.isBackground = isBackground
    next.operation.run(context, unless: peers.failure)
    return true
  }

  /// The body of the group's thread.
  private func runUntilClosed() {
    while true {
      let epoch = wake.epoch
      let (runs, isClosed) = state.withLock { state in
        let runs = !state.isRunning && !state.waiting.isEmpty
        if runs { state.isRunning = true }
        return (runs, state.isClosed)
      }
      if runs {
        while runNext(isBackground: true) {}
        state.withLock { $0.isRunning = false }
      } else if isClosed {
        return
      } else {
        wake.wait(while: epoch)
      }
    }
  }
}

/// A counter that threads of this process sleep on until it changes.
///
/// `@unchecked Sendable`: the pointer never changes, and the word is accessed through atomics.
final class WakeWord: @unchecked Sendable {
  private let word: UnsafeMutablePointer<UInt32>

  init() {
    word = .allocate(capacity: 1)
    word.initialize(to: 0)
  }

  deinit { word.deallocate() }

  var epoch: UInt32 { csm_load32(word) }

  /// Increments the counter and wakes all sleeping threads.
  func notify() {
    _ = csm_add32(word, 1)
    csm_wake(word)
  }

  /// Sleeps while the counter equals `epoch`, for at most a second.
  func wait(while epoch: UInt32) { csm_sleep_while(word, epoch, 1_000_000_000) }
}
