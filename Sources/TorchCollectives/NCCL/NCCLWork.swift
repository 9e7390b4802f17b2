internal import Collectives
internal import Glibc
internal import Support
internal import Synchronization

/// A collective that a GPU runs.
final class NCCLWork: Work {
  private let what: String
  /// Completes after the collective; `nil` if no element is moved.
  private let event: (any NCCLEvent)?
  /// Retained until the GPU no longer accesses them.
  private let buffers: [CollectiveBuffer]
  private let group: NCCLProcessGroup
  private let deadline: Deadline

  init(
    _ what: String, _ event: (any NCCLEvent)?, _ buffers: [CollectiveBuffer],
    group: NCCLProcessGroup, _ deadline: Deadline
  ) {
    self.what = what
    self.event = event
    self.buffers = buffers
    self.group = group
    self.deadline = deadline
  }

  var isCompleted: Bool { (try? hasEnded()) ?? true }

  func wait() throws(CollectiveError) {
    var polls = 0
    do throws(CollectiveError) {
      while try !hasEnded() {
        polls += 1
        // Only at every 64th poll, because the check costs several calls and failures are rare.
        if polls % 64 == 0 { try group.checkPeers() }
        guard !deadline.hasPassed else {
          throw CollectiveError(
            .timedOut, "\(what) did not complete within \(group.timeout)", rank: group.rank)
        }
        backOff(after: polls)
      }
    } catch {
      throw group.failure ?? group.fail(error)
    }
  }

  /// Returns whether the collective has completed; throws if the group has failed.
  ///
  /// The event alone is not sufficient: it also completes when the collective is aborted.
  private func hasEnded() throws(CollectiveError) -> Bool {
    guard let event else { return true }
    let isComplete = try event.isComplete()
    if let failure = group.failure { throw failure }
    return isComplete
  }
}

/// Yields the processor between two polls: at first briefly, after 200 polls for 50 µs.
func backOff(after polls: Int) {
  if polls < 200 { sched_yield() } else { usleep(50) }
}
