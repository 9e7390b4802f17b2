internal import Dispatch
internal import FoundationEssentials
internal import Support
internal import Synchronization

/// A group over several hosts in which the ranks of a host work together first, and one leader for each
/// host talks to the others: a host sends what one rank would.
///
/// Reductions, broadcasts, all-gathers and barriers go this way. All-to-all, gather, scatter and messages
/// gain nothing from it and go through the flat group. The order of additions depends on the ranks and
/// hosts only.
///
/// The first rank to notice a failure tells the others through the store what it was, because each of them
/// sees only that a group was ended.
public final class HierarchicalProcessGroup: ProcessGroup {
  /// The number of this rank.
  public var rank: Int { world.rank }
  /// The number of ranks.
  public var worldSize: Int { world.worldSize }
  /// The limit of each collective.
  public var timeout: Duration { world.timeout }
  /// The engines' names, `local+gloo` for instance.
  public let backend: String
  /// The store of the flat group.
  public var store: any Store { world.store }

  private let world: any ProcessGroup
  let stages: HierarchicalStages
  /// Runs one collective after the other, in the order of their starts.
  private let queue = DispatchQueue(label: "lockstep.hierarchical")
  private let failure = Mutex<CollectiveError?>(nil)

  /// Puts groups together; every rank has to call it.
  ///
  /// - Parameters:
  ///   - world: All ranks; those of a host have numbers side by side.
  ///   - local: The ranks of this host, in the order of their numbers in `world`.
  ///   - leaders: The first rank of each host, in their order; `nil` on all others.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when the numbers are not so.
  public init(
    world: any ProcessGroup, local: any ProcessGroup, leaders: (any ProcessGroup)?
  ) throws(CollectiveError) {
    let places = try world.allGather([local.rank, local.worldSize, leaders?.rank ?? -1])
    stages = HierarchicalStages(
      hosts: try HostLayout(places, rank: world.rank), rank: world.rank, local: local,
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
    queue.async { [self] in
      do throws(CollectiveError) {
        try stages.run(collective, at: site)
        work.end(.success(()))
      } catch {
        work.end(.failure(fail(error, told: error)))
      }
    }
    return work
  }

  /// Ends all that runs with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(
      CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank),
      told: CollectiveError(.failed, "rank \(rank) has aborted the group: \(reason)"))
  }

  /// Memory of the host's group; see ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try stages.local.group.allocate(count: count, elementType: elementType)
  }

  /// A flat group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try world.subgroup(ranks)
  }

  /// Makes a failure the group's, and returns its first one; `told` is what it is to the other ranks.
  private func fail(_ error: CollectiveError, told: CollectiveError) -> CollectiveError {
    if let known = failure.withLock({ $0 }) { return known }
    // Told before anything is ended: whoever fails because of that finds the reason.
    let reason = firstTold(told)?.seen(by: rank) ?? error
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

  /// Tells the other ranks of a failure; returns what one of them has told before, if anything.
  private func firstTold(_ error: CollectiveError) -> CollectiveError? {
    let mine = Told(rank: rank, code: error.code, message: error.message, peer: error.peer)
    guard let bytes = try? JSONEncoder().encode(mine) else { return nil }
    let (answer, store) = (Monitor<[UInt8]?>(nil), store)
    // Nobody waits long for a store that does not answer.
    DispatchQueue.global().async {
      let first = try? store.compareSet("failure", expected: [], desired: Array(bytes))
      answer.change { $0 = first ?? [] }
    }
    guard let first = answer.wait(until: Deadline(after: .seconds(1)), { $0 }),
      let told = try? JSONDecoder().decode(Told.self, from: Data(first)), told.rank != rank
    else { return nil }
    return CollectiveError(told.code, told.message, peer: told.peer)
  }

  private struct Told: Codable {
    /// Who tells.
    let rank: Int
    let code: CollectiveError.Code
    let message: String
    let peer: Int?
  }
}

/// Which ranks are on which host.
struct HostLayout: Sendable {
  /// The ranks of each host.
  let ranges: [Range<Int>]
  /// The host of this rank.
  let mine: Int

  /// Reads what each rank says: its number on its host, the host's number of ranks, and its number
  /// among the leaders, -1 for none.
  init(_ places: [[Int]], rank: Int) throws(CollectiveError) {
    var ranges: [Range<Int>] = []
    while (ranges.last?.upperBound ?? 0) < places.count {
      let first = ranges.last?.upperBound ?? 0
      let count = places[first][1]
      let expected = (0..<count).map { [$0, count, $0 == 0 ? ranges.count : -1] }
      guard first + count <= places.count, Array(places[first..<first + count]) == expected else {
        throw CollectiveError(
          .invalidArgument,
          "a hierarchical group needs the ranks of a host side by side, and its first as leader; the "
            + "host of rank \(first) has others",
          rank: rank)
      }
      ranges.append(first..<first + count)
    }
    self.ranges = ranges
    mine = ranges.firstIndex { $0.contains(rank) } ?? 0
  }

  func host(of rank: Int) -> Int { ranges.firstIndex { $0.contains(rank) } ?? 0 }
}

/// A collective that runs in stages on a queue.
private final class StagedWork: Work {
  private let name: String
  private let deadline: Deadline
  private let timeout: Duration
  private let rank: Int
  private let outcome = Monitor<Result<Void, CollectiveError>?>(nil)

  init(_ name: String, _ timeout: Duration, rank: Int) {
    (self.name, self.timeout, self.rank) = (name, timeout, rank)
    deadline = Deadline(after: timeout)
  }

  var isCompleted: Bool { outcome.withLock { $0 != nil } }

  func end(_ result: Result<Void, CollectiveError>) { outcome.change { $0 = result } }

  func wait() throws(CollectiveError) {
    guard let result = outcome.wait(until: deadline, { $0 }) else {
      throw CollectiveError(.timedOut, "\(name) took longer than \(timeout)", rank: rank)
    }
    try result.get()
  }
}
