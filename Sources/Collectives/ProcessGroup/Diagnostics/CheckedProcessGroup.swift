internal import FoundationEssentials
internal import Synchronization

/// A group that compares every collective across the ranks before it starts, and names who differs.
///
/// Each rank puts what it is about to do into the store and waits for the others: kind, operation, root,
/// counts and types have to agree; the places in the source are told. That costs some store calls for
/// each collective, so it is for finding a mistake: `LOCKSTEP_DEBUG=detail`, or PyTorch's
/// `TORCH_DISTRIBUTED_DEBUG=DETAIL`. All ranks have to check, or none. Messages between two ranks
/// (``Collective/exchange(_:)``) pass unchecked.
public final class CheckedProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let started = Mutex(0)

  /// Checks the collectives of `base`.
  public init(_ base: any ProcessGroup) { self.base = base }

  /// The number of this rank.
  public var rank: Int { base.rank }
  /// The number of ranks.
  public var worldSize: Int { base.worldSize }
  /// The limit of each collective.
  public var timeout: Duration { base.timeout }
  /// The engine's name.
  public var backend: String { base.backend }
  /// The store through which the ranks compare.
  public var store: any Store { base.store }

  /// Compares, then starts; see ``ProcessGroup/start(_:at:)``.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch`, on every rank, or `ranksMissing` when a rank
  ///   did not start this collective within ``timeout``. The group is unusable then.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize)
    if case .exchange = collective { return try base.start(collective, at: site) }
    do {
      // One after the other, so that numbers and calls keep their order.
      try started.withLock { (number) throws(CollectiveError) in
        try compare(CollectiveSignature(collective, at: site), number)
        number += 1
      }
    } catch {
      base.abort(error.message)
      throw error
    }
    return try base.start(collective, at: site)
  }

  /// See ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) { base.abort(reason) }

  /// See ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try base.allocate(count: count, elementType: elementType)
  }

  /// A group that is checked, too; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try base.subgroup(ranks).map { CheckedProcessGroup($0) }
  }

  private func compare(_ mine: CollectiveSignature, _ number: Int) throws(CollectiveError) {
    let keys = keys(number)
    let signatures: [CollectiveSignature]
    do {
      try store.set(keys[rank], Array(try JSONEncoder().encode(mine)))
      try store.wait(keys, timeout: timeout)
      signatures = try keys.map {
        try JSONDecoder().decode(CollectiveSignature.self, from: Data(try store.get($0)))
      }
      // Who has set this number's key has read the last one's.
      if number > 0 { _ = try store.deleteKey(self.keys(number - 1)[rank]) }
    } catch let error as StoreError where error.code == .timedOut {
      throw missing(mine, number, error)
    } catch {
      throw CollectiveError(
        .failed, "cannot compare collective \(number), \(mine): \(error)", rank: rank, cause: error)
    }
    if let mismatch = CollectiveSignature.mismatch(among: signatures, number: number) {
      throw mismatch.seen(by: rank)
    }
  }

  private func keys(_ number: Int) -> [String] {
    (0..<worldSize).map { "check/\(number)/\($0)" }
  }

  private func missing(_ mine: CollectiveSignature, _ number: Int, _ cause: StoreError)
    -> CollectiveError
  {
    let missing = missingRanks(keys(number))
    let last = missing.ranks.map { rank in
      guard number > 0, let bytes = try? store.get(keys(number - 1)[rank], timeout: .zero),
        let signature = try? JSONDecoder().decode(CollectiveSignature.self, from: Data(bytes))
      else { return "" }
      return "; the last of rank \(rank) was \(signature)"
    }
    return CollectiveError(
      .ranksMissing,
      "collective \(number), \(mine): \(missing.sentence) did not start it within \(timeout)"
        + last.joined(),
      rank: rank, cause: cause)
  }
}
