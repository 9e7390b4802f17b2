extension Module {
  /// Captures parameters and buffers by name; shared ones appear once, under their first name.
  public func captureState() throws(TorchError) -> State { State(tensors: namedState) }

  /// Restores parameters and buffers; names, shapes and types must match.
  ///
  /// To load the tensors of another model, such as pretrained weights, use ``loadStateDict(_:)``.
  public func restoreState(_ state: State) throws(TorchError) {
    try state.copyTensors(into: namedState, of: "model")
  }

  private var namedState: StateDict {
    StateDict(
      (namedParameters + namedBuffers).map { ($0.name, $0.tensor) },
      uniquingKeysWith: { first, _ in first })
  }
}
