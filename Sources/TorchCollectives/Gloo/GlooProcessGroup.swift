public import Collectives
internal import CTorch
internal import Synchronization

/// Ranks that talk over TCP through Gloo, as PyTorch's `gloo` backend does.
///
/// It is PyTorch's own engine, so Swift and Python ranks can form one group through one store:
/// ``init(_:timeout:)`` uses the keys that Python does.
public final class GlooProcessGroup: ProcessGroup {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The limit of each collective, from its start to its end.
  public let timeout: Duration

  /// `gloo`.
  public let backend = "gloo"
  /// The store through which the ranks met.
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

  /// The time that PyTorch gives a Gloo collective.
  public static let defaultTimeout = Duration.seconds(30 * 60)

  /// Connects with all other ranks.
  ///
  /// - Parameters:
  ///   - store: Where the ranks find each other. Its keys must be fresh: give each new group a
  ///     `PrefixStore` of its own, or it reads the addresses of ranks that are gone.
  ///   - rank: The number of this rank.
  ///   - worldSize: The number of ranks.
  ///   - timeout: The limit for connecting, and of each collective.
  ///   - host: A name or address of this machine that the other ranks reach; `nil` takes what the
  ///     host's name resolves to, else the loopback address.
  /// - Throws: ``CollectiveError`` with code `ranksMissing` when some rank did not come in time,
  ///   `invalidArgument`, or `failed`.
  public init(
    store: any Store, rank: Int, worldSize: Int,
    timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil
  ) throws(CollectiveError) {
    guard worldSize > 0, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: ranks count from 0 to worldSize - 1")
    }
    var made: ct_gloo?
    let bridge = StoreBridge(store)
    let error = ct_gloo_create(
      bridge.calls(), Int32(rank), Int32(worldSize), host, timeout.milliseconds, &made)
    if let error {
      let message = takeEngineMessage(error)
      throw GlooProcessGroup.connectError(
        message, bridge.failure, store: store, rank: rank, worldSize: worldSize, timeout: timeout)
    }
    guard let made else { preconditionFailure("Gloo made a group without a handle") }
    (self.rank, self.worldSize, self.timeout, handle) = (rank, worldSize, timeout, made)
    (self.store, self.host) = (store, host)
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

  /// Ends all that runs with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank))
  }

  /// Connects some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let number = state.withLock { state in
      state.subgroups += 1
      return state.subgroups
    }
    guard let place = try place(in: ranks) else { return nil }
    return try GlooProcessGroup(
      store: PrefixStore("subgroup\(number)", store), rank: place, worldSize: ranks.count,
      timeout: timeout, host: host)
  }

  /// Makes a failure the group's, ends all that runs, and returns the group's first failure.
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
