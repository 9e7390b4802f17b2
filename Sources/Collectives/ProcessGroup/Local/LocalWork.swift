internal import Support
internal import Synchronization

/// A collective that one rank of a ``LocalProcessGroup`` has started.
final class LocalWork: Work {
  let name: String
  let site: CallSite
  let rank: Int
  let timeout: Duration
  let deadline: Deadline
  private let rendezvous: LocalRendezvous
  private let state = Mutex(State())

  private struct State {
    var expected = 1
    var outcome: Result<Void, CollectiveError>?
  }

  init(
    rendezvous: LocalRendezvous, _ name: String, _ site: CallSite, rank: Int, timeout: Duration
  ) {
    self.rendezvous = rendezvous
    self.name = name
    self.site = site
    self.rank = rank
    self.timeout = timeout
    deadline = Deadline(after: timeout)
  }

  var outcome: Result<Void, CollectiveError>? { state.withLock { $0.outcome } }

  var isCompleted: Bool { outcome != nil }

  /// Sets the number of messages; the work ends when all have succeeded, or with the first failure.
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
    if rendezvous.wait(for: self) == nil { rendezvous.timeOut(self) }
    guard let outcome else { preconditionFailure("\(name) has no outcome after its wait") }
    try outcome.get()
  }
}
