internal import Support

/// Several optimizers that step as one, such as one for the weights and one for the embeddings.
///
/// ```swift
/// let optimizer = CombinedOptimizer([
///   AdamW([ParameterGroup(model.body.parameters, learningRate: 1e-4)]),
///   SGD(model.head.parameters, learningRate: 0.1, momentum: 0.9),
/// ])
/// ```
/// Its ``groups`` are those of all optimizers, in order. So one ``LearningRateScheduler``, one
/// ``GradientScaler`` and one gradient norm apply to all of them. Snapshots refuse an optimizer in
/// it that is divided over the ranks.
public final class CombinedOptimizer: Optimizer {
  /// The optimizers, in the order in which they step.
  public let optimizers: [any Optimizer]

  /// Combines optimizers of different parameters.
  ///
  /// - Precondition: No parameter is in two of the optimizers.
  public init(
    _ optimizers: [any Optimizer], file: StaticString = #fileID, line: UInt = #line
  ) {
    requireDistinct(optimizers.flatMap(\.groups), file: file, line: line)
    self.optimizers = optimizers
  }

  /// The groups of all optimizers, in order; their number is fixed.
  public var groups: [ParameterGroup] {
    get { optimizers.flatMap(\.groups) }
    set {
      var first = 0
      for optimizer in optimizers {
        let count = optimizer.groups.count
        precondition(
          first + count <= newValue.count, "a CombinedOptimizer has a fixed number of groups")
        optimizer.groups = Array(newValue[first..<first + count])
        first += count
      }
      precondition(first == newValue.count, "a CombinedOptimizer has a fixed number of groups")
    }
  }

  /// Steps each optimizer.
  public func step() throws {
    for optimizer in optimizers { try optimizer.step() }
  }

  /// Returns the states of all optimizers; the hyperparameters of optimizer 0 are named `0.NAME`.
  public func stateDict() throws(TorchError) -> OptimizerState {
    var combined = OptimizerState(groups: [])
    for (index, optimizer) in optimizers.enumerated() {
      let state = try optimizer.stateDict()
      combined.groups += state.groups
      for (name, value) in state.hyperparameters {
        combined.hyperparameters["\(index).\(name)"] = value
      }
    }
    return combined
  }

  /// Restores the states of all optimizers, or of none.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    guard state.groups.count == groups.count else {
      throw TorchError(
        .mismatch,
        "the state belongs to another optimizer: it has \(state.groups.count) parameter groups, "
          + "this optimizer has \(groups.count)")
    }
    var before: [OptimizerState] = []
    for optimizer in optimizers { before.append(try optimizer.stateDict()) }
    var first = 0
    for (index, optimizer) in optimizers.enumerated() {
      let prefix = "\(index)."
      let count = optimizer.groups.count
      var part = OptimizerState(groups: Array(state.groups[first..<first + count]))
      for (name, value) in state.hyperparameters where name.hasPrefix(prefix) {
        part.hyperparameters[String(name.dropFirst(prefix.count))] = value
      }
      do {
        try optimizer.loadStateDict(part)
      } catch {
        for loaded in 0..<index { try optimizers[loaded].loadStateDict(before[loaded]) }
        throw TorchError(error.code, "optimizer \(index): \(error.message)")
      }
      first += count
    }
  }
}
