public import Collectives
internal import CTorch
internal import Torch

/// Ranks that talk over TCP through Gloo, as PyTorch's `gloo` backend does.
///
/// It is PyTorch's own engine, so Swift and Python ranks can form one group through one store; see
/// ``makeDefault(store:rank:worldSize:timeout:host:)`` for the keys that Python uses.
public final class GlooProcessGroup: ProcessGroup {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The limit of each collective, from its start to its end.
  public let timeout: Duration

  // Sendable: c10d's object has its own locks, and the handle never changes.
  nonisolated(unsafe) private let handle: ct_gloo

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
  }

  deinit { ct_gloo_release(handle) }

  /// Starts an all-reduce; see ``ProcessGroup/startAllReduce(_:_:)``.
  public func startAllReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp) throws(CollectiveError)
    -> any Work
  {
    let tensor = buffer.tensor
    return try start([tensor]) {
      ct_gloo_all_reduce(handle, tensor.unsafeHandle, op.number, $0, $1)
    }
  }

  /// Starts a broadcast; see ``ProcessGroup/startBroadcast(_:from:)``.
  public func startBroadcast(_ buffer: CollectiveBuffer, from root: Int) throws(CollectiveError)
    -> any Work
  {
    guard (0..<worldSize).contains(root) else {
      throw CollectiveError(
        .invalidArgument, "there is no rank \(root) to broadcast from among \(worldSize)",
        rank: rank)
    }
    let tensor = buffer.tensor
    return try start([tensor]) {
      ct_gloo_broadcast(handle, tensor.unsafeHandle, Int32(root), $0, $1)
    }
  }

  /// Starts an all-gather; see ``ProcessGroup/startAllGather(_:into:)``.
  public func startAllGather(_ input: CollectiveBuffer, into output: CollectiveBuffer)
    throws(CollectiveError) -> any Work
  {
    guard output.count == input.count * worldSize, output.elementType == input.elementType else {
      throw CollectiveError(
        .invalidArgument,
        "an all-gather of \(input.count) \(input.elementType) on \(worldSize) ranks needs room for "
          + "\(input.count * worldSize), not for \(output.count) \(output.elementType)",
        rank: rank)
    }
    let (from, to) = (input.tensor, output.tensor)
    return try start([from, to]) {
      ct_gloo_all_gather(handle, to.unsafeHandle, from.unsafeHandle, $0, $1)
    }
  }

  /// Starts a barrier; see ``ProcessGroup/startBarrier()``.
  public func startBarrier() throws(CollectiveError) -> any Work {
    try start([]) { ct_gloo_barrier(handle, $0, $1) }
  }

  private func start(
    _ tensors: [Tensor], _ call: (Int64, UnsafeMutablePointer<ct_work?>) -> ct_error?
  ) throws(CollectiveError) -> any Work {
    var work: ct_work?
    if let error = call(timeout.milliseconds, &work) {
      throw glooError(takeEngineMessage(error), rank: rank)
    }
    guard let work else { preconditionFailure("Gloo started work without a handle") }
    return GlooWork(work, tensors: tensors, group: self)
  }
}

extension CollectiveBuffer {
  /// The tensor that this memory belongs to, or one over the memory.
  fileprivate var tensor: Tensor {
    if let tensor = owner as? Tensor, tensor.dataAddress == address, tensor.count == count {
      return tensor
    }
    return Tensor(memory: address, shape: [count], dtype: elementType.dtype, owner: owner)
  }
}

extension ReduceOp {
  /// c10d's number.
  fileprivate var number: Int32 {
    switch self {
    case .sum: 0
    case .product: 2
    case .min: 3
    case .max: 4
    case .bitwiseAnd: 5
    case .bitwiseOr: 6
    case .bitwiseXor: 7
    }
  }
}
