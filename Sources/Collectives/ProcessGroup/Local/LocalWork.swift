internal import Support
internal import Synchronization

/// A collective that one rank of a ``LocalProcessGroup`` has started.
final class LocalWork: Work {
  let name: String
  let site: CallSite
  let rank: Int
  let timeout: Duration
  let deadline: Deadline
  private let meeting: LocalMeeting
  private let state = Mutex(State())

  private struct State {
    var expected = 1
    var outcome: Result<Void, CollectiveError>?
  }

  init(meeting: LocalMeeting, _ name: String, _ site: CallSite, rank: Int, timeout: Duration) {
    (self.meeting, self.name, self.site) = (meeting, name, site)
    (self.rank, self.timeout, deadline) = (rank, timeout, Deadline(after: timeout))
  }

  var outcome: Result<Void, CollectiveError>? { state.withLock { $0.outcome } }

  var isCompleted: Bool { outcome != nil }

  /// Ends after so many successes, or the first failure; none at all is the end.
  func expect(_ count: Int) {
    state.withLock { state in
      state.expected = count
      if count == 0 { state.outcome = .success(()) }
    }
  }

  func end(_ result: Result<Void, CollectiveError>) {
    state.withLock { state in
      if state.outcome != nil { return }
      state.expected -= 1
      if case .failure = result {
        state.outcome = result
      } else if state.expected == 0 {
        state.outcome = result
      }
    }
  }

  func wait() throws(CollectiveError) {
    if meeting.wait(for: self) == nil { meeting.timeOut(self) }
    guard let outcome else { preconditionFailure("\(name) neither ended nor ran out of time") }
    try outcome.get()
  }
}
