internal import Support

/// What all optimizers have: parameter groups, and a state that can be saved.
///
/// ``Optimizer`` updates parameters from their gradients; ``LBFGS`` also needs the loss, which its
/// step computes several times.
public protocol GroupedOptimizer: Stateful {
  /// The parameters to update, with their hyperparameters.
  var groups: [ParameterGroup] { get set }

  /// Returns the state that a resumed optimizer needs to continue with the same results.
  ///
  /// Its tensors may share memory with the optimizer. Copy those that must survive the next step.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if a hyperparameter cannot be encoded as
  ///   JSON.
  func stateDict() throws(TorchError) -> OptimizerState

  /// Restores a state, including learning rates and other hyperparameters, like PyTorch's
  /// `load_state_dict`.
  ///
  /// Copies the tensors of the state.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state belongs to another optimizer. The
  ///   message names the first difference, and nothing is changed.
  func loadStateDict(_ state: OptimizerState) throws(TorchError)
}

extension GroupedOptimizer {
  /// Sets the hyperparameters of the groups to those of a state.
  ///
  /// - Precondition: The state has as many groups.
  public func adoptGroupSettings(
    of state: OptimizerState, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      state.groups.count == groups.count,
      "the state has \(state.groups.count) parameter groups, but the optimizer has "
        + "\(groups.count): it belongs to another optimizer", file: file,
      line: line)
    for (index, group) in state.groups.enumerated() {
      groups[index].hyperparameters.merge(group.hyperparameters) { $1 }
    }
  }

  /// Sets all gradients to `nil`.
  public func zeroGrad() {
    for group in groups {
      for parameter in group.parameters { parameter.grad = nil }
    }
  }
}
