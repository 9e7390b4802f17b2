package import Collectives
internal import Synchronization

/// A group that records the collectives it starts and forwards them to another group.
package final class CountingProcessGroup: ProcessGroup {
  /// A collective and the number of bytes that this rank contributes.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var bytes: Int

    package init(_ name: String, _ bytes: Int) {
      self.name = name
      self.bytes = bytes
    }
  }

  private let base: any ProcessGroup
  private let entries = Mutex<[Entry]>([])

  package init(_ base: any ProcessGroup) { self.base = base }

  /// The number of all-reduces since the last call of ``takeEntries()``.
  package var allReduceCount: Int { entries.withLock { $0.count { $0.name == "all-reduce" } } }

  /// Returns the collectives started since the last call.
  package func takeEntries() -> [Entry] {
    entries.withLock { entries in
      defer { entries = [] }
      return entries
    }
  }

  package var rank: Int { base.rank }
  package var worldSize: Int { base.worldSize }
  package var timeout: Duration { base.timeout }

  package var backend: String { base.backend }
  package var capabilities: ProcessGroupCapabilities { base.capabilities }
  package var store: any Store { base.store }

  package func start(_ collective: Collective, at site: CallSite) throws(CollectiveError)
    -> any Work
  {
    let entry: Entry =
      switch collective {
      case .allReduce(let buffer, _): Entry("all-reduce", buffer.byteCount)
      case .broadcast(let buffer, _): Entry("broadcast", buffer.byteCount)
      case .allGather(let buffer, _): Entry("all-gather", buffer.byteCount)
      default: Entry("\(collective)".prefix { $0.isLetter }.lowercased(), 0)
      }
    entries.withLock { $0.append(entry) }
    return try base.start(collective, at: site)
  }

  package func abort(_ reason: String) { base.abort(reason) }

  package func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try base.subgroup(ranks)
  }
}
