internal import FoundationEssentials
internal import Synchronization

/// A group that compares every collective across the ranks before it starts, and names who differs.
///
/// The ranks gather what each is about to do: kind, operation, root, counts and types have to agree; the
/// places in the source are told. They gather it through the group itself, so that a dead peer is
/// noticed as soon as without. As well each rank puts it into the store, which tells who is missing when
/// time is up. That is for finding a mistake: `LOCKSTEP_DEBUG=detail`, or PyTorch's
/// `TORCH_DISTRIBUTED_DEBUG=DETAIL`. All ranks have to check, or none. Messages between two ranks
/// (``Collective/exchange(_:)``) pass unchecked.
public final class CheckedProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let progress = Mutex(Progress())

  /// How far this rank has come.
  private struct Progress {
    /// The number of collectives that all ranks have started.
    var number = 0
    /// No rank has begun to wait for the next one before.
    var since = ContinuousClock.now
  }

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
  /// That is what it is for.
  public var comparesCalls: Bool { true }
  /// As the engine.
  public var dividesWhileAdding: Bool { base.dividesWhileAdding }
  /// The store through which the ranks compare.
  public var store: any Store { base.store }

  /// Compares, then starts; see ``ProcessGroup/start(_:at:)``.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch`, on every rank; `ranksMissing` when a rank
  ///   did not start this collective within ``timeout``; or what the group fails with, such as
  ///   `peerLost`. The group is unusable then.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize, onGPU: collective.gpu)
    if case .exchange = collective { return try base.start(collective, at: site) }
    // One after the other, so that the collectives and those that compare them keep their order.
    return try progress.withLock { (progress) throws(CollectiveError) in
      let start = ContinuousClock.now
      do throws(CollectiveError) {
        try compare(CollectiveSignature(collective, at: site), progress)
      } catch {
        base.abort(error.message)
        throw error
      }
      (progress.number, progress.since) = (progress.number + 1, start)
      return try base.start(collective, at: site)
    }
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

  private func compare(_ mine: CollectiveSignature, _ progress: Progress) throws(CollectiveError) {
    let number = progress.number
    let call = Call(number: number, signature: mine)
    let calls: [Call]
    do {
      try store.set(key(rank), Array(try JSONEncoder().encode(call)))
      calls = try base.allGatherObjects(call)
    } catch let error as CollectiveError {
      throw whoIsMissing(call, error, progress.since) ?? error
    } catch {
      throw CollectiveError(
        .failed, "cannot compare collective \(number), \(mine): \(error)", rank: rank, cause: error)
    }
    let mismatch = CollectiveSignature.mismatch(among: calls.map(\.signature), number: number)
    if let mismatch {
      // Nobody ends the group before all have seen it.
      try? base.barrier()
      throw mismatch.seen(by: rank)
    }
  }

  /// What a rank has come to.
  private struct Call: Codable {
    /// The collective's number in this group, from 0.
    let number: Int
    let signature: CollectiveSignature
  }

  /// Where a rank says what it has come to.
  private func key(_ rank: Int) -> String { "check/\(rank)" }

  /// Where a rank says that it waits no longer: Gloo cannot tell that from its death.
  private static let verdict = "check/missing"

  /// The error that names the ranks which did not come to a collective; `nil` if it failed for another
  /// reason.
  private func whoIsMissing(
    _ mine: Call, _ cause: CollectiveError, _ since: ContinuousClock.Instant
  ) -> CollectiveError? {
    var message: [UInt8]?
    if cause.code == .timedOut, let missing = missing(mine) {
      message = try? store.compareSet(Self.verdict, expected: [], desired: Array(missing.utf8))
    } else if ContinuousClock.now - since >= timeout {
      message = try? store.get(Self.verdict, timeout: .milliseconds(100))
    }
    return message.map {
      CollectiveError(
        .ranksMissing, String(decoding: $0, as: UTF8.self), rank: rank, cause: cause)
    }
  }

  /// Which ranks have not come so far, and what they did last; `nil` if all have.
  private func missing(_ mine: Call) -> String? {
    let calls = (0..<worldSize).map { rank in
      (try? store.get(key(rank), timeout: .zero))
        .flatMap { try? JSONDecoder().decode(Call.self, from: Data($0)) }
    }
    let late = calls.indices.filter { calls[$0].map { $0.number < mine.number } ?? true }
    if late.isEmpty { return nil }
    let last = late.compactMap { rank in
      calls[rank].map { "; the last of rank \(rank) was \($0.signature)" }
    }
    return "collective \(mine.number), \(mine.signature): \(rankList(late)) did not start it "
      + "within \(timeout)" + last.joined()
  }
}
