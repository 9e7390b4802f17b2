public import Torch

/// A rank's own part whose state can be dealt out among another number of ranks, such as a sum over the
/// samples of a rank.
public protocol ShareableState: Stateful {
  /// Goes on from the states of some of the ranks that made the snapshot.
  ///
  /// Each of those ranks' states goes to one rank; there may be none for this one.
  func restoreShare(of states: [State]) throws(TorchError)
}
