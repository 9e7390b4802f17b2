/// A group of ranks that run collectives together: each rank starts the same ones in the same
/// order.
///
/// A backend implements ``start(_:at:)`` for every ``Collective``. The methods that programs call
/// (`allReduce`, `startBroadcast`, …) are extensions that use it, so a wrapper that checks, records
/// or routes collectives implements one method. Module TorchCollectives adds tensors.
///
/// A collective that fails, because a peer was lost or timed out, makes the group unusable. Later
/// calls also fail; create a new group, with other keys in the store.
public protocol ProcessGroup: AnyObject, Sendable {
  /// This rank, 0 ..< ``worldSize``.
  var rank: Int { get }

  /// The number of ranks.
  var worldSize: Int { get }

  /// The time limit of each collective, from its start to its end.
  var timeout: Duration { get }

  /// The backend's name, such as `gloo`. A group with a backend per kind of device has a name in
  /// PyTorch's form: `cpu:gloo,cuda:nccl`.
  var backend: String { get }

  /// What the backend can do beyond running collectives.
  var capabilities: ProcessGroupCapabilities { get }

  /// The store that initialized the group; only this group uses its keys.
  var store: any Store { get }

  /// Starts a collective and returns at once; ``Work/wait()`` waits for its end.
  ///
  /// Do not access the collective's memory until then.
  ///
  /// - Parameters:
  ///   - collective: The collective. Backends first call
  ///     ``Collective/validate(rank:worldSize:memory:)``.
  ///   - site: The source location that diagnostics show.
  /// - Returns: The running collective.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, after which the group is usable; or
  ///   the failure that made the group unusable.
  func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work

  /// Makes the group unusable and ends all running collectives with an error.
  ///
  /// Takes effect on this rank at once; peers notice as if this rank had died. Further calls do
  /// nothing.
  ///
  /// - Parameter reason: The text for the error's message.
  func abort(_ reason: String)

  /// Checks whether the group is still usable, without waiting.
  ///
  /// Where ``ProcessGroupCapabilities/detectsLostPeers`` is false, it returns without a check.
  ///
  /// - Throws: ``CollectiveError`` with code `peerLost` when a rank on this host has died, or the
  ///   failure that made the group unusable.
  func checkPeers() throws(CollectiveError)

  /// Allocates zeroed memory that the backend moves fastest. Collectives accept other memory, too.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` when there is no memory left.
  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer

  /// Creates a group of some of the ranks; every rank of this group calls it.
  ///
  /// - Parameter ranks: The members in the order of their new ranks, equal on every rank.
  /// - Returns: The group, or `nil` on a rank that is not a member.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, or `ranksMissing` when a member did
  ///   not call this within ``timeout``.
  func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)?
}

extension ProcessGroup {
  /// The default: no capabilities beyond running collectives on the host's memory.
  public var capabilities: ProcessGroupCapabilities { ProcessGroupCapabilities() }

  /// The default: no check.
  public func checkPeers() throws(CollectiveError) {}

  /// The default: ordinary memory, filled with zeros.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    PlainMemory(byteCount: count * elementType.byteCount).buffer(count, elementType)
  }
}
