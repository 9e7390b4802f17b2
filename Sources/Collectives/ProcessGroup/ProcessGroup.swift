/// Ranks that work together: each calls the same collectives in the same order.
///
/// The protocol moves memory; module TorchCollectives adds tensors. Each collective is started and
/// returns at once; ``Work/wait()`` ends it. The short names without `start` do both.
///
/// A collective that fails, because a peer has gone or was too late, makes the group unusable: later
/// calls fail too, and a new group has to be made.
public protocol ProcessGroup: AnyObject, Sendable {
  /// The number of this rank, 0 ..< ``worldSize``.
  var rank: Int { get }

  /// The number of ranks.
  var worldSize: Int { get }

  /// The limit of each collective, from its start to its end.
  var timeout: Duration { get }

  /// Replaces the numbers on every rank by the combination of all ranks' numbers, place by place.
  func startAllReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp) throws(CollectiveError)
    -> any Work

  /// Replaces the numbers on every rank by those of `root`.
  func startBroadcast(_ buffer: CollectiveBuffer, from root: Int) throws(CollectiveError)
    -> any Work

  /// Collects all ranks' numbers on every rank, in the order of the ranks.
  ///
  /// - Parameters:
  ///   - input: As many numbers on every rank.
  ///   - output: Has `worldSize` times as many.
  /// - Returns: The running collective.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when the counts do not fit.
  func startAllGather(_ input: CollectiveBuffer, into output: CollectiveBuffer)
    throws(CollectiveError) -> any Work

  /// Ends when every rank has started it.
  func startBarrier() throws(CollectiveError) -> any Work
}

extension ProcessGroup {
  /// Replaces the numbers on every rank by the combination of all ranks' numbers, place by place.
  public func allReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp = .sum) throws(CollectiveError) {
    try startAllReduce(buffer, op).wait()
  }

  /// Replaces the numbers on every rank by those of `root`.
  public func broadcast(_ buffer: CollectiveBuffer, from root: Int = 0) throws(CollectiveError) {
    try startBroadcast(buffer, from: root).wait()
  }

  /// Blocks until every rank has called it.
  public func barrier() throws(CollectiveError) { try startBarrier().wait() }
}
