public import Support

/// The state of an optimizer, like the dictionary of PyTorch's `Optimizer.state_dict`.
///
/// Parameters are identified by their index, counted from 0 over all groups. A state can be divided
/// by parameter and merged again: see ``shards(owners:count:)``.
public struct OptimizerState: Sendable {
  /// The state of a parameter.
  public struct Parameter: Sendable {
    /// The shape of the parameter.
    public var shape: [Int]

    /// The tensors by name, such as `exp_avg`, with PyTorch's names.
    ///
    /// A scalar, such as `step`, is a tensor of shape `[]`. Empty for a parameter that was never
    /// updated. The tensors may share memory with the optimizer.
    public var tensors: StateDict

    /// Creates a state.
    public init(shape: [Int], tensors: StateDict = [:]) {
      self.shape = shape
      self.tensors = tensors
    }
  }

  /// The state of a parameter group.
  public struct Group: Sendable {
    /// The learning rate.
    public var learningRate: Double
    /// The weight decay.
    public var weightDecay: Double
    /// The states of the parameters, in the order of the group.
    public var parameters: [Parameter]

    /// Creates a state.
    public init(learningRate: Double, weightDecay: Double, parameters: [Parameter]) {
      self.learningRate = learningRate
      self.weightDecay = weightDecay
      self.parameters = parameters
    }
  }

  /// The states of the groups, in the order of ``Optimizer/groups``.
  public var groups: [Group]

  /// The hyperparameters that all groups share, such as `momentum`, by name.
  public var hyperparameters: [String: JSONValue]

  /// Creates a state.
  public init(groups: [Group], hyperparameters: [String: JSONValue] = [:]) {
    self.groups = groups
    self.hyperparameters = hyperparameters
  }

  /// The states of all parameters, by index.
  public var parameters: [Parameter] { groups.flatMap(\.parameters) }
}

extension OptimizerState {
  /// Captures groups and the per-parameter states of an optimizer.
  public init<Value: ParameterState>(
    _ groups: [ParameterGroup], _ states: ParameterStates<Value>
  ) {
    self.init(
      groups: groups.map { group in
        Group(
          learningRate: group.learningRate, weightDecay: group.weightDecay,
          parameters: group.parameters.map {
            Parameter(shape: $0.shape, tensors: states[$0]?.tensors ?? [:])
          })
      })
  }

  /// Sets a hyperparameter.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the value cannot be encoded as JSON.
  public mutating func setHyperparameter(_ value: some Encodable, for name: String)
    throws(TorchError)
  {
    hyperparameters[name] = try JSONValue(encoding: value, for: name)
  }

  /// Returns a hyperparameter.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if there is no such hyperparameter, or it has
  ///   another type.
  public func hyperparameter<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(TorchError) -> Value {
    try hyperparameters.value(name)
  }

  /// Copies the per-parameter states for the parameters of an optimizer.
  ///
  /// - Parameters:
  ///   - type: The type of the states.
  ///   - groups: The groups of the optimizer; their settings do not matter.
  /// - Returns: Copies of the saved tensors, on the devices of the parameters.
  /// - Throws: ``TorchError`` with code `mismatch` if the state belongs to an optimizer of other
  ///   parameters, or of another kind; the message names the first difference.
  public func parameterStates<Value: ParameterState>(
    _ type: Value.Type = Value.self, for groups: [ParameterGroup]
  ) throws(TorchError) -> ParameterStates<Value> {
    if let difference = firstDifference(from: groups) {
      throw TorchError(.mismatch, "the state belongs to another optimizer: \(difference)")
    }
    var states = ParameterStates<Value>()
    var copies: [(from: Tensor, to: Tensor)] = []
    for (index, (saved, parameter)) in zip(parameters, groups.flatMap(\.parameters)).enumerated()
    where !saved.tensors.isEmpty {
      let own = states.state(of: parameter).tensors
      try State(tensors: saved.tensors).checkTensors(
        fit: own.mapValues(TensorForm.init), of: "optimizer's parameter \(index)")
      for (name, tensor) in own {
        if let given = saved.tensors[name] { copies.append((given, tensor)) }
      }
    }
    noGrad {
      for copy in copies { copy.to.copy_(copy.from) }
    }
    return states
  }

  /// Returns the first difference from an optimizer's groups as a clause, or `nil`.
  package func firstDifference(from own: [ParameterGroup]) -> String? {
    guard groups.count == own.count else {
      return "it has \(groups.count) parameter groups, this optimizer has \(own.count)"
    }
    var parameter = 0
    for (index, (saved, own)) in zip(groups, own).enumerated() {
      for (saved, own) in zip(saved.parameters.map(\.shape), own.parameters.map(\.shape)) {
        if saved != own {
          return
            "parameter \(parameter) in group \(index) has shape \(saved) in the state, \(own) in "
            + "this optimizer"
        }
        parameter += 1
      }
      guard saved.parameters.count == own.parameters.count else {
        return
          "group \(index) has \(saved.parameters.count) parameters in the state, "
          + "\(own.parameters.count) in this optimizer"
      }
    }
    return nil
  }
}
