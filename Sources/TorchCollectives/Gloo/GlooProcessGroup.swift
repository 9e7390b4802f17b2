public import Collectives
internal import CTorch
internal import Synchronization

/// A group of ranks that communicate over TCP through Gloo, like PyTorch's `gloo` backend.
///
/// It uses PyTorch's implementation, so Swift and Python ranks can form one group through one
/// store: ``init(_:timeout:)`` uses the same keys as Python.
public final class GlooProcessGroup: ProcessGroup {
  /// This rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The time limit of each collective, from its start to its end.
  public let timeout: Duration

  /// `gloo`.
  public let backend = "gloo"
  /// The store that initialized the group.
  public let store: any Store

  // Sendable: c10d's object has its own locks, and the handle never changes.
  nonisolated(unsafe) let handle: ct_gloo
  private let host: String?
  private let state = Mutex(State())

  private struct State {
    var failure: CollectiveError?
    var collectives = 0
    var subgroups = 0
  }

  /// PyTorch's default timeout for Gloo.
  public static let defaultTimeout = Duration.seconds(30 * 60)

  /// Connects to all other ranks.
  ///
  /// - Parameters:
  ///   - store: A store without keys of an earlier group: pass each new group its own
  ///     `PrefixStore`, or it reads the addresses of ranks that have exited.
  ///   - rank: This rank.
  ///   - worldSize: The number of ranks.
  ///   - timeout: The time limit for connecting and of each collective.
  ///   - host: A name or address of this machine that the other ranks can reach; `nil` for the
  ///     address that the host name resolves to, or else the loopback address.
  /// - Throws: ``CollectiveError`` with code `ranksMissing` when a rank did not join in time,
  ///   `invalidArgument`, or `failed`.
  public init(
    store: any Store, rank: Int, worldSize: Int,
    timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil
  ) throws(CollectiveError) {
    guard worldSize > 0, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: number the ranks from 0 to worldSize - 1")
    }
    var created: ct_gloo?
    let bridge = StoreBridge(store)
    let error = ct_gloo_create(
      bridge.calls(), Int32(rank), Int32(worldSize), host, timeout.milliseconds, &created)
    if let error {
      let message = takeErrorMessage(error)
      throw GlooProcessGroup.connectError(
        message, bridge.failure, store: store, rank: rank, worldSize: worldSize, timeout: timeout)
    }
    guard let created else { preconditionFailure("Gloo returned no handle for the group") }
    self.rank = rank
    self.worldSize = worldSize
    self.timeout = timeout
    self.store = store
    self.host = host
    handle = created
  }

  deinit { ct_gloo_release(handle) }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize)
    let (failure, number) = state.withLock { state in
      if case .exchange = collective {} else { state.collectives += 1 }
      return (state.failure, state.collectives)
    }
    if let failure { throw failure }
    let tag = Transfer.tags.upperBound + number % (1 << 29)
    return GlooWork(try parts(collective, tag: tag), group: self)
  }

  /// Ends all running collectives with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank))
  }

  /// Throws if the group has failed; see ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Creates a group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let number = state.withLock { state in
      state.subgroups += 1
      return state.subgroups
    }
    guard let memberRank = try rank(in: ranks) else { return nil }
    return try GlooProcessGroup(
      store: PrefixStore("subgroup\(number)", store), rank: memberRank, worldSize: ranks.count,
      timeout: timeout, host: host)
  }

  /// Marks the group as failed, ends all running collectives, and returns the group's first
  /// failure.
  func fail(_ message: String) -> CollectiveError {
    fail(
      glooError(message, rank: rank) {
        let addresses = (0..<worldSize).map { try? store.get("0/\($0)", timeout: .zero) }
        return GlooPeers(addresses, rank: rank).rank(in: message)
      })
  }

  private func fail(_ error: CollectiveError) -> CollectiveError {
    let first = state.withLock { state in
      defer { state.failure = state.failure ?? error }
      return state.failure
    }
    if first == nil { ct_gloo_abort(handle) }
    return first ?? error
  }
}
