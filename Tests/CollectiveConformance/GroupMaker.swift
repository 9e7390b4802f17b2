public import Collectives
internal import Synchronization

/// Makes a flat group for one of its ranks; groups are told apart by their names.
public typealias GroupMaker =
  @Sendable (_ name: String, _ rank: Int, _ worldSize: Int) throws ->
  any ProcessGroup

/// Groups over shared memory that meet in a store.
public func sharedMemory(_ store: any Store, timeout: Duration = .seconds(30)) -> GroupMaker {
  { name, rank, worldSize in
    try SharedMemoryProcessGroup(
      store: PrefixStore(name, store), rank: rank, worldSize: worldSize, timeout: timeout)
  }
}

/// Local groups, for ranks that are threads.
public final class LocalGroups: Sendable {
  private let timeout: Duration
  private let groups = Mutex<[String: [LocalProcessGroup?]]>([:])

  /// Makes no group yet.
  public init(timeout: Duration = .seconds(30)) { self.timeout = timeout }

  /// A rank's group, which it takes: nothing is left of it here, so that peers see when the rank leaves.
  @Sendable public func make(_ name: String, _ rank: Int, _ worldSize: Int) throws
    -> any ProcessGroup
  {
    let group = groups.withLock { groups in
      groups[
        name, default: LocalProcessGroup.make(worldSize: worldSize, timeout: timeout)
      ][rank].take()
    }
    guard let group else { preconditionFailure("rank \(rank) makes its group \(name) twice") }
    return group
  }
}

/// A group over pretended hosts, as one of its ranks makes it.
///
/// - Parameters:
///   - sizes: How many ranks each host has.
///   - rank: The number of this rank.
///   - inside: Makes the group of a host.
///   - between: Makes the group of all ranks, and that of the hosts' leaders.
/// - Returns: The group.
/// - Throws: What making a group throws.
public func hierarchical(
  _ sizes: [Int], rank: Int, inside: GroupMaker, between: GroupMaker
) throws -> HierarchicalProcessGroup {
  var (host, first) = (0, 0)
  while first + sizes[host] <= rank { (host, first) = (host + 1, first + sizes[host]) }
  return try HierarchicalProcessGroup(
    world: between("world", rank, sizes.reduce(0, +)),
    local: inside("host\(host)", rank - first, sizes[host]),
    leaders: rank == first ? between("leaders", host, sizes.count) : nil)
}
