internal import CSharedMemory
internal import Support
internal import Synchronization

/// Point-to-point messages between the ranks of a group.
///
/// Each rank has a channel to each peer: a ring buffer in the shared memory. The thread that starts
/// a message moves as many bytes as the ring allows; the rest is moved by the thread that waits for
/// the message, or by the rank's message thread. A message whose receive has not been started stays
/// in the ring. It is moved to a buffer when a receive waits for a message behind it.
final class PointToPoint: Sendable {
  private let peers: HostPeers
  private let state: Mutex<State>
  /// Changes when the message thread has work.
  private let wake = WakeWord()

  private struct State {
    var channels: [Int: PointToPointChannel] = [:]
    var thread: NativeThread?
    var isClosed = false
  }

  init(_ peers: HostPeers) {
    self.peers = peers
    state = Mutex(State())
  }

  /// Ends the message thread, if it was started.
  func close() {
    let thread = state.withLock { state in
      state.isClosed = true
      return state.thread.take()
    }
    guard let thread else { return }
    wake.notify()
    csm_notify(peers.segment.messageEvent(peers.rank))
    thread.join()
  }

  func start(_ transfers: [Transfer]) throws(CollectiveError) -> any Work {
    if let error = peers.failure { throw error }
    let work = PointToPointWork(self, count: transfers.count)
    let deadline = Deadline(after: peers.timeout)
    state.withLock { state in
      for transfer in transfers {
        let channel = PointToPointChannel.with(transfer.peer, in: &state.channels, peers)
        channel.add(transfer, for: work, deadline)
      }
    }
    guard !move() else { return work }
    do throws(SystemError) {
      try state.withLock { (state) throws(SystemError) in
        guard state.thread == nil, !state.isClosed else { return }
        state.thread = try NativeThread.start(name: "shm-p2p-\(peers.rank)") { [self] in
          runUntilClosed()
        }
      }
    } catch {
      throw CollectiveError(.failed, error.message, rank: peers.rank, cause: error)
    }
    wake.notify()
    return work
  }

  /// Returns when all messages of `work` are complete.
  func finish(_ work: PointToPointWork) {
    while !work.completion.isFinished { step(until: { work.completion.isFinished }) }
  }

  /// Moves all bytes that can be moved now; returns whether all messages are complete.
  private func move() -> Bool {
    state.withLock { state in
      var isIdle = true
      for channel in state.channels.values where !channel.move() { isIdle = false }
      return isIdle
    }
  }

  /// Moves bytes, then sleeps until a peer moves some, unless `isDone`.
  private func step(until isDone: () -> Bool) {
    let event = peers.segment.messageEvent(peers.rank)
    let (epoch, waiters) = event.words
    _ = csm_add32(waiters, 1)
    let seen = csm_load32(epoch)
    let isIdle = move()
    if !isIdle, !isDone() {
      csm_sleep_while(epoch, seen, 5_000_000)
      check()
    }
    _ = csm_add32(waiters, UInt32.max)
  }

  /// Marks the group as failed if a peer has exited or timed out, and fails the messages of a
  /// failed group.
  private func check() {
    if peers.failure == nil {
      let problem = state.withLock { state in
        // A loop, because a lazy map would call `failure()` twice, and each call moves bytes.
        for channel in state.channels.values {
          if let problem = channel.failure() { return Optional(problem) }
        }
        return nil
      }
      guard let problem else { return }
      peers.failGroup(problem.failure, error: problem.error)
    }
    guard let error = peers.failure else { return }
    state.withLock { state in
      for channel in state.channels.values { channel.fail(error) }
    }
  }

  /// The body of the message thread.
  private func runUntilClosed() {
    while true {
      let epoch = wake.epoch
      if state.withLock({ $0.isClosed }) { return }
      if move() { wake.wait(while: epoch) } else { step(until: { false }) }
    }
  }
}

/// Messages that were started together.
final class PointToPointWork: Work {
  let completion = Completion()
  private let pointToPoint: PointToPoint
  private let remaining: Mutex<Int>

  init(_ pointToPoint: PointToPoint, count: Int) {
    self.pointToPoint = pointToPoint
    remaining = Mutex(count)
    if count == 0 { completion.finish(nil) }
  }

  var isCompleted: Bool { completion.isFinished }

  func wait() throws(CollectiveError) {
    pointToPoint.finish(self)
    if let error = completion.error { throw error }
  }

  /// Counts one message as complete.
  func finishOne() {
    let isLast = remaining.withLock { remaining in
      remaining -= 1
      return remaining == 0
    }
    if isLast { completion.finish(nil) }
  }

  func fail(_ error: CollectiveError) {
    if !completion.isFinished { completion.finish(error) }
  }
}

extension UnsafeMutablePointer<csm_event> {
  fileprivate var words:
    (epoch: UnsafeMutablePointer<UInt32>, waiters: UnsafeMutablePointer<UInt32>)
  {
    let raw = UnsafeMutableRawPointer(self)
    return (
      raw.assumingMemoryBound(to: UInt32.self), (raw + 4).assumingMemoryBound(to: UInt32.self)
    )
  }
}
