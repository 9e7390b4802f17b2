public import Torch

/// State that is divided over the ranks, such as that of a ``ZeroRedundancyOptimizer``.
///
/// A snapshot contains the whole state, so any number of ranks can resume from it.
public protocol ShardedState: Stateful {
  /// Gathers the shares of all ranks; call it on every rank.
  ///
  /// - Parameter root: The rank that receives the state.
  /// - Returns: A copy of the whole state on `root`, `nil` on the other ranks.
  /// - Throws: ``CollectiveError`` if a peer is lost or times out, or the share of a rank cannot be
  ///   captured.
  func captureWholeState(to root: Int) throws -> State?

  /// Restores this rank's share of a whole state, which must be equal on all ranks.
  ///
  /// - Throws: ``TorchError`` with code `mismatch`, on all ranks, if the state does not fit.
  func restoreWholeState(_ state: State) throws(TorchError)
}

/// An optimizer that updates its parameters with another one.
package protocol OptimizerWrapper: Optimizer {
  /// The other optimizer.
  var wrapped: any Optimizer { get }
}
