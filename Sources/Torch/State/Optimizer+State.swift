/// What the states of optimizers have in common: groups of parameters, which are known by their
/// place, counted from 0 over all groups as in PyTorch's state dictionaries.
extension Optimizer {
  /// A group without its tensors.
  private var groupStates: [ParameterGroupState] {
    groups.map {
      ParameterGroupState(
        learningRate: $0.learningRate, weightDecay: $0.weightDecay,
        shapes: $0.parameters.map(\.shape))
    }
  }

  /// The groups, and tensors for some of the parameters.
  ///
  /// - Parameter kinds: For each kind of tensor, its name and those that exist by parameter.
  /// - Returns: The state; tensors are named by kind and place, such as `exp_avg.0`.
  /// - Throws: ``TorchError`` with code `invalidArgument` when a setting has no form in JSON.
  func capture(_ kinds: KeyValuePairs<String, [ObjectIdentifier: Tensor]>) throws(TorchError)
    -> State
  {
    var state = State()
    try state.set(groupStates, for: "groups")
    let parameters = groups.flatMap(\.parameters)
    for (kind, tensors) in kinds {
      for (place, parameter) in parameters.enumerated() {
        guard let tensor = tensors[ObjectIdentifier(parameter)] else { continue }
        state.tensors["\(kind).\(place)"] = tensor
      }
    }
    return state
  }

  /// Checks a state against the groups and copies its tensors.
  ///
  /// - Parameters:
  ///   - state: What ``capture(_:)`` returned.
  ///   - kinds: The name of each kind of tensor, and whether it has its parameter's shape rather than
  ///     being a float32 number.
  /// - Returns: The saved groups, and for each kind new tensors by parameter.
  /// - Throws: ``TorchError`` with code `mismatch`; it names the first difference.
  func restored(_ state: State, _ kinds: KeyValuePairs<String, Bool>) throws(TorchError)
    -> (groups: [ParameterGroupState], tensors: [String: [ObjectIdentifier: Tensor]])
  {
    let saved = try state.value("groups", as: [ParameterGroupState].self)
    if let difference = ParameterGroupState.firstDifference(saved, groupStates) {
      throw TorchError(.mismatch, "the state of another optimizer: \(difference)")
    }
    var made: [String: [ObjectIdentifier: Tensor]] = [:]
    var places: [String: Tensor] = [:]
    for (place, parameter) in groups.flatMap(\.parameters).enumerated() {
      let present = kinds.filter { state.tensors["\($0.key).\(place)"] != nil }
      guard present.isEmpty || present.count == kinds.count else {
        throw TorchError(.mismatch, "the state of parameter \(place) has only '\(present[0].key)'")
      }
      for (kind, isShaped) in present {
        let tensor =
          isShaped
          ? Tensor(zeros: parameter.shape, dtype: parameter.dtype, device: parameter.device)
          : Tensor(zeros: [], device: parameter.device)
        made[kind, default: [:]][ObjectIdentifier(parameter)] = tensor
        places["\(kind).\(place)"] = tensor
      }
    }
    try state.copyTensors(into: places, of: "optimizer")
    return (saved, made)
  }

  /// Takes over learning rates and weight decays, as PyTorch's `load_state_dict`.
  func adopt(_ saved: [ParameterGroupState]) {
    for (index, group) in saved.enumerated() {
      groups[index].learningRate = group.learningRate
      groups[index].weightDecay = group.weightDecay
    }
  }
}

/// A group of parameters as it is saved.
struct ParameterGroupState: Codable {
  var learningRate: Double
  var weightDecay: Double
  /// Of each parameter, in their order.
  var shapes: [[Int]]

  /// What differs first, as a clause, or `nil`.
  static func firstDifference(_ saved: [ParameterGroupState], _ own: [ParameterGroupState])
    -> String?
  {
    guard saved.count == own.count else {
      return "it has \(saved.count) groups of parameters, this one has \(own.count)"
    }
    var place = 0
    for (index, (saved, own)) in zip(saved, own).enumerated() {
      for (saved, own) in zip(saved.shapes, own.shapes) {
        if saved != own {
          return "parameter \(place) in group \(index) has shape \(saved) there, \(own) here"
        }
        place += 1
      }
      guard saved.shapes.count == own.shapes.count else {
        return
          "group \(index) has \(saved.shapes.count) parameters there, \(own.shapes.count) here"
      }
    }
    return nil
  }
}
