public import Torch

/// A per-rank part whose saved states can be redistributed over a different number of ranks.
///
/// An example is a sum over the samples of a rank.
public protocol ReshardableState: Stateful {
  /// Restores this rank from the states of some of the ranks that saved the snapshot.
  ///
  /// Each saved state is assigned to exactly one rank; `states` may be empty.
  func restoreState(fromShards states: [State]) throws(TorchError)
}
