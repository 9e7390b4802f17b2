internal import FoundationEssentials
internal import Support
internal import Synchronization

/// A group over several hosts: the ranks of a host combine their data first, then one leader per
/// host communicates with the other leaders, so a host sends as much as a single rank.
///
/// Reductions, broadcasts, all-gathers and barriers use these stages. All-to-all, gather, scatter
/// and messages would not be faster and use the flat group. The order of additions depends only on
/// the ranks and hosts.
///
/// The first rank that detects a failure publishes its cause in the store, because its peers only
/// see that a group was aborted.
public final class HierarchicalProcessGroup: ProcessGroup {
  /// This rank.
  public var rank: Int { world.rank }
  /// The number of ranks.
  public var worldSize: Int { world.worldSize }
  /// The time limit of each collective.
  public var timeout: Duration { world.timeout }
  /// The backends within and between hosts, such as `shm+gloo`.
  public let backend: String
  /// Detects lost peers and shares allocations if the group of the host does; matches tags if the
  /// flat group does.
  public var capabilities: ProcessGroupCapabilities {
    let host = stages.local.group.capabilities
    var capabilities = ProcessGroupCapabilities()
    capabilities.detectsLostPeers = host.detectsLostPeers
    capabilities.sharesAllocations = host.sharesAllocations
    capabilities.matchesTags = world.capabilities.matchesTags
    capabilities.unsupportedReductions =
      host.unsupportedReductions.union(world.capabilities.unsupportedReductions)
    return capabilities
  }
  /// The store of the flat group.
  public var store: any Store { world.store }

  private let world: any ProcessGroup
  let stages: HierarchicalStages
  /// Runs the collectives one at a time, in the order in which they were started.
  private let thread = SerialThread(name: "hierarchical")
  private let failure = Mutex<CollectiveError?>(nil)

  /// Combines existing groups; every rank calls this.
  ///
  /// - Parameters:
  ///   - world: The group of all ranks; the ranks of a host are consecutive.
  ///   - local: The group of this host's ranks, in the order of `world`.
  ///   - leaders: The group of each host's first rank, in host order; `nil` on all other ranks.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when the ranks are in another order.
  public init(
    world: any ProcessGroup, local: any ProcessGroup, leaders: (any ProcessGroup)?
  ) throws(CollectiveError) {
    let positions = try world.allGather([local.rank, local.worldSize, leaders?.rank ?? -1])
    stages = HierarchicalStages(
      hosts: try HostLayout(positions, rank: world.rank), rank: world.rank, local: local,
      leaders: leaders)
    self.world = world
    backend = "\(local.backend)+\(world.backend)"
  }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize)
    if let failure = failure.withLock({ $0 }) { throw failure }
    switch collective {
    case .allToAll, .gather, .scatter, .exchange: return try world.start(collective, at: site)
    default: break
    }
    let work = StagedWork(collective.name, timeout, rank: rank)
    do throws(SystemError) {
      try thread.run { [self] in
        do throws(CollectiveError) {
          try stages.run(collective, at: site)
          work.end(.success(()))
        } catch {
          work.end(.failure(fail(error, publishing: error)))
        }
      }
    } catch {
      throw CollectiveError(.failed, error.message, rank: rank, cause: error)
    }
    return work
  }

  /// Ends all running collectives with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(
      CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank),
      publishing: CollectiveError(.failed, "rank \(rank) aborted the group: \(reason)"))
  }

  /// Checks the peers on this host; see ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) {
    let local = stages.local
    try local.translatingRanks { () throws(CollectiveError) in try local.group.checkPeers() }
  }

  /// Allocates memory from the group of the host; see
  /// ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try stages.local.group.allocate(count: count, elementType: elementType)
  }

  /// Creates a flat group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try world.subgroup(ranks)
  }

  /// Marks the group as failed and aborts its parts.
  ///
  /// - Parameters:
  ///   - error: The failure on this rank.
  ///   - published: The failure as other ranks report it.
  /// - Returns: The group's first failure.
  private func fail(_ error: CollectiveError, publishing published: CollectiveError)
    -> CollectiveError
  {
    if let known = failure.withLock({ $0 }) { return known }
    // Published before the abort, so that ranks which fail because of it find the cause.
    let reason = publish(published)?.observed(by: rank) ?? error
    let (first, isNew) = failure.withLock { failure in
      defer { failure = failure ?? reason }
      return (failure ?? reason, failure == nil)
    }
    if isNew {
      for group in [world, stages.local.group, stages.leaders?.group] {
        group?.abort(first.message)
      }
    }
    return first
  }

  /// Publishes a failure in the store; returns the failure that another rank published before, if
  /// any.
  private func publish(_ error: CollectiveError) -> CollectiveError? {
    let mine = PublishedFailure(
      rank: rank, code: error.code, message: error.message, peer: error.peer)
    guard let bytes = try? JSONEncoder().encode(mine) else { return nil }
    let answer = Monitor<[UInt8]?>(nil)
    let store = store
    // On another thread: this one waits at most a second for a store that does not respond.
    let thread = try? NativeThread.start(name: "failure") {
      let first = try? store.compareSet("failure", expected: [], desired: Array(bytes))
      answer.change { $0 = first ?? [] }
    }
    thread?.detach()
    guard let first = answer.wait(until: Deadline(after: .seconds(1)), { $0 }),
      let published = try? JSONDecoder().decode(PublishedFailure.self, from: Data(first)),
      published.rank != rank
    else { return nil }
    return CollectiveError(published.code, published.message, peer: published.peer)
  }

  private struct PublishedFailure: Codable {
    /// The rank that published it.
    let rank: Int
    let code: CollectiveError.Code
    let message: String
    let peer: Int?
  }
}

