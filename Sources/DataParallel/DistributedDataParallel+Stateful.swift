public import Torch

extension DistributedDataParallel: Stateful {
  /// Returns the state of the model, which can be restored with or without this wrapper, and the
  /// order of gradients.
  ///
  /// With three or more ranks the backend's order of additions depends on an element's offset in
  /// its bucket. So a resumed job gets the same bits only with the same buckets.
  public func captureState() throws(TorchError) -> State {
    var state = try module.captureState()
    if let order = reducer.gradientOrder {
      try state.set(order.map { names[$0] }, for: gradientOrder)
    }
    return state
  }

  /// Restores the model and, if the state is from this wrapper, the buckets.
  ///
  /// Call it on every rank with the same state.
  ///
  /// - Throws: ``Torch/TorchError`` with code `mismatch` if the state is from a different model, or
  ///   if different parameters were trained; then nothing is changed.
  public func restoreState(_ state: State) throws(TorchError) {
    var order: [Int]?
    if state.values[gradientOrder] != nil {
      let saved = try state.value(gradientOrder, as: [String].self)
      if let name = Set(saved).symmetricDifference(names).min() {
        let wasTrained = saved.contains(name)
        throw TorchError(
          .mismatch,
          "parameter '\(name)' was \(wasTrained ? "" : "not ")trained when the state was saved, "
            + "but is \(wasTrained ? "not " : "")trained now: set requiresGrad as it was then "
            + "before wrapping the model"
        )
      }
      let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      order = saved.compactMap { indices[$0] }
    }
    try module.restoreState(state)
    if let order, order.count == names.count { reducer.rebuildBuckets(inOrder: order) }
  }
}

private let gradientOrder = "gradient order"
