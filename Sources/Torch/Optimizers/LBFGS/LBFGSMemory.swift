/// What L-BFGS remembers about earlier iterations: the last direction, and pairs of changes of the
/// parameters and of the gradient, which approximate the inverse of the Hessian.
struct LBFGSMemory {
  /// The number of iterations, PyTorch's `n_iter`.
  private(set) var iterations = 0
  /// The number of evaluations of the loss, PyTorch's `func_evals`.
  var evaluations = 0
  /// The length of the last step along its direction, PyTorch's `t`.
  var length = 0.0
  private var direction: Tensor?
  private var gradient: Tensor?
  private var loss = 0.0
  /// The changes of the gradient (`old_dirs`), the changes of the parameters (`old_stps`), and the
  /// reciprocals of their products (`ro`); from the oldest to the newest.
  private var pairs: [(gradient: Tensor, parameters: Tensor, reciprocal: Tensor)] = []
  /// The scale of the first approximation, PyTorch's `H_diag`.
  private var scale: Tensor?

  init() {}

  /// Returns the direction of the next step, and counts an iteration.
  mutating func direction(for current: Tensor, historySize: Int) -> Tensor {
    iterations += 1
    guard iterations > 1, let direction, let gradient else {
      let first = current.neg()
      direction = first
      pairs = []
      scale = nil
      return first
    }
    let change = current - gradient
    let step = direction * length
    let product = change.dot(step)
    if product.item > 1e-10 {
      if pairs.count >= historySize { pairs.removeFirst(pairs.count - historySize + 1) }
      pairs.append((change, step, 1.0 / product))
      scale = product / change.dot(change)
    }
    // The two-loop recursion.
    let estimate = current.neg()
    var weights: [Tensor] = []
    for pair in pairs.reversed() {
      let weight = pair.parameters.dot(estimate) * pair.reciprocal
      estimate.add_(pair.gradient, alpha: -weight.item)
      weights.append(weight)
    }
    let next = scale.map { estimate * $0 } ?? estimate.clone()
    for (pair, weight) in zip(pairs, weights.reversed()) {
      let correction = pair.gradient.dot(next) * pair.reciprocal
      next.add_(pair.parameters, alpha: (weight - correction).item)
    }
    self.direction = next
    return next
  }

  /// Remembers where a step starts.
  mutating func remember(_ start: LBFGS.Evaluation) {
    gradient = start.gradient.clone()
    loss = start.loss
  }
}

extension LBFGSMemory {
  /// The memory as tensors with PyTorch's names; those of lists end with their index.
  var tensors: StateDict {
    var tensors: StateDict = [
      "func_evals": Tensor([evaluations], shape: []), "n_iter": Tensor([iterations], shape: []),
      "t": Tensor([length], shape: []), "prev_loss": Tensor([loss], shape: []),
    ]
    tensors["d"] = direction
    tensors["prev_flat_grad"] = gradient
    tensors["H_diag"] = scale
    for (index, pair) in pairs.enumerated() {
      tensors["old_dirs.\(index)"] = pair.gradient
      tensors["old_stps.\(index)"] = pair.parameters
      tensors["ro.\(index)"] = pair.reciprocal
    }
    return tensors
  }

  /// Restores a memory from copies of its tensors.
  ///
  /// - Parameters:
  ///   - tensors: The tensors; none for an optimizer that made no step.
  ///   - size: The number of elements of all parameters.
  ///   - device: The device of the parameters.
  /// - Throws: ``TorchError`` with code `mismatch` if a tensor is missing or has another size.
  init(_ tensors: StateDict, size: Int, device: Device) throws(TorchError) {
    if tensors.isEmpty { return }
    func copy(_ name: String, count: Int) throws(TorchError) -> Tensor {
      guard let tensor = tensors[name], tensor.count == count else {
        throw TorchError(
          .mismatch,
          "the state of LBFGS needs '\(name)' with \(count) elements, but it has "
            + (tensors[name].map { "\($0.count)" } ?? "no such tensor"))
      }
      return noGrad { tensor.detach().clone().to(device) }
    }
    iterations = Int(try copy("n_iter", count: 1).item)
    evaluations = Int(try copy("func_evals", count: 1).item)
    length = try copy("t", count: 1).item
    loss = try copy("prev_loss", count: 1).item
    direction = try copy("d", count: size)
    gradient = try copy("prev_flat_grad", count: size)
    if tensors["H_diag"] != nil { scale = try copy("H_diag", count: 1) }
    while tensors["old_dirs.\(pairs.count)"] != nil {
      let index = pairs.count
      pairs.append(
        (
          try copy("old_dirs.\(index)", count: size), try copy("old_stps.\(index)", count: size),
          try copy("ro.\(index)", count: 1)
        ))
    }
  }
}
