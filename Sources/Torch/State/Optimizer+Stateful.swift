internal import Support

extension GroupedOptimizer {
  /// Captures ``stateDict()``.
  ///
  /// Tensors are named by their name and the index of their parameter, such as `exp_avg.0`.
  public func captureState() throws(TorchError) -> State { try State(stateDict()) }

  /// Restores a state with ``loadStateDict(_:)``.
  public func restoreState(_ state: State) throws(TorchError) {
    try loadStateDict(OptimizerState(state))
  }
}

extension State {
  /// Encodes the state of an optimizer.
  ///
  /// Tensors are named by their name and the index of their parameter, such as `exp_avg.0`.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if a group's setting cannot be encoded as
  ///   JSON.
  public init(_ optimizer: OptimizerState) throws(TorchError) {
    self.init(values: optimizer.hyperparameters)
    try set(optimizer.groups.map(GroupRecord.init), for: groupsKey)
    for (index, parameter) in optimizer.parameters.enumerated() {
      for (name, tensor) in parameter.tensors { tensors["\(name).\(index)"] = tensor }
    }
  }
}

extension OptimizerState {
  /// Decodes the state of an optimizer from the form in which snapshots contain it.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if it is not the state of an optimizer.
  public init(_ state: State) throws(TorchError) {
    let groups = try state.value(groupsKey, as: [GroupRecord].self)
    var parameters = groups.flatMap(\.shapes).map { Parameter(shape: $0) }
    for (key, tensor) in state.tensors.sorted(by: { $0.key < $1.key }) {
      guard let dot = key.lastIndex(of: "."), let index = Int(key[key.index(after: dot)...]),
        parameters.indices.contains(index)
      else {
        throw TorchError(
          .mismatch,
          "'\(key)' was saved, but the saved optimizer has only \(parameters.count) parameters")
      }
      parameters[index].tensors[String(key[..<dot])] = tensor
    }
    var rest = parameters[...]
    self.init(
      groups: groups.map { group in
        defer { rest = rest.dropFirst(group.shapes.count) }
        return Group(
          hyperparameters: group.hyperparameters, parameters: Array(rest.prefix(group.shapes.count))
        )
      }, hyperparameters: state.values.filter { $0.key != groupsKey })
  }
}

/// A parameter group in a snapshot.
private struct GroupRecord: Codable {
  var learningRate: Double
  /// The weight decay; `nil` if the optimizer has none.
  var weightDecay: Double?
  /// The other hyperparameters; earlier versions did not record them here.
  var others: [String: JSONValue]?
  /// The shape of each parameter.
  var shapes: [[Int]]

  init(_ group: OptimizerState.Group) {
    learningRate = group.learningRate
    weightDecay = group.hyperparameters["weight_decay"]?.double
    others = group.hyperparameters.filter { $0.key != "lr" && $0.key != "weight_decay" }
    shapes = group.parameters.map(\.shape)
  }

  var hyperparameters: [String: JSONValue] {
    var all = others ?? [:]
    all["lr"] = learningRate.hyperparameter
    all["weight_decay"] = weightDecay?.hyperparameter
    return all
  }
}

private let groupsKey = "groups"
