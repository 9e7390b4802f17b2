/// A mistake of this rank's program that ends a pass on all ranks.
package enum PassFailure {
  /// These parameters got no gradient.
  case missing([Int])
  /// The gradient of this parameter became ready twice.
  case readyTwice(Int)
  /// The graph of a static graph changed: this parameter got more gradients than in the first pass.
  case graphChanged(Int)
  /// The previous backward pass did not complete.
  case interrupted

  /// States the failure and the remedy.
  package func message(names: [String], staticGraph: Bool) -> String {
    switch self {
    case .missing(let parameters):
      let remedy =
        staticGraph
        ? "They had gradients in the first pass, and staticGraph requires the same graph in every "
          + "pass: unset staticGraph, or set findsUnusedParameters instead"
        : "Every parameter must contribute to the loss on every rank: set findsUnusedParameters "
          + "(or staticGraph if every pass leaves out the same parameters), remove them from the "
          + "model, or set requiresGrad to false before wrapping it"
      return
        "\(parameters.count) of \(names.count) parameters got no gradient in this backward pass: "
        + "\(names.quoted(parameters)). \(remedy)"
    case .readyTwice(let index):
      return
        "parameter '\(names[index])' got its gradient twice in one backward pass. Run forward "
        + "through the DistributedDataParallel object, once for each backward. Do not use a "
        + "parameter outside of forward, or in a second backward pass over the same graph. If the "
        + "graph is the same in every pass, set staticGraph"
    case .graphChanged(let index):
      return
        "parameter '\(names[index])' got more gradients than in the first backward pass, but "
        + "staticGraph requires the same graph in every pass: unset staticGraph, and set "
        + "findsUnusedParameters if some parameters are not always used"
    case .interrupted:
      return
        "the backward pass before this forward pass did not complete, because an error was thrown "
        + "in it: leave the training loop when backward throws, or restart the job"
    }
  }
}

extension [String] {
  /// The elements at `indices`, quoted and separated by commas; at most `limit` of them.
  package func quoted(_ indices: [Int], limit: Int = 10) -> String {
    indices.prefix(limit).map { "'\(self[$0])'" }.joined(separator: ", ")
      + (indices.count > limit ? ", …" : "")
  }
}
