internal import Synchronization

/// Ranks that are threads of one process, for tests of programs that use groups.
///
/// It needs no sockets and no libtorch, is deterministic (numbers are combined in the order of the
/// ranks), and names at once a rank that left or made another call:
///
/// ```swift
/// let sums = try LocalProcessGroup.run(worldSize: 4) { group in
///   try group.allReduce([group.rank])
/// }
/// // [[6], [6], [6], [6]]
/// ```
/// Who comes last to a collective does the work for all, within `start`.
public final class LocalProcessGroup: ProcessGroup {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The limit of each collective, from its start to its end.
  public let timeout: Duration
  /// `local`.
  public let backend = "local"
  /// Ranks meet with what each of them calls.
  public let comparesCalls = true
  /// A store in memory, which the ranks share.
  public let store: any Store

  private let meeting: LocalMeeting
  private let subgroups = Mutex(0)

  private init(rank: Int, meeting: LocalMeeting, store: any Store, timeout: Duration) {
    (self.rank, worldSize, self.meeting) = (rank, meeting.worldSize, meeting)
    (self.store, self.timeout) = (store, timeout)
  }

  // A rank whose group has gone can start nothing more.
  deinit { meeting.leave(rank) }

  /// The groups of all ranks; give each to a thread of its own.
  ///
  /// - Parameters:
  ///   - worldSize: The number of ranks.
  ///   - timeout: The limit of each collective.
  /// - Returns: A group for each rank, in their order.
  public static func make(worldSize: Int, timeout: Duration = .seconds(30)) -> [LocalProcessGroup] {
    precondition(worldSize > 0, "a group of \(worldSize) ranks")
    let (meeting, store) = (LocalMeeting(worldSize: worldSize), HashStore(timeout: timeout))
    return (0..<worldSize).map {
      LocalProcessGroup(rank: $0, meeting: meeting, store: store, timeout: timeout)
    }
  }

  /// Runs `body` once for each rank, each on a thread of its own.
  ///
  /// - Parameters:
  ///   - worldSize: The number of ranks.
  ///   - timeout: The limit of each collective.
  ///   - body: What a rank does.
  /// - Returns: A result for each rank, in their order.
  /// - Throws: The error of the first rank, by number, that threw one.
  public static func run<Value: Sendable>(
    worldSize: Int, timeout: Duration = .seconds(30),
    _ body: @escaping @Sendable (LocalProcessGroup) throws -> Value
  ) throws -> [Value] {
    let groups = Mutex<[LocalProcessGroup?]>(make(worldSize: worldSize, timeout: timeout))
    return try onRankThreads(worldSize) { rank in
      // The thread alone holds its group, so that peers see when it has left.
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
    return try meeting.join(collective, at: site, rank: rank, timeout: timeout)
  }

  /// Ends all that runs with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) { meeting.abort(reason, rank) }

  /// A group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let place = try place(in: ranks)
    let number = subgroups.withLock { count in
      count += 1
      return count
    }
    guard let place else { return nil }
    return LocalProcessGroup(
      rank: place, meeting: meeting.subgroup(number, ranks),
      store: PrefixStore("subgroup\(number)", store), timeout: timeout)
  }
}