/// The ranks of each host.
struct HostLayout: Sendable {
  /// The ranks of each host.
  let ranges: [Range<Int>]
  /// The index of this rank's host.
  let mine: Int

  /// Creates the layout from each rank's position: its rank on the host, the host's number of
  /// ranks, and its rank among the leaders or -1.
  init(_ positions: [[Int]], rank: Int) throws(CollectiveError) {
    var ranges: [Range<Int>] = []
    while (ranges.last?.upperBound ?? 0) < positions.count {
      let first = ranges.last?.upperBound ?? 0
      let count = positions[first][1]
      let expected = (0..<count).map { [$0, count, $0 == 0 ? ranges.count : -1] }
      guard first + count <= positions.count,
        Array(positions[first..<first + count]) == expected
      else {
        throw CollectiveError(
          .invalidArgument,
          "a hierarchical group needs consecutive ranks on each host, the first of them as leader: "
            + "check the host of rank \(first)",
          rank: rank)
      }
      ranges.append(first..<first + count)
    }
    self.ranges = ranges
    mine = ranges.firstIndex { $0.contains(rank) } ?? 0
  }

  func host(of rank: Int) -> Int { ranges.firstIndex { $0.contains(rank) } ?? 0 }
}

/// A collective that runs in stages on the group's thread.
private final class StagedWork: Work {
  private let name: String
  private let deadline: Deadline
  private let timeout: Duration
  private let rank: Int
  private let outcome = Monitor<Result<Void, CollectiveError>?>(nil)

  init(_ name: String, _ timeout: Duration, rank: Int) {
    self.name = name
    self.timeout = timeout
    self.rank = rank
    deadline = Deadline(after: timeout)
  }

  var isCompleted: Bool { outcome.withLock { $0 != nil } }

  func end(_ result: Result<Void, CollectiveError>) { outcome.change { $0 = result } }

  func wait() throws(CollectiveError) {
    guard let result = outcome.wait(until: deadline, { $0 }) else {
      throw CollectiveError(.timedOut, "\(name) did not complete within \(timeout)", rank: rank)
    }
    try result.get()
  }
}
