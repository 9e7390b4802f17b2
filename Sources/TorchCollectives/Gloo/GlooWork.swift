internal import CTorch
internal import Collectives
internal import Support
internal import Synchronization
internal import Torch

/// A running call of Gloo.
///
/// `@unchecked Sendable`: c10d's object has its own locks, and the handle never changes.
struct GlooPart: @unchecked Sendable {
  let handle: ct_work
  /// Retained until Gloo no longer accesses them.
  let tensors: [Tensor]
  /// The work that remains on this rank after Gloo's call.
  var finish: () -> Void = {}
}

/// A collective that Gloo's threads run, as one call or several.
final class GlooWork: Work {
  private let parts: [GlooPart]
  private let group: GlooProcessGroup
  private let deadline: Deadline
  private let outcome = Mutex<Result<Void, CollectiveError>?>(nil)
  private let hasEnded = Atomic(false)

  init(_ parts: [GlooPart], group: GlooProcessGroup) {
    self.parts = parts
    self.group = group
    deadline = Deadline(after: group.timeout)
  }

  deinit { for part in parts { ct_work_release(part.handle) } }

  /// Messages are not complete before ``wait()`` returns, because c10d does not report their state.
  var isCompleted: Bool {
    hasEnded.load(ordering: .acquiring) || parts.allSatisfy { ct_work_is_completed($0.handle) }
  }

  func wait() throws(CollectiveError) {
    // Waits only once: a second wait on a message would wait for another message.
    let result = outcome.withLock { outcome in
      let result = outcome ?? end()
      outcome = result
      return result
    }
    try result.get()
  }

  private func end() -> Result<Void, CollectiveError> {
    defer { hasEnded.store(true, ordering: .releasing) }
    for part in parts {
      if let error = ct_work_wait(part.handle, deadline.remaining.milliseconds) {
        return .failure(group.fail(takeErrorMessage(error)))
      }
      part.finish()
    }
    return .success(())
  }
}
