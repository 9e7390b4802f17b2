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
    /// The hyperparameters by their names in PyTorch's `param_groups`, such as `lr`.
    public var hyperparameters: [String: JSONValue]
    /// The states of the parameters, in the order of the group.
    public var parameters: [Parameter]

    /// Creates a state.
    public init(hyperparameters: [String: JSONValue], parameters: [Parameter]) {
      self.hyperparameters = hyperparameters
      self.parameters = parameters
    }

    /// Creates the state of a group that has only a learning rate and a weight decay.
    public init(learningRate: Double, weightDecay: Double, parameters: [Parameter]) {
      self.init(hyperparameters: [:], parameters: parameters)
      self.learningRate = learningRate
      self.weightDecay = weightDecay
    }

    /// Captures the hyperparameters of a group, without states of its parameters.
    public init(_ group: ParameterGroup) {
      self.init(
        hyperparameters: group.hyperparameters,
        parameters: group.parameters.map { Parameter(shape: $0.shape) })
    }

    /// The learning rate; 0 if there is none.
    public var learningRate: Double {
      get { hyperparameters["lr"]?.double ?? 0 }
      set { hyperparameters["lr"] = newValue.hyperparameter }
    }

    /// The weight decay; 0 if there is none.
    public var weightDecay: Double {
      get { hyperparameters["weight_decay"]?.double ?? 0 }
      set { hyperparameters["weight_decay"] = newValue.hyperparameter }
    }
  }

  /// The states of the groups, in the order of ``GroupedOptimizer/groups``.
  public var groups: [Group]

  /// Further values of the optimizer by name, such as a count of steps.
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

extension [String: JSONValue] {
  /// Hyperparameters with the names that this version has for those of earlier ones.
  package var withCurrentNames: [String: JSONValue] {
    var renamed = self
    if case .array(let values)? = renamed.removeValue(forKey: "betas and epsilon"),
      values.count == 3
    {
      renamed["betas"] = .array(Array(values[..<2]))
      renamed["eps"] = values[2]
    }
    return renamed
  }
}
