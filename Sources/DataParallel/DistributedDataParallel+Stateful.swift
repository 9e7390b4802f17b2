public import Torch

extension DistributedDataParallel: Stateful {
  /// The state of the model itself, so that it can be restored with or without this wrapper, and the
  /// order in which gradients came.
  ///
  /// With three ranks and more an engine's order of additions depends on a number's place in its bucket,
  /// so training goes on to the same bits only with the same buckets.
  public func captureState() throws(TorchError) -> State {
    var state = try module.captureState()
    if let order = reducer.knownOrder {
      try state.set(order.map { names[$0] }, for: gradientOrder)
    }
    return state
  }

  /// Restores the model and, if it was saved from this wrapper, the buckets; call it on every rank with
  /// the same state.
  ///
  /// - Throws: ``Torch/TorchError`` with code `mismatch` when the state is one of another model, or when
  ///   other parameters were trained; nothing has been changed.
  public func restoreState(_ state: State) throws(TorchError) {
    var order: [Int]?
    if state.values[gradientOrder] != nil {
      let saved = try state.value(gradientOrder, as: [String].self)
      if let name = Set(saved).symmetricDifference(names).min() {
        let (then, now) = saved.contains(name) ? ("was", "is not") : ("was not", "is")
        throw TorchError(
          .mismatch, "parameter '\(name)' \(then) trained when the state was saved, and \(now) here"
        )
      }
      let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      order = saved.compactMap { places[$0] }
    }
    try module.restoreState(state)
    if let order, order.count == names.count { reducer.adopt(order) }
  }
}

private let gradientOrder = "gradient order"
