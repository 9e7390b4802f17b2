internal import CSharedMemory
internal import Foundation
internal import Support
internal import Synchronization

/// Runs a group's collectives one after the other: on the thread that waits for one if the group has
/// nothing else to do, else on a thread of its own.
///
/// That thread is also the rank's sign of life: when it ends without having said so, the peers know.
final class SharedEngine: Sendable {
  let companions: Companions

  private struct State {
    var waiting: [(operation: SharedOperation, turn: SharedOperation.Turn)] = []
    var isDriven = false
    var calls: UInt64 = 0
    var isClosed = false
  }
  private let state = Mutex(State())
  /// Changes when the thread has something to do.
  private let bell: Word
  private let hasThread = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  init(_ companions: Companions) {
    self.companions = companions
    bell = Word()
  }

  /// Starts the thread; returns when its sign of life is up.
  func open() throws(CollectiveError) {
    let started = DispatchSemaphore(value: 0)
    let error = Mutex<Int32>(0)
    let (companions, rank) = (self.companions, self.companions.rank)
    let thread = Thread { [self] in
      let life = companions.segment.base + companions.layout.life(rank)
      let failure = csm_life_begin(life)
      error.withLock { $0 = failure }
      started.signal()
      if failure == 0 {
        work()
        csm_life_end(life)
      }
      ended.signal()
    }
    thread.name = "shm-\(rank)"
    thread.start()
    started.wait()
    let failure = error.withLock { $0 }
    guard failure == 0 else {
      throw CollectiveError(
        .failed, "cannot show a sign of life: \(String(cString: strerror(failure)))", rank: rank)
    }
    hasThread.store(true, ordering: .relaxed)
  }

  /// Takes leave of the peers and ends the thread.
  ///
  /// What has been started and not waited for fails.
  func close() {
    state.withLock { $0.isClosed = true }
    companions.close()
    bell.ring()
    guard hasThread.load(ordering: .relaxed) else { return }
    ended.wait()
  }

  /// Starts a collective that is made of so many calls on every rank.
  ///
  /// `post` shows this rank's part to the peers at once, and returns true, if that takes no wait; `body`
  /// does it all.
  func start(
    calls: Int, post: (SharedOperation.Turn) -> Bool,
    body: @escaping @Sendable (SharedOperation.Turn) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> SharedOperation {
    if let error = companions.broken { throw error }
    let operation = SharedOperation(self, body: body)
    let isPosted = state.withLock { state in
      var turn = SharedOperation.Turn(
        number: state.calls, deadline: Deadline(after: companions.timeout))
      state.calls += UInt64(calls)
      // Posting shows the peers all that they need, so that nobody has to work until the end is waited
      // for: no thread is woken.
      let arePosted = state.waiting.allSatisfy { $0.turn.isPosted }
      if arePosted, !state.isDriven, post(turn) { turn.isPosted = true }
      state.waiting.append((operation, turn))
      return turn.isPosted
    }
    if !isPosted { bell.ring() }
    return operation
  }

  /// Returns when a collective has finished, having worked on it if nobody else did.
  func finish(_ operation: SharedOperation) {
    if operation.end.isFinished { return }
    let drives = state.withLock { state in
      if state.isDriven { return false }
      state.isDriven = true
      return true
    }
    guard drives else {
      // Whoever works now may stop at an end of its own: the thread takes over then.
      companions.awaiting.add(1, ordering: .relaxed)
      operation.end.wait()
      companions.awaiting.subtract(1, ordering: .relaxed)
      return
    }
    while !operation.end.isFinished, runNext(isBackground: false) {}
    release()
  }

  /// Whether a collective has finished.
  ///
  /// One that nobody works on is left to the group's thread then.
  func hasFinished(_ operation: SharedOperation) -> Bool {
    if operation.end.isFinished { return true }
    bell.ring()
    return false
  }

  private func release() {
    let isMore = state.withLock { state in
      state.isDriven = false
      return !state.waiting.isEmpty
    }
    if isMore { bell.ring() }
  }

  /// Runs the first collective that waits; returns whether there was one.
  private func runNext(isBackground: Bool) -> Bool {
    let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    guard let next else { return false }
    var turn = next.turn
    turn.isBackground = isBackground
    next.operation.run(turn, unless: companions.broken)
    return true
  }

  /// What the thread does until the group is closed.
  private func work() {
    while true {
      let seen = bell.value
      let (drives, isClosed) = state.withLock { state in
        let drives = !state.isDriven && !state.waiting.isEmpty
        if drives { state.isDriven = true }
        return (drives, state.isClosed)
      }
      if drives {
        while runNext(isBackground: true) {}
        state.withLock { $0.isDriven = false }
      } else if isClosed {
        return
      } else {
        bell.sleep(whileEqual: seen)
      }
    }
  }
}

/// A number that threads of this process sleep on.
final class Word: @unchecked Sendable {
  // Sendable: the pointer never changes, and the word is touched through atomics.
  private let word: UnsafeMutablePointer<UInt32>

  init() {
    word = .allocate(capacity: 1)
    word.initialize(to: 0)
  }

  deinit { word.deallocate() }

  var value: UInt32 { csm_load32(word) }

  /// Changes the number and wakes whoever sleeps.
  func ring() {
    _ = csm_add32(word, 1)
    csm_wake(word)
  }

  func sleep(whileEqual value: UInt32) { csm_sleep_while(word, value, 1_000_000_000) }
}
