public import Support

/// Parameters that share hyperparameters, such as the learning rate.
///
/// A hyperparameter that a group does not set has the optimizer's value, as in PyTorch.
public struct ParameterGroup {
  /// The tensors to update; those without a gradient are skipped.
  public var parameters: [Tensor]

  /// The hyperparameters that are set, by their names in PyTorch's `param_groups`.
  public internal(set) var hyperparameters: [String: JSONValue] = [:]

  /// Creates a group.
  ///
  /// - Parameters:
  ///   - parameters: The tensors to update.
  ///   - learningRate: The learning rate; `nil` for that of the optimizer.
  ///   - weightDecay: The weight decay; `nil` for that of the optimizer.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The learning rate and the weight decay are 0 or more. No parameter is the
  ///   result of a recorded operator, because such a tensor gets no gradient.
  public init(
    _ parameters: [Tensor], learningRate: Double? = nil, weightDecay: Double? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let computed = parameters.firstIndex { !$0.isLeaf }
    require(
      computed == nil,
      "parameter \(computed ?? 0), \(computed.map { parameters[$0].summary } ?? ""), is the result "
        + "of a recorded operator and gets no gradient: pass the tensor that it was computed from, "
        + "or detach()", file: file, line: line)
    self.parameters = parameters
    hyperparameters["lr"] = learningRate?.hyperparameter
    hyperparameters["weight_decay"] = weightDecay?.hyperparameter
    let rules: [HyperparameterRule] = [.learningRate(0), .weightDecay(0)]
    let problem = rules.problem(of: self)
    require(problem == nil, "a parameter group's \(problem ?? "")", file: file, line: line)
  }

  /// A hyperparameter.
  ///
  /// - Precondition: To read it, the group or its optimizer sets it.
  public subscript<Value>(key: Hyperparameter<Value>) -> Value {
    get {
      guard let value = value(of: key) else {
        fatalError(
          "the parameter group has no '\(key.name)': set it, or pass the group to an optimizer "
            + "that has it")
      }
      return value
    }
    set { hyperparameters[key.name] = newValue.hyperparameter }
  }

  /// A hyperparameter, or `nil` if neither the group nor its optimizer sets it.
  public func value<Value>(of key: Hyperparameter<Value>) -> Value? {
    hyperparameters[key.name].flatMap { Value(hyperparameter: $0) }
  }

  /// The learning rate; a schedule changes it between steps.
  ///
  /// - Precondition: The group or its optimizer sets it.
  public var learningRate: Double {
    get { self[.learningRate] }
    set { self[.learningRate] = newValue }
  }

  /// The weight decay; 0 if neither the group nor its optimizer sets it.
  public var weightDecay: Double {
    get { value(of: .weightDecay) ?? 0 }
    set { self[.weightDecay] = newValue }
  }

  /// Sets the hyperparameters to those of another group; the parameters stay the same.
  public mutating func adoptHyperparameters(of other: ParameterGroup) {
    hyperparameters = other.hyperparameters
  }
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

/// What an optimizer updates: an array of tensors, which form one group, or of groups.
public protocol OptimizerParameters {
  /// The groups; messages about mistakes name the file and the line.
  func parameterGroups(file: StaticString, line: UInt) -> [ParameterGroup]
}

/// An element of ``OptimizerParameters``: a tensor or a group.
public protocol OptimizerParameter {
  /// The groups of some elements; messages about mistakes name the file and the line.
  static func parameterGroups(_ elements: [Self], file: StaticString, line: UInt)
    -> [ParameterGroup]
}

extension Array: OptimizerParameters where Element: OptimizerParameter {
  /// The groups.
  public func parameterGroups(file: StaticString, line: UInt) -> [ParameterGroup] {
    Element.parameterGroups(self, file: file, line: line)
  }
}

extension Tensor: OptimizerParameter {
  /// One group of the tensors.
  public static func parameterGroups(_ elements: [Tensor], file: StaticString, line: UInt)
    -> [ParameterGroup]
  {
    [ParameterGroup(elements, file: file, line: line)]
  }
}

extension ParameterGroup: OptimizerParameter {
  /// The groups themselves.
  public static func parameterGroups(
    _ elements: [ParameterGroup], file: StaticString, line: UInt
  ) -> [ParameterGroup] { elements }
}
