public import Collectives
internal import Synchronization

/// Creates a flat group for one of its ranks; groups are distinguished by their names.
public typealias GroupFactory =
  @Sendable (_ name: String, _ rank: Int, _ worldSize: Int) throws ->
  any ProcessGroup

/// Creates shared-memory groups through a store.
public func sharedMemory(_ store: any Store, timeout: Duration = .seconds(30)) -> GroupFactory {
  { name, rank, worldSize in
    try SharedMemoryProcessGroup(
      store: PrefixStore(name, store), rank: rank, worldSize: worldSize, timeout: timeout)
  }
}

/// Creates local groups, for ranks that are threads.
public final class LocalGroups: Sendable {
  private let timeout: Duration
  private let groups = Mutex<[String: [LocalProcessGroup?]]>([:])

  /// Creates the factory.
  public init(timeout: Duration = .seconds(30)) { self.timeout = timeout }

  /// Returns a rank's group, without retaining it, so that peers detect when the rank leaves.
  @Sendable public func make(_ name: String, _ rank: Int, _ worldSize: Int) throws
    -> any ProcessGroup
  {
    let group = groups.withLock { groups in
      groups[
        name, default: LocalProcessGroup.make(worldSize: worldSize, timeout: timeout)
      ][rank].take()
    }
    guard let group else { preconditionFailure("rank \(rank) creates its group \(name) twice") }
    return group
  }
}

/// Creates a hierarchical group over simulated hosts, for one of its ranks.
///
/// - Parameters:
///   - sizes: The number of ranks of each host.
///   - rank: This rank.
///   - inside: Creates the group of a host.
///   - between: Creates the group of all ranks, and that of the leaders.
/// - Returns: The group.
/// - Throws: An error of the factories.
public func hierarchical(
  _ sizes: [Int], rank: Int, inside: GroupFactory, between: GroupFactory
) throws -> HierarchicalProcessGroup {
  var host = 0
  var first = 0
  while first + sizes[host] <= rank {
    first += sizes[host]
    host += 1
  }
  return try HierarchicalProcessGroup(
    world: between("world", rank, sizes.reduce(0, +)),
    local: inside("host\(host)", rank - first, sizes[host]),
    leaders: rank == first ? between("leaders", host, sizes.count) : nil)
}
