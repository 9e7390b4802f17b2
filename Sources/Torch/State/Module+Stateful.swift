extension Module {
  /// Parameters and buffers by name; shared ones once, under their first name.
  public func captureState() throws(TorchError) -> State { State(tensors: namedState) }

  /// Overwrites parameters and buffers; names, shapes and types have to be the model's own.
  ///
  /// For tensors of another model, such as pretrained ones, use ``loadStateDict(_:)``.
  public func restoreState(_ state: State) throws(TorchError) {
    try state.copyTensors(into: namedState, of: "model")
  }

  private var namedState: StateDict {
    StateDict(uniqueKeysWithValues: (namedParameters + namedBuffers).map { ($0.name, $0.tensor) })
  }
}
