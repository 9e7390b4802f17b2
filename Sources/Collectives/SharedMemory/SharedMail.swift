internal import CSharedMemory
internal import Foundation
internal import Support
internal import Synchronization

/// Messages between pairs of ranks, beside the collectives.
///
/// Each rank has a channel to each peer, a ring in the group's memory. Whoever starts a message moves as
/// much as the ring has or takes; the rest is moved by the thread that waits for it, or by one of the group's own.
/// A message that nobody has asked for yet is set aside when one behind it is asked for.
final class SharedMail: Sendable {
  private let companions: Companions
  private let state: Mutex<State>
  /// Changes when the thread has something to do.
  private let bell = Word()
  private let ended = DispatchSemaphore(value: 0)

  private struct State {
    var channels: [Int: MailChannel] = [:]
    var hasThread = false
    var isClosed = false
  }

  init(_ companions: Companions) {
    self.companions = companions
    state = Mutex(State())
  }

  /// Ends the thread, if there was one.
  func close() {
    let hasThread = state.withLock { state in
      state.isClosed = true
      return state.hasThread
    }
    guard hasThread else { return }
    bell.ring()
    csm_ring(companions.segment.mailBell(companions.rank))
    ended.wait()
  }

  func start(_ transfers: [Transfer]) throws(CollectiveError) -> any Work {
    if let error = companions.broken { throw error }
    let work = MailWork(self, count: transfers.count)
    let deadline = Deadline(after: companions.timeout)
    state.withLock { state in
      for transfer in transfers {
        let channel = MailChannel.with(transfer.peer, in: &state.channels, companions)
        channel.add(transfer, for: work, deadline)
      }
    }
    guard !move() else { return work }
    state.withLock { state in
      guard !state.hasThread, !state.isClosed else { return }
      state.hasThread = true
      let thread = Thread { [self] in
        run()
        ended.signal()
      }
      thread.name = "shm-mail-\(companions.rank)"
      thread.start()
    }
    bell.ring()
    return work
  }

  /// Returns when all messages of a work are through.
  func finish(_ work: MailWork) {
    while !work.end.isFinished { step(until: { work.end.isFinished }) }
  }

  /// Moves what can be moved; returns whether nothing is left to do.
  private func move() -> Bool {
    state.withLock { state in
      var isIdle = true
      for channel in state.channels.values where !channel.move() { isIdle = false }
      return isIdle
    }
  }

  /// Moves messages, and sleeps if there are none to move.
  private func step(until isEnough: () -> Bool) {
    let bell = companions.segment.mailBell(companions.rank)
    let (event, sleepers) = bell.words
    _ = csm_add32(sleepers, 1)
    let seen = csm_load32(event)
    let isIdle = move()
    if !isIdle, !isEnough() {
      csm_sleep_while(event, seen, 5_000_000)
      check()
    }
    _ = csm_add32(sleepers, UInt32.max)
  }

  /// Fails messages of a broken group, and breaks it if a peer has ended or is too late.
  private func check() {
    if companions.broken == nil {
      let problem = state.withLock { state in
        // Each channel is asked once (a lazy map would ask twice): asking moves what can still be moved.
        for channel in state.channels.values {
          if let problem = channel.problem() { return Optional(problem) }
        }
        return nil
      }
      guard let problem else { return }
      companions.breakGroup(problem.breakage, because: problem.error)
    }
    guard let error = companions.broken else { return }
    state.withLock { state in
      for channel in state.channels.values { channel.fail(error) }
    }
  }

  private func run() {
    while true {
      let seen = bell.value
      if state.withLock({ $0.isClosed }) { return }
      if move() { bell.sleep(whileEqual: seen) } else { step(until: { false }) }
    }
  }
}

/// Messages that were started together.
final class MailWork: Work {
  let end = Completion()
  private let mail: SharedMail
  private let left: Mutex<Int>

  init(_ mail: SharedMail, count: Int) {
    self.mail = mail
    left = Mutex(count)
    if count == 0 { end.finish(nil) }
  }

  var isCompleted: Bool { end.isFinished }

  func wait() throws(CollectiveError) {
    mail.finish(self)
    if let error = end.error { throw error }
  }

  /// One message is through.
  func finishOne() {
    let isLast = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isLast { end.finish(nil) }
  }

  func fail(_ error: CollectiveError) { if !end.isFinished { end.finish(error) } }
}

extension UnsafeMutablePointer<csm_bell> {
  fileprivate var words:
    (event: UnsafeMutablePointer<UInt32>, sleepers: UnsafeMutablePointer<UInt32>)
  {
    let raw = UnsafeMutableRawPointer(self)
    return (
      raw.assumingMemoryBound(to: UInt32.self), (raw + 4).assumingMemoryBound(to: UInt32.self)
    )
  }
}
