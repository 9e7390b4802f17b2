import Torch

/// The steps of an optimizer.
///
/// The entry is {optimizer, groups, gradients, state}. A group is {params, settings} with PyTorch's
/// names of the settings. `gradients` has a list of gradients for each step; for LBFGS, which
/// computes them, `factors` and `targets` define the loss instead. `state` is PyTorch's state
/// before the first step, or None. The result is {steps}; a step is {params, state} after it.
struct OptimizerRun {
  private let optimizer: any GroupedOptimizer
  private let parameters: [Tensor]
  private let entry: PickleValue

  init(_ entry: PickleValue) throws {
    self.entry = entry
    var groups: [ParameterGroup] = []
    for saved in entry["groups"]?.elements ?? [] {
      let tensors = (saved["params"]?.elements ?? []).compactMap(\.tensorValue).map { saved in
        // Entries may share tensors.
        let tensor = noGrad { saved.detach().clone() }
        tensor.requiresGrad = true
        return tensor
      }
      var group = ParameterGroup(tensors)
      for (key, value) in saved["settings"]?.entries ?? [] {
        try group.set(key.stringValue ?? "", value)
      }
      groups.append(group)
    }
    parameters = groups.flatMap(\.parameters)
    optimizer = try makeOptimizer(entry["optimizer"]?.stringValue ?? "", groups)
    if let state = entry["state"], !state.isNone { try optimizer.loadStateDict(state) }
  }

  func run() throws -> PickleValue {
    var steps: [PickleValue] = []
    if let lbfgs = optimizer as? LBFGS {
      for _ in 0..<(entry["steps"]?.intValue ?? 0) {
        try lbfgs.step(loss)
        steps.append(try result)
      }
      return ["steps": .list(steps)]
    }
    for gradients in entry["gradients"]?.elements ?? [] {
      for (parameter, gradient) in zip(parameters, gradients.elements ?? []) {
        parameter.grad = gradient.tensorValue.map { gradient in noGrad { gradient.clone() } }
      }
      try (optimizer as? any Optimizer)?.step()
      steps.append(try result)
    }
    return ["steps": .list(steps)]
  }

  private func loss() throws -> Tensor {
    optimizer.zeroGrad()
    let factors = (entry["factors"]?.elements ?? []).compactMap(\.tensorValue)
    let targets = (entry["targets"]?.elements ?? []).compactMap(\.tensorValue)
    var sum = Tensor.zeros([])
    for (index, parameter) in parameters.enumerated() {
      let error = factors[index] * parameter - targets[index]
      sum =
        sum + (error * error).mean() + 0.1 * (parameter * parameter * parameter * parameter).sum()
    }
    try sum.backward()
    return sum
  }

  /// Copies, because the next step changes parameters and states.
  private var result: PickleValue {
    get throws {
      ["params": .list(parameters.map(copied)), "state": copied(try .optimizer(optimizer))]
    }
  }

  private func copied(_ tensor: Tensor) -> PickleValue {
    .tensor(noGrad { tensor.detach().clone() })
  }

  private func copied(_ value: PickleValue) -> PickleValue {
    switch value {
    case .tensor(let tensor): copied(tensor)
    case .list(let elements): .list(elements.map(copied))
    case .dictionary(let entries):
      .dictionary(entries.map { (key: $0.key, value: copied($0.value)) })
    default: value
    }
  }
}

extension ParameterGroup {
  /// Sets a hyperparameter by PyTorch's name.
  fileprivate mutating func set(_ name: String, _ value: PickleValue) throws {
    switch value {
    case .bool(let flag): self[Hyperparameter<Bool>(name)] = flag
    case .int(let integer) where ["ns_steps", "max_iter", "history_size"].contains(name):
      self[Hyperparameter<Int>(name)] = integer
    case .int, .float: self[Hyperparameter<Double>(name)] = value.doubleValue ?? 0
    case .string(let text): self[Hyperparameter<String>(name)] = text
    case .tensor(let tensor): self[Hyperparameter<Double>(name)] = tensor.item
    case .list(let elements), .tuple(let elements):
      self[Hyperparameter<[Double?]>(name)] = elements.map(\.doubleValue)
    default: throw Mismatch(description: "the setting \(name) has an unexpected type")
    }
  }
}

private func makeOptimizer(_ name: String, _ groups: [ParameterGroup]) throws
  -> any GroupedOptimizer
{
  switch name {
  case "SGD": SGD(groups)
  case "Adam": Adam(groups)
  case "AdamW": AdamW(groups)
  case "NAdam": NAdam(groups)
  case "RAdam": RAdam(groups)
  case "Adamax": Adamax(groups)
  case "Adagrad": Adagrad(groups)
  case "Adadelta": Adadelta(groups)
  case "RMSprop": RMSprop(groups)
  case "Rprop": Rprop(groups)
  case "ASGD": ASGD(groups)
  case "Adafactor": Adafactor(groups)
  case "Muon": Muon(groups)
  case "Lion": Lion(groups)
  case "LBFGS": LBFGS(groups)
  default: throw Mismatch(description: "there is no optimizer \(name)")
  }
}
