internal import Support

// The form of an optimizer's state that PyTorch's `optimizer.state_dict()` has:
// {"state": {0: {"exp_avg": …}, …}, "param_groups": [{"lr": …, "params": [0, …]}, …]}.
extension PickleValue {
  /// Creates the dictionary that `torch.save(optimizer.state_dict(), …)` stores.
  ///
  /// ```swift
  /// try PyTorchFile.write(.optimizer(optimizer), path: "optimizer.pt")
  /// ```
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if a hyperparameter cannot be encoded.
  public static func optimizer(_ optimizer: any GroupedOptimizer) throws(TorchError) -> PickleValue
  {
    let state = try optimizer.stateDict()
    let flags = (optimizer as? ParameterOptimizer)?.implementationKeys ?? [:]
    var states: [(key: PickleValue, value: PickleValue)] = []
    for (index, parameter) in state.parameters.enumerated() where !parameter.tensors.isEmpty {
      states.append((.int(index), parameter.pickled))
    }
    var next = 0
    let groups = state.groups.map { group -> PickleValue in
      defer { next += group.parameters.count }
      var entries = group.hyperparameters.sorted { $0.key < $1.key }.map {
        (key: PickleValue.string($0.key), value: PickleValue($0.value, ofHyperparameter: $0.key))
      }
      entries += flags.sorted { $0.key < $1.key }.map { (key: .string($0.key), value: $0.value) }
      let indices = (next..<next + group.parameters.count).map { PickleValue.int($0) }
      entries.append((key: "params", value: .list(indices)))
      return .dictionary(entries)
    }
    return ["state": .dictionary(states), "param_groups": .list(groups)]
  }

  /// A hyperparameter in PyTorch's form; lists are tuples.
  fileprivate init(_ value: JSONValue, ofHyperparameter name: String) {
    self =
      switch value {
      case .bool(let flag): .bool(flag)
      case .integer(let integer):
        // Numbers that happen to be integers stay floating-point numbers.
        integerNames.contains(name) ? .int(Int(integer)) : .float(Double(integer))
      case .number(let number): .float(number)
      case .string(let text): .string(text)
      case .array(let values): .tuple(values.map { PickleValue($0, ofHyperparameter: name) })
      case .null, .unsigned, .object: .none
      }
  }
}

extension GroupedOptimizer {
  /// Restores a state that PyTorch's `optimizer.state_dict()` returned, such as one that
  /// ``PyTorchFile/read(path:)`` read.
  ///
  /// ```swift
  /// try optimizer.loadStateDict(PyTorchFile.read(path: "optimizer.pt"))
  /// ```
  ///
  /// Keys of groups that choose among PyTorch's implementations, or that its schedules add, are not
  /// used.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the value is no such state, or belongs to
  ///   another optimizer. The message names the first difference, and nothing is changed.
  public func loadStateDict(_ value: PickleValue) throws(TorchError) {
    try loadStateDict(OptimizerState(value, for: groups))
  }
}

extension OptimizerState {
  /// Decodes PyTorch's form of a state.
  ///
  /// - Parameters:
  ///   - value: The dictionary.
  ///   - groups: The groups of the optimizer, which have the shapes of the parameters.
  /// - Throws: ``TorchError`` with code `mismatch` if it is no such dictionary, or has other
  ///   groups.
  init(_ value: PickleValue, for groups: [ParameterGroup]) throws(TorchError) {
    guard let states = value["state"], states.entries != nil,
      let saved = value["param_groups"]?.elements
    else {
      throw TorchError(
        .mismatch,
        "the value is no state of an optimizer: it needs the keys 'state' and 'param_groups', as "
          + "optimizer.state_dict() returns them")
    }
    guard saved.count == groups.count else {
      throw TorchError(
        .mismatch,
        "the state has \(saved.count) parameter groups, this optimizer has \(groups.count)")
    }
    var decoded: [Group] = []
    for (index, (group, own)) in zip(saved, groups).enumerated() {
      guard let numbers = group["params"]?.elements?.map(\.intValue), !numbers.contains(nil),
        numbers.count == own.parameters.count
      else {
        throw TorchError(
          .mismatch,
          "group \(index) has \(group["params"]?.elements?.count ?? 0) parameters in the state, "
            + "\(own.parameters.count) in this optimizer")
      }
      var parameters: [Parameter] = []
      for (number, tensor) in zip(numbers, own.parameters) {
        let tensors = try states[number ?? 0].map { (value) throws(TorchError) in
          try StateDict(pickledStateOf: number ?? 0, value)
        }
        parameters.append(Parameter(shape: tensor.shape, tensors: tensors ?? [:]))
      }
      decoded.append(
        Group(hyperparameters: try decodedHyperparameters(of: group, index), parameters: parameters)
      )
    }
    self.init(groups: decoded)
  }
}

