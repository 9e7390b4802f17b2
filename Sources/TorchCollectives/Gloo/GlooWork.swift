internal import CTorch
internal import Collectives
internal import Torch

/// A collective that Gloo's threads are running.
final class GlooWork: Work {
  // Sendable: c10d's object has its own locks, and the handle never changes.
  nonisolated(unsafe) private let handle: ct_work
  /// Kept alive until Gloo no longer touches them.
  private let tensors: [Tensor]
  private let group: GlooProcessGroup

  init(_ handle: ct_work, tensors: [Tensor], group: GlooProcessGroup) {
    (self.handle, self.tensors, self.group) = (handle, tensors, group)
  }

  deinit { ct_work_release(handle) }

  var isCompleted: Bool { ct_work_is_completed(handle) }

  func wait() throws(CollectiveError) {
    if let error = ct_work_wait(handle, group.timeout.milliseconds) {
      throw glooError(takeEngineMessage(error), rank: group.rank)
    }
  }
}
