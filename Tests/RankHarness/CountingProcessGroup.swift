import Collectives
import Synchronization

/// A group that counts the reductions it starts, and leaves the work to another.
final class CountingProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let reductions = Atomic(0)

  init(_ base: any ProcessGroup) { self.base = base }

  /// How many all-reduces were started.
  var allReduceCount: Int { reductions.load(ordering: .relaxed) }

  var rank: Int { base.rank }
  var worldSize: Int { base.worldSize }
  var timeout: Duration { base.timeout }

  var backend: String { base.backend }
  var store: any Store { base.store }

  func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work {
    if case .allReduce = collective { reductions.add(1, ordering: .relaxed) }
    return try base.start(collective, at: site)
  }

  func abort(_ reason: String) { base.abort(reason) }

  func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try base.subgroup(ranks)
  }
}
