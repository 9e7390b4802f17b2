internal import FoundationEssentials
internal import Synchronization

/// A group that compares every collective across the ranks before it starts, and names the ranks
/// that differ.
///
/// Kind, operation, root, counts and types have to agree; the error also names the source
/// locations. The ranks compare through the group itself, so the check does not delay the detection
/// of a dead peer. Each rank also writes the collective to the store, which identifies the missing
/// ranks after a timeout. Messages (``Collective/exchange(_:)``) are not checked.
///
/// To find a mistake, enable the check on all ranks with `LOCKSTEP_DEBUG=detail` or PyTorch's
/// `TORCH_DISTRIBUTED_DEBUG=DETAIL`.
public final class CheckedProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let progress = Mutex(Progress())

  private struct Progress {
    /// The number of collectives that all ranks have started.
    var number = 0
    /// The time at which this rank started the last of them: no rank can have waited longer for the
    /// next collective.
    var since = ContinuousClock.now
  }

  /// Wraps `base`.
  public init(_ base: any ProcessGroup) { self.base = base }

  /// This rank.
  public var rank: Int { base.rank }
  /// The number of ranks.
  public var worldSize: Int { base.worldSize }
  /// The time limit of each collective.
  public var timeout: Duration { base.timeout }
  /// The base's backend.
  public var backend: String { base.backend }
  /// The base's capabilities, and detection of mismatches.
  public var capabilities: ProcessGroupCapabilities {
    var capabilities = base.capabilities
    capabilities.detectsMismatches = true
    return capabilities
  }
  /// The base's store, through which the ranks also compare.
  public var store: any Store { base.store }

  /// Compares the collective, then starts it; see ``ProcessGroup/start(_:at:)``.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch`, on every rank; `ranksMissing` when a rank
  ///   did not start this collective within ``timeout``; or an error of the base, such as
  ///   `peerLost`. The group is then unusable.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize, memory: base.capabilities.memory)
    if case .exchange = collective { return try base.start(collective, at: site) }
    // With the lock held, so that collectives and comparisons have the same order on all ranks.
    return try progress.withLock { (progress) throws(CollectiveError) in
      let start = ContinuousClock.now
      do throws(CollectiveError) {
        try compare(CollectiveSignature(collective, at: site), progress)
      } catch {
        base.abort(error.message)
        throw error
      }
      progress.number += 1
      progress.since = start
      return try base.start(collective, at: site)
    }
  }

  /// See ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) { base.abort(reason) }

  /// See ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) { try base.checkPeers() }

  /// See ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try base.allocate(count: count, elementType: elementType)
  }

  /// Creates a checked subgroup; see ``ProcessGroup/subgroup(_:)``.
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
      throw ranksMissingError(call, error, progress.since) ?? error
    } catch {
      throw CollectiveError(
        .failed, "cannot compare collective \(number), \(mine): \(error)", rank: rank, cause: error)
    }
    let mismatch = CollectiveSignature.mismatch(among: calls.map(\.signature), number: number)
    if let mismatch {
      // All ranks see the mismatch before one of them aborts the group.
      try? base.barrier()
      throw mismatch.observed(by: rank)
    }
  }

  /// The collective that a rank is about to start.
  private struct Call: Codable {
    /// The collective's number in this group, from 0.
    let number: Int
    let signature: CollectiveSignature
  }

  /// The key under which a rank publishes its next collective.
  private func key(_ rank: Int) -> String { "check/\(rank)" }

  /// The key under which the first rank that times out publishes which ranks are missing.
  ///
  /// With Gloo, the peers of that rank cannot distinguish its timeout from its death.
  private static let timeoutKey = "check/missing"

  /// The error that names the ranks which did not start a collective; `nil` if it failed for
  /// another reason.
  private func ranksMissingError(
    _ mine: Call, _ cause: CollectiveError, _ since: ContinuousClock.Instant
  ) -> CollectiveError? {
    var message: [UInt8]?
    if cause.code == .timedOut, let missing = missing(mine) {
      message = try? store.compareSet(Self.timeoutKey, expected: [], desired: Array(missing.utf8))
    } else if ContinuousClock.now - since >= timeout {
      message = try? store.get(Self.timeoutKey, timeout: .milliseconds(100))
    }
    return message.map {
      CollectiveError(
        .ranksMissing, String(decoding: $0, as: UTF8.self), rank: rank, cause: cause)
    }
  }

  /// Names the ranks that have not started the collective, each with its last collective; `nil` if
  /// all have started it.
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
