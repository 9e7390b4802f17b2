internal import Support

/// An optimizer that updates each parameter from its gradient and a state of its own.
///
/// The base class of the optimizers of this module. It holds the groups and the states, checks
/// hyperparameters, and saves and loads. A subclass states its hyperparameters, creates the state
/// of a parameter, and updates:
///
/// ```swift
/// /// Gradient descent by the sign of the gradient's running mean (Bernstein et al. 2018).
/// final class SignSGD: ParameterOptimizer {
///   init(_ parameters: some OptimizerParameters, learningRate: Double = 1e-3, momentum: Double =
///   0.9) {
///     super.init(
///       parameters,
///       [.learningRate(learningRate), .nonNegative(.momentum, momentum)])
///   }
///
///   override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
///     ["exp_avg": parameter.zerosLike()]
///   }
///
///   override func update(_ batch: ParameterBatch) {
///     let (rate, momentum) = (batch.group.learningRate, batch.group[.momentum])
///     for (index, mean) in batch["exp_avg"].enumerated() {
///       mean.mul_(momentum)
///       mean.add_(batch.gradients[index], alpha: 1 - momentum)
///       batch.parameters[index].add_(mean.sign(), alpha: -rate)
///     }
///   }
/// }
/// ```
open class ParameterOptimizer: Optimizer {
  /// The parameters to update, with their hyperparameters.
  ///
  /// A group that is appended gets the optimizer's values for what it does not set.
  public var groups: [ParameterGroup] {
    didSet { completeGroups() }
  }

  private let rules: [HyperparameterRule]
  private var states: [ObjectIdentifier: StateDict] = [:]

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - rules: The hyperparameters.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The hyperparameters are valid, each group sets only hyperparameters that the
  ///   optimizer has, and each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, _ rules: [HyperparameterRule],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rules = rules
    groups = parameters.parameterGroups(file: file, line: line)
    requireDistinct(groups, file: file, line: line)
    groups = groups.map(rules.completed)
    let name = "\(type(of: self))"
    // Without a group the defaults are still checked.
    let defaults = rules.completed(ParameterGroup([]))
    let problem = problem(of: defaults) ?? groups.lazy.compactMap { self.problem(of: $0) }.first
    require(problem == nil, "\(name): \(problem ?? "")", file: file, line: line)
  }

  /// Returns the tensors that the optimizer remembers about a parameter, before its first update.
  ///
  /// The names, shapes and types must not depend on anything but the arguments. Use PyTorch's names
  /// where there are any.
  open func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict { [:] }

  /// The tensors of the state that exist only with some hyperparameters, such as a momentum.
  ///
  /// A state that was saved without them, or has them unnecessarily, can be loaded.
  open var optionalState: Set<String> { [] }

  /// Updates parameters and states in place; called without recording.
  open func update(_ batch: ParameterBatch) {}

  /// Returns what is wrong with the hyperparameters of a group apart from their own rules, or
  /// `nil`.
  open func conflict(in group: ParameterGroup) -> String? { nil }

  /// Updates parameters from gradients multiplied by a scalar.
  func update(_ batch: ParameterBatch, scalingGradientsBy factor: Tensor?) {
    if let factor { batch.gradients.scale(by: factor) }
    update(batch)
  }

  /// The keys of PyTorch's groups that choose among implementations, with PyTorch's defaults.
  var implementationKeys: [String: PickleValue] {
    ["foreach": .none, "differentiable": false, "capturable": false]
  }

  /// Updates all parameters that have a gradient, in place; never throws.
  public func step() throws { step(factor: nil) }

  /// Like ``step()``, with all gradients multiplied by a scalar.
  public func step(scalingGradientsBy factor: Tensor) throws { step(factor: factor) }

  private func step(factor: Tensor?) {
    noGrad {
      for group in groups {
        let (parameters, gradients) = group.updates
        for batch in ParameterBatch.batches(parameters, gradients, group, state) {
          update(batch, scalingGradientsBy: factor)
        }
      }
    }
  }

  private func state(of parameter: Tensor, in group: ParameterGroup)
    -> (tensors: StateDict, isNew: Bool)
  {
    let key = ObjectIdentifier(parameter)
    if let state = states[key] { return (state, false) }
    let state = initialState(of: parameter, in: group)
    if !state.isEmpty { states[key] = state }
    return (state, true)
  }
}

// MARK: - Hyperparameters

extension ParameterOptimizer {
  private func completeGroups() {
    guard groups.contains(where: { $0.hyperparameters.count < rules.count }) else { return }
    groups = groups.map(rules.completed)
    let problem = groups.lazy.compactMap { self.problem(of: $0) }.first
    precondition(problem == nil, "\(type(of: self)): \(problem ?? "")")
  }

  private func problem(of group: ParameterGroup) -> String? {
    rules.stranger(in: group) ?? rules.problem(of: group) ?? conflict(in: group)
  }
}

// MARK: - State

extension ParameterOptimizer {
  /// Returns the hyperparameters of the groups, and the states of the parameters that were updated.
  public func stateDict() throws(TorchError) -> OptimizerState {
    OptimizerState(
      groups: groups.map { group in
        OptimizerState.Group(
          hyperparameters: group.hyperparameters,
          parameters: group.parameters.map {
            OptimizerState.Parameter(shape: $0.shape, tensors: states[ObjectIdentifier($0)] ?? [:])
          })
      })
  }

  /// Restores a state, including all hyperparameters.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    if let difference = state.firstDifference(from: groups) { throw mismatch(difference) }
    // Earlier versions saved what all groups share once.
    let shared = state.hyperparameters.withCurrentNames
    var loaded = groups
    for (index, group) in state.groups.enumerated() {
      let saved = group.hyperparameters.merging(shared) { own, _ in own }
      if let name = rules.unknown(in: saved.keys) {
        throw mismatch(
          "it has the hyperparameter '\(name)', which \(type(of: self)) does not have")
      }
      loaded[index].hyperparameters.merge(saved) { $1 }
      if let problem = problem(of: loaded[index]) {
        throw mismatch("group \(index) is not valid: \(problem)")
      }
    }
    let restored = try restoredStates(state, loaded)
    states = restored
    groups = loaded
  }

  private func restoredStates(_ state: OptimizerState, _ groups: [ParameterGroup])
    throws(TorchError) -> [ObjectIdentifier: StateDict]
  {
    var restored: [ObjectIdentifier: StateDict] = [:]
    var copies: [(from: Tensor, to: Tensor)] = []
    var number = 0
    for (saved, group) in zip(state.groups, groups) {
      for (saved, parameter) in zip(saved.parameters, group.parameters) {
        defer { number += 1 }
        guard !saved.tensors.isEmpty else { continue }
        let own = noGrad { initialState(of: parameter, in: group) }
        let given = saved.tensors.filter { own[$0.key] != nil || !optionalState.contains($0.key) }
        let required = own.filter { given[$0.key] != nil || !optionalState.contains($0.key) }
        try State(tensors: given).checkTensors(
          fit: required.mapValues(TensorForm.init), of: "optimizer's parameter \(number)")
        for (name, tensor) in required {
          if let given = given[name] { copies.append((given, tensor)) }
        }
        if !own.isEmpty { restored[ObjectIdentifier(parameter)] = own }
      }
    }
    noGrad {
      for copy in copies { copy.to.copy_(copy.from) }
    }
    return restored
  }

  private func mismatch(_ difference: String) -> TorchError {
    TorchError(.mismatch, "the state belongs to another optimizer: \(difference)")
  }
}
