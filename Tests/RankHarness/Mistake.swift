package import Collectives
package import DataParallel
internal import Torch

/// A mistake in using `DistributedDataParallel`, and the error that all ranks throw.
///
/// `Benchmarks/peer/ddp_mistakes.py` makes the same mistakes with PyTorch, under the same names.
package enum Mistake: String, CaseIterable, Codable, Sendable {
  // All ranks make these mistakes.
  case nothingToTrain, twoHooks
  // Only rank 1 makes these, those after `moreParameters` in its third step.
  case anotherShape, moreParameters, leavesParametersOut, usesAParameterTwice,
    usesLessOfAStaticGraph
  case usesMoreOfAStaticGraph, noGradient

  /// Parts of every rank's message: the rank, the parameter and the remedy.
  package var words: [String] {
    switch self {
    case .nothingToTrain: ["no parameter of the model requires a gradient", "use the model itself"]
    case .twoHooks: ["'AllReduceHook' already", "combine it and 'NoOperationHook' in one hook"]
    case .anotherShape:
      ["rank 1 has a different model", "'weight' is float32[1, 5]", "the same configuration"]
    case .moreParameters:
      ["rank 1 has a different model", "it has 2 parameters, rank 0 has 1", "'bias'"]
    case .leavesParametersOut:
      [
        "rank 1: 2 of 6 parameters got no gradient", "'second.weight', 'second.bias'",
        "set findsUnusedParameters",
      ]
    case .usesAParameterTwice:
      ["rank 1: parameter 'head.", "got its gradient twice", "set staticGraph"]
    case .usesLessOfAStaticGraph:
      ["rank 1: 2 of 6 parameters got no gradient", "'second.weight'", "staticGraph requires"]
    case .usesMoreOfAStaticGraph:
      ["rank 1: parameter 'head.", "more gradients than in the first", "staticGraph requires"]
    case .noGradient:
      [
        "rank 1 started a forward pass although its previous pass produced no gradient",
        "Call backward on every rank",
      ]
    }
  }

  /// The error's code.
  package var code: CollectiveError.Code {
    self == .nothingToTrain || self == .twoHooks ? .invalidArgument : .mismatch
  }

  /// Trains for four steps and makes the mistake.
  package func make(
    _ group: any ProcessGroup, options: DistributedDataParallelOptions? = nil,
    hook: (any CommunicationHook)? = nil
  ) throws {
    switch self {
    case .anotherShape:
      _ = try DistributedDataParallel(Linear(group.rank == 1 ? 5 : 4, 1), group: group)
    case .moreParameters:
      _ = try DistributedDataParallel(Linear(4, 1, bias: group.rank == 1), group: group)
    case .nothingToTrain:
      let model = Linear(2, 2)
      for parameter in model.parameters { parameter.requiresGrad = false }
      _ = try DistributedDataParallel(model, group: group)
    case .twoHooks:
      let model = try DistributedDataParallel(Linear(2, 2), group: group)
      try model.registerCommunicationHook(AllReduceHook())
      try model.registerCommunicationHook(NoOperationHook())
    default:
      let isStatic = self == .usesLessOfAStaticGraph || self == .usesMoreOfAStaticGraph
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group,
        options: options ?? DistributedDataParallelOptions(staticGraph: isStatic))
      if let hook { try model.registerCommunicationHook(hook) }
      for step in 0..<4 { try train(model, errs: step == 2 && group.rank == 1, rank: group.rank) }
    }
  }

  private func train(_ model: DistributedDataParallel<Network>, errs: Bool, rank: Int) throws {
    let (x, y) = batch([rank])
    model.module.usesSecond =
      !(errs && (self == .leavesParametersOut || self == .usesLessOfAStaticGraph))
    var output = try model(x)
    if errs, self == .usesAParameterTwice || self == .usesMoreOfAStaticGraph {
      // The checkpointed part runs a nested backward pass.
      output =
        try output + checkpointed(output) { try model.module.head(Tensor.zeros([1, 16])) + $0 }
    }
    if errs, self == .noGradient {
      output = output.detach()
      output.requiresGrad = true
    }
    try mseLoss(output, y).backward()
  }
}
