internal import Support

/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup {
  /// The tensors to update; those without a gradient are skipped.
  public var parameters: [Tensor]
  /// The learning rate; a schedule changes it between steps.
  public var learningRate: Double
  /// The weight decay, as a fraction of the weights per unit of learning rate.
  public var weightDecay: Double

  /// Creates a group.
  ///
  /// - Precondition: The learning rate and the weight decay are 0 or more. No parameter is the
  ///   result of a recorded operator, because such a tensor gets no gradient.
  public init(
    _ parameters: [Tensor], learningRate: Double, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      learningRate >= 0, "the learning rate is \(learningRate); use 0 or more", file: file,
      line: line)
    require(
      weightDecay >= 0, "the weight decay is \(weightDecay); use 0 or more", file: file, line: line)
    let computed = parameters.firstIndex { !$0.isLeaf }
    require(
      computed == nil,
      "parameter \(computed ?? 0), \(computed.map { parameters[$0].summary } ?? ""), is the result "
        + "of a recorded operator and gets no gradient: pass the tensor that it was computed from, "
        + "or detach()", file: file, line: line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}

/// Updates parameters from their gradients.
///
/// ``stateDict()`` makes an optimizer ``Stateful``, so a snapshot can contain it.
public protocol Optimizer: Stateful {
  /// The parameters to update, with their learning rates and weight decays.
  var groups: [ParameterGroup] { get set }

  /// Updates all parameters that have a gradient, in place.
  ///
  /// Implementations that cannot fail need not be marked `throws`.
  ///
  /// - Throws: The errors of communication with other ranks. A failed operator is not thrown; see
  ///   ``catchingTorchErrors(_:)``.
  func step() throws

  /// Like ``step()``, with all gradients multiplied by a scalar, as gradient clipping does.
  ///
  /// The contents of `grad` are unspecified afterwards.
  func step(scalingGradientsBy factor: Tensor) throws

  /// Returns the state that a resumed optimizer needs to continue with the same results.
  ///
  /// Its tensors may share memory with the optimizer. Copy those that must survive the next step.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if a hyperparameter cannot be encoded as
  ///   JSON.
  func stateDict() throws(TorchError) -> OptimizerState

  /// Restores a state, including learning rates and weight decays, like PyTorch's
  /// `load_state_dict`.
  ///
  /// Copies the tensors of the state.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state belongs to another optimizer. The
  ///   message names the first difference, and nothing is changed.
  func loadStateDict(_ state: OptimizerState) throws(TorchError)
}

extension Optimizer {
  /// Multiplies the gradients by the scalar, in place, then calls ``step()``.
  public func step(scalingGradientsBy factor: Tensor) throws {
    scaleGradients(of: groups.flatMap(\.parameters), by: factor)
    try step()
  }

  /// Sets the learning rates and weight decays of the groups to those of a state.
  ///
  /// - Precondition: The state has as many groups.
  public func adoptGroupSettings(
    of state: OptimizerState, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      state.groups.count == groups.count,
      "the state has \(state.groups.count) parameter groups, but the optimizer has "
        + "\(groups.count): check the state with parameterStates(for:) first", file: file,
      line: line)
    for (index, group) in state.groups.enumerated() {
      groups[index].learningRate = group.learningRate
      groups[index].weightDecay = group.weightDecay
    }
  }

  /// Sets all gradients to `nil`.
  public func zeroGrad() {
    for group in groups {
      for parameter in group.parameters { parameter.grad = nil }
    }
  }
}

/// Stops the process with a message if a parameter is in an optimizer more than once.
///
/// It would be updated several times in each step.
func requireDistinct(_ groups: [ParameterGroup], file: StaticString, line: UInt) {
  var seen = Set<ObjectIdentifier>()
  let again = groups.flatMap(\.parameters).first { !seen.insert(ObjectIdentifier($0)).inserted }
  require(
    again == nil,
    "a parameter, \(again?.summary ?? ""), is in the optimizer more than once, so that each step "
      + "would update it again: pass each parameter once", file: file, line: line)
}

extension ParameterGroup {
  /// The parameters that have a gradient, with their gradients.
  var updates: (parameters: [Tensor], gradients: [Tensor]) {
    var result: (parameters: [Tensor], gradients: [Tensor]) = ([], [])
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      result.parameters.append(parameter)
      result.gradients.append(gradient)
    }
    return result
  }
}
