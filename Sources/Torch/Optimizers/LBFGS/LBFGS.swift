internal import Support

/// The L-BFGS method (Liu & Nocedal 1989), like PyTorch's `torch.optim.LBFGS`.
///
/// A step computes the loss several times, so it takes a closure that computes the loss and its
/// gradients. It is for problems whose loss is not a sample: the loss must be the same function in
/// each call of a step.
///
/// ```swift
/// let optimizer = LBFGS(model.parameters, lineSearchFn: .strongWolfe)
/// for _ in 0..<10 {
///   try optimizer.step {
///     optimizer.zeroGrad()
///     let loss = mseLoss(try model(x), y)
///     try loss.backward()
///     return loss
///   }
/// }
/// ```
///
/// The state belongs to the first parameter, as in PyTorch, and contains `historySize` pairs of
/// vectors of the size of all parameters.
public final class LBFGS: GroupedOptimizer {
  /// How far a step goes in its direction.
  public enum LineSearch: String, HyperparameterValue {
    /// To a point that satisfies the strong Wolfe conditions.
    case strongWolfe = "strong_wolfe"
  }

  /// The one group of parameters.
  public var groups: [ParameterGroup]
  private let rules: [HyperparameterRule]
  private var memory = LBFGSMemory()

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or one group of them; real numbers on one device.
  ///   - learningRate: The length of a step as a multiple of the direction.
  ///   - maxIter: The number of iterations in a step.
  ///   - maxEval: The number of evaluations of the loss in a step; `nil` for 1.25 times `maxIter`.
  ///   - toleranceGrad: The largest absolute gradient at which a step ends.
  ///   - toleranceChange: The smallest change of the loss or of a parameter at which a step
  ///     continues.
  ///   - historySize: The number of earlier iterations that determine the direction.
  ///   - lineSearchFn: The line search, PyTorch's `line_search_fn`; `nil` for none.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There is one group, and the numbers are 0 or more. Each parameter is given
  ///   once, and none is complex.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1, maxIter: Int = 20,
    maxEval: Int? = nil, toleranceGrad: Double = 1e-7, toleranceChange: Double = 1e-9,
    historySize: Int = 100, lineSearchFn: LineSearch? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    func count(_ key: Hyperparameter<Int>, _ value: Int) -> HyperparameterRule {
      .integer(key, value) { $0 >= 1 ? nil : "use 1 or more" }
    }
    rules = [
      .learningRate(learningRate), count(.maxIter, maxIter),
      count(.maxEval, maxEval ?? max(1, maxIter * 5 / 4)),
      .nonNegative(.toleranceGrad, toleranceGrad), .nonNegative(.toleranceChange, toleranceChange),
      count(.historySize, historySize), HyperparameterRule(.lineSearchFn, lineSearchFn),
    ]
    groups = parameters.parameterGroups(file: file, line: line).map(rules.completed)
    requireDistinct(groups, file: file, line: line)
    require(
      groups.count == 1,
      "LBFGS has one parameter group, not \(groups.count): pass all parameters in "
        + "one array", file: file, line: line)
    let problem = rules.stranger(in: groups[0]) ?? rules.problem(of: groups[0])
    require(problem == nil, "LBFGS: \(problem ?? "")", file: file, line: line)
    let complex = groups[0].parameters.first { $0.dtype.isComplex }
    require(
      complex == nil, "LBFGS: the parameter \(complex?.summary ?? "") is complex; use real numbers",
      file: file, line: line)
  }

  private var group: ParameterGroup { groups[0] }

  /// Updates all parameters, in place.
  ///
  /// - Parameter closure: Sets the gradients to those of the loss, and returns the loss, a scalar.
  ///   It is called several times, with operators recorded.
  /// - Returns: The loss before the step.
  /// - Throws: The errors of the closure. Parameters may then be partly updated.
  @discardableResult
  public func step(_ closure: () throws -> Tensor) throws -> Tensor {
    try noGrad {
      let first = try enableGrad(closure)
      var evaluation = Evaluation(loss: first.item, gradient: flatGradient)
      memory.evaluations += 1
      if evaluation.largest <= group[.toleranceGrad] { return first.detach() }
      try iterate(from: &evaluation) { [self] in
        let loss = try enableGrad(closure).item
        return Evaluation(loss: loss, gradient: flatGradient)
      }
      return first.detach()
    }
  }

  private func iterate(
    from current: inout Evaluation, _ evaluate: () throws -> Evaluation
  ) throws {
    let maxIter = group[.maxIter]
    let maxEval = group[.maxEval]
    let toleranceChange = group[.toleranceChange]
    var evaluations = 1
    for iteration in 1...maxIter {
      let direction = memory.direction(for: current.gradient, historySize: group[.historySize])
      let previous = current.loss
      memory.remember(current)
      let initial =
        memory.iterations == 1
        ? Swift.min(1, 1 / current.gradient.abs().sum().item) * group.learningRate
        : group.learningRate
      memory.length = initial
      let slope = current.gradient.dot(direction).item
      if slope > -toleranceChange { break }

      var isOptimal = false
      var used = 0
      if group[.lineSearchFn] == .strongWolfe {
        let start = group.parameters.map { $0.detach().clone() }
        var search = StrongWolfeSearch(direction: direction, limit: maxEval - evaluations)
        let (length, found) = try search.run(from: initial, current, slope) { length in
          move(along: direction, by: length)
          defer {
            for (parameter, value) in zip(group.parameters, start) { parameter.copy_(value) }
          }
          return try evaluate()
        }
        used = search.evaluations
        memory.length = length
        current = found
        move(along: direction, by: length)
        isOptimal = current.largest <= group[.toleranceGrad]
      } else {
        move(along: direction, by: initial)
        if iteration != maxIter {
          current = try evaluate()
          used = 1
          isOptimal = current.largest <= group[.toleranceGrad]
        }
      }
      evaluations += used
      memory.evaluations += used
      if iteration == maxIter || evaluations >= maxEval || isOptimal { break }
      if (direction * memory.length).abs().max().item <= toleranceChange { break }
      if Swift.abs(current.loss - previous) < toleranceChange { break }
    }
  }

  /// The gradients of all parameters in one vector; zeros for those without one.
  private var flatGradient: Tensor {
    Tensor.cat(
      group.parameters.map { ($0.grad ?? $0.detach().zerosLike()).reshape([-1]) })
  }

  private func move(along direction: Tensor, by length: Double) {
    var offset = 0
    for parameter in group.parameters {
      let part = direction.narrow(dim: 0, start: offset, length: parameter.count)
      parameter.add_(part.reshape(parameter.shape), alpha: length)
      offset += parameter.count
    }
  }
}

