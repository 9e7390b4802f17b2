internal import Support
internal import Synchronization

/// A group whose ranks are threads of one process, for tests of programs that use groups.
///
/// It needs no sockets and no libtorch, is deterministic (elements are reduced in rank order), and
/// reports at once a rank that left or started another collective:
///
/// ```swift
/// let sums = try LocalProcessGroup.run(worldSize: 4) { group in
///   try group.allReduce([group.rank])
/// }
/// // [[6], [6], [6], [6]]
/// ```
/// The last rank to start a collective runs it for all ranks, within `start`.
public final class LocalProcessGroup: ProcessGroup {
  /// This rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The time limit of each collective, from its start to its end.
  public let timeout: Duration
  /// `local`.
  public let backend = "local"
  /// Detects mismatched collectives.
  public let capabilities: ProcessGroupCapabilities = {
    var capabilities = ProcessGroupCapabilities()
    capabilities.detectsMismatches = true
    return capabilities
  }()
  /// A store in memory, which the ranks share.
  public let store: any Store

  private let rendezvous: LocalRendezvous
  private let subgroups = Mutex(0)

  private init(rank: Int, rendezvous: LocalRendezvous, store: any Store, timeout: Duration) {
    self.rank = rank
    worldSize = rendezvous.worldSize
    self.rendezvous = rendezvous
    self.store = store
    self.timeout = timeout
  }

  // A rank that has released its group cannot start another collective.
  deinit { rendezvous.leave(rank) }

  /// Creates the groups of all ranks; use each on its own thread.
  ///
  /// - Parameters:
  ///   - worldSize: The number of ranks.
  ///   - timeout: The time limit of each collective.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: One group per rank, in rank order.
  public static func make(
    worldSize: Int, timeout: Duration = .seconds(30), file: StaticString = #fileID,
    line: UInt = #line
  ) -> [LocalProcessGroup] {
    require(
      worldSize > 0, "worldSize is \(worldSize); a group needs 1 or more ranks", file: file,
      line: line)
    let rendezvous = LocalRendezvous(worldSize: worldSize)
    let store = HashStore(timeout: timeout)
    return (0..<worldSize).map {
      LocalProcessGroup(rank: $0, rendezvous: rendezvous, store: store, timeout: timeout)
    }
  }

  /// Runs `body` once per rank, each on its own thread.
  ///
  /// - Parameters:
  ///   - worldSize: The number of ranks.
  ///   - timeout: The time limit of each collective.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///   - body: Runs with a rank's group.
  /// - Returns: The result of each rank, in rank order.
  /// - Throws: The error of the lowest rank that threw one.
  public static func run<Value: Sendable>(
    worldSize: Int, timeout: Duration = .seconds(30), file: StaticString = #fileID,
    line: UInt = #line, _ body: @escaping @Sendable (LocalProcessGroup) throws -> Value
  ) throws -> [Value] {
    let groups = Mutex<[LocalProcessGroup?]>(
      make(worldSize: worldSize, timeout: timeout, file: file, line: line))
    return try onRankThreads(worldSize) { rank in
      // Only the thread retains its group, so that peers detect when the rank leaves.
      guard let group = groups.withLock({ $0[rank].take() }) else {
        preconditionFailure("rank \(rank) runs twice")
      }
      return try body(group)
    }.map { try $0.get() }
  }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize)
    return try rendezvous.join(collective, at: site, rank: rank, timeout: timeout)
  }

  /// Ends all running collectives with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) { rendezvous.abort(reason, rank) }

  /// Creates a group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let memberRank = try rank(in: ranks)
    let number = subgroups.withLock { count in
      count += 1
      return count
    }
    guard let memberRank else { return nil }
    return LocalProcessGroup(
      rank: memberRank, rendezvous: rendezvous.subgroup(number, ranks),
      store: PrefixStore("subgroup\(number)", store), timeout: timeout)
  }
}
