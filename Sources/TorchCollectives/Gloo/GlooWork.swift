internal import CTorch
internal import Collectives
internal import Synchronization
internal import Torch

/// One running call of Gloo.
struct GlooPart: @unchecked Sendable {
  // Sendable: c10d's object has its own locks, and the handle never changes.
  let handle: ct_work
  /// Kept alive until Gloo no longer touches them.
  let tensors: [Tensor]
  /// What is left to do on this rank when Gloo has done its part.
  var finish: () -> Void = {}
}

/// A collective that Gloo's threads are running, as one call or several.
final class GlooWork: Work {
  private let parts: [GlooPart]
  private let group: GlooProcessGroup
  private let deadline: ContinuousClock.Instant
  private let outcome = Mutex<Result<Void, CollectiveError>?>(nil)
  private let hasEnded = Atomic(false)

  init(_ parts: [GlooPart], group: GlooProcessGroup) {
    (self.parts, self.group, deadline) = (parts, group, .now + group.timeout)
  }

  deinit { for part in parts { ct_work_release(part.handle) } }

  /// Messages count as running until they have been waited for: c10d does not tell otherwise.
  var isCompleted: Bool {
    hasEnded.load(ordering: .acquiring) || parts.allSatisfy { ct_work_is_completed($0.handle) }
  }

  func wait() throws(CollectiveError) {
    // Once only: a message's second wait would wait for another message.
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
      if let error = ct_work_wait(part.handle, (deadline - .now).milliseconds) {
        return .failure(group.fail(takeEngineMessage(error)))
      }
      part.finish()
    }
    return .success(())
  }
}