private func decodedHyperparameters(of group: PickleValue, _ index: Int) throws(TorchError)
  -> [String: JSONValue]
{
  var hyperparameters: [String: JSONValue] = [:]
  for (key, value) in group.entries ?? [] {
    guard let name = key.stringValue, !unusedNames.contains(name) else { continue }
    guard let json = JSONValue(hyperparameter: value) else {
      throw TorchError(
        .mismatch,
        "'\(name)' of parameter group \(index) is not a number, a string or a list of them")
    }
    hyperparameters[name] = json
  }
  return hyperparameters
}

extension JSONValue {
  /// A hyperparameter in the form of a group; `nil` if it is of another type.
  fileprivate init?(hyperparameter value: PickleValue) {
    switch value {
    case .none: self = .null
    case .bool(let flag): self = flag.hyperparameter
    case .int(let integer): self = integer.hyperparameter
    case .float(let number): self = number.hyperparameter
    case .string(let text): self = .string(text)
    case .tensor(let tensor) where tensor.count == 1: self = tensor.item.hyperparameter
    case .list(let elements), .tuple(let elements):
      let values = elements.compactMap { JSONValue(hyperparameter: $0) }
      guard values.count == elements.count else { return nil }
      self = .array(values)
    default: return nil
    }
  }
}

extension OptimizerState.Parameter {
  /// The dictionary of the parameter in PyTorch's `state`.
  ///
  /// Tensors whose names end with an index are the elements of a list.
  fileprivate var pickled: PickleValue {
    var lists: [String: [(index: Int, tensor: Tensor)]] = [:]
    var entries: [(key: PickleValue, value: PickleValue)] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".")
      if parts.count == 2, let index = Int(parts[1]) {
        lists[String(parts[0]), default: []].append((index, tensor))
      } else {
        entries.append((.string(name), pickledTensor(tensor, name)))
      }
    }
    for (name, elements) in lists.sorted(by: { $0.key < $1.key }) {
      let ordered = elements.sorted { $0.index < $1.index }
      entries.append((.string(name), .list(ordered.map { .tensor($0.tensor.detach()) })))
    }
    return .dictionary(entries)
  }

  private func pickledTensor(_ tensor: Tensor, _ name: String) -> PickleValue {
    switch name {
    case "func_evals", "n_iter": .int(Int(tensor.item))
    case "t", "prev_loss": .float(tensor.item)
    default: .tensor(tensor.detach())
    }
  }
}

extension StateDict {
  /// Decodes the dictionary of a parameter in PyTorch's `state`.
  fileprivate init(pickledStateOf index: Int, _ value: PickleValue) throws(TorchError) {
    self.init()
    for (key, value) in value.entries ?? [] {
      guard let name = key.stringValue else { continue }
      switch value {
      case .tensor(let tensor): self[name] = tensor
      case .int(let integer): self[name] = Tensor([Float(integer)], shape: [])
      case .float(let number): self[name] = Tensor([number], shape: [])
      // A cache of LBFGS, which each step overwrites.
      case .list where name == "al": break
      case .list(let elements):
        for (position, element) in elements.enumerated() {
          self["\(name).\(position)"] = element.tensorValue
        }
      case .none: break
      default:
        throw TorchError(
          .mismatch, "'\(name)' in the state of parameter \(index) is neither a tensor nor a number"
        )
      }
    }
  }
}

/// The hyperparameters that are integers.
private let integerNames: Set = ["max_iter", "max_eval", "history_size", "ns_steps"]

/// The keys of PyTorch's groups that choose an implementation, identify parameters, or belong to
/// schedules.
private let unusedNames: Set = [
  "params", "param_names", "foreach", "fused", "capturable", "differentiable", "initial_lr",
  "max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr",
]
