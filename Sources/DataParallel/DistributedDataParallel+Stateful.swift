public import Torch

extension DistributedDataParallel: Stateful {
  /// The state of the model itself, so that it can be restored with or without this wrapper.
  public func captureState() throws(TorchError) -> State { try module.captureState() }

  /// Restores the model; call it on every rank with the same state.
  public func restoreState(_ state: State) throws(TorchError) { try module.restoreState(state) }
}
