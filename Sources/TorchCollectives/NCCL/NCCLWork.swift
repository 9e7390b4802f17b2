internal import Collectives
internal import Glibc
internal import Synchronization

/// A collective that a GPU is doing.
final class NCCLWork: Work {
  private let what: String
  /// `nil` where there was nothing to do.
  private let mark: (any NCCLMark)?
  /// Kept alive until the GPU no longer touches them.
  private let buffers: [CollectiveBuffer]
  private let group: NCCLProcessGroup
  private let deadline: ContinuousClock.Instant

  init(
    _ what: String, _ mark: (any NCCLMark)?, _ buffers: [CollectiveBuffer],
    group: NCCLProcessGroup, _ deadline: ContinuousClock.Instant
  ) {
    (self.what, self.mark, self.buffers) = (what, mark, buffers)
    (self.group, self.deadline) = (group, deadline)
  }

  var isCompleted: Bool { (try? hasEnded()) ?? true }

  func wait() throws(CollectiveError) {
    var looks = 0
    do throws(CollectiveError) {
      while try !hasEnded() {
        looks += 1
        // What goes wrong costs some calls to look for, and is not what is waited for.
        if looks % 64 == 0 { try group.checkPeers() }
        guard .now < deadline else {
          throw CollectiveError(
            .timedOut, "\(what) took longer than \(group.timeout)", rank: group.rank)
        }
        rest(after: looks)
      }
    } catch {
      throw group.failure ?? group.fail(error)
    }
  }

  /// A GPU comes to a mark, too, when what is before it was aborted.
  private func hasEnded() throws(CollectiveError) -> Bool {
    guard let mark else { return true }
    let isReached = try mark.isReached()
    if let failure = group.failure { throw failure }
    return isReached
  }
}

/// Leaves the processor to others between two looks at something that usually comes soon.
func rest(after looks: Int) {
  if looks < 200 { sched_yield() } else { usleep(50) }
}