extension LBFGS {
  /// A loss and its gradient.
  struct Evaluation {
    var loss: Double
    var gradient: Tensor

    /// The largest absolute element of the gradient.
    var largest: Double { gradient.abs().max().item }
  }

  /// Returns the hyperparameters and the memory, as the state of the first parameter.
  public func stateDict() throws(TorchError) -> OptimizerState {
    var state = OptimizerState(groups: groups.map { OptimizerState.Group($0) })
    if memory.iterations > 0, !state.groups[0].parameters.isEmpty {
      state.groups[0].parameters[0].tensors = memory.tensors
    }
    return state
  }

  /// Restores a state, including the hyperparameters.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    func mismatch(_ difference: String) -> TorchError {
      TorchError(.mismatch, "the state belongs to another optimizer: \(difference)")
    }
    if let difference = state.firstDifference(from: groups) { throw mismatch(difference) }
    let saved = state.groups[0].hyperparameters
    if let name = rules.unknown(in: saved.keys) {
      throw mismatch("it has the hyperparameter '\(name)', which LBFGS does not have")
    }
    var loaded = groups[0]
    loaded.hyperparameters.merge(saved) { $1 }
    if let problem = rules.problem(of: loaded) { throw mismatch(problem) }
    let size = loaded.parameters.map(\.count).reduce(0, +)
    memory = try LBFGSMemory(
      state.groups[0].parameters.first?.tensors ?? [:], size: size,
      device: loaded.parameters.first?.device ?? .cpu)
    groups[0] = loaded
  }
}
