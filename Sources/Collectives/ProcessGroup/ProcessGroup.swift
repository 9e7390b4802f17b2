/// Ranks that work together: each starts the same collectives in the same order.
///
/// An engine has to start a ``Collective``; the names that programs use (`allReduce`, `startBroadcast`,
/// …) stand on top of that, so that a wrapper which checks, records or routes collectives has one
/// method to write. Module TorchCollectives adds tensors.
///
/// A collective that fails, because a peer has gone or was too late, makes the group unusable: later
/// calls fail too, and a new group has to be made, under keys of its own in the store.
public protocol ProcessGroup: AnyObject, Sendable {
  /// The number of this rank, 0 ..< ``worldSize``.
  var rank: Int { get }

  /// The number of ranks.
  var worldSize: Int { get }

  /// The limit of each collective, from its start to its end.
  var timeout: Duration { get }

  /// The engine's name: `gloo`, `local`, …
  var backend: String { get }

  /// Whether ranks that make different calls fail at once, rather than wait for each other until ``timeout``.
  var comparesCalls: Bool { get }

  /// Whether an average costs no pass over memory beside the sum's.
  var dividesWhileAdding: Bool { get }

  /// The store through which the ranks met, with keys of this group alone.
  var store: any Store { get }

  /// Starts a collective and returns at once; ``Work/wait()`` ends it.
  ///
  /// The memory is left alone until then.
  ///
  /// - Parameters:
  ///   - collective: What is done; engines call ``Collective/validate(rank:worldSize:onGPU:)`` first.
  ///   - site: The place in the source that diagnostics name.
  /// - Returns: The running collective.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, after which the group is unharmed; or
  ///   the failure that made the group unusable.
  func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work

  /// Makes the group unusable and ends all that runs with an error, on this rank at once; peers
  /// notice as they would if this rank died. A second call changes nothing.
  ///
  /// - Parameter reason: What the error says.
  func abort(_ reason: String)

  /// Makes memory that this group moves best, filled with zeros; plain memory moves as well.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` where the machine has no more of it.
  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer

  /// A group of some of the ranks; every rank of this group has to call it.
  ///
  /// - Parameter ranks: The members in the order of their new ranks, equal on every rank.
  /// - Returns: The group, or `nil` on a rank that is not among them.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, or `ranksMissing` when a member did
  ///   not come within ``timeout``.
  func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)?
}

extension ProcessGroup {
  /// Most engines compare nothing.
  public var comparesCalls: Bool { false }

  /// Most engines add first.
  public var dividesWhileAdding: Bool { false }

  /// Plain memory, filled with zeros.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    PlainMemory(byteCount: count * elementType.byteCount).buffer(count, elementType)
  }
}
