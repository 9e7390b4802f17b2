package import Collectives
package import DataParallel
internal import Torch

/// What a program may do wrong with a `DistributedDataParallel`, and what all its ranks then say.
///
/// `Benchmarks/peer/ddp_mistakes.py` makes the same ones with PyTorch's, by the same names.
package enum Mistake: String, CaseIterable, Codable, Sendable {
  // All ranks do these …
  case nothingToTrain, twoHooks
  // … and these rank 1 alone, the last ones in its third step.
  case anotherShape, moreParameters, leavesParametersOut, usesAParameterTwice,
    usesLessOfAStaticGraph
  case usesMoreOfAStaticGraph, noGradient

  /// What is in every rank's message: who, which parameter, and the remedy.
  package var words: [String] {
    switch self {
    case .nothingToTrain: ["no parameter of the model requires a gradient", "use the model itself"]
    case .twoHooks: ["'AllReduceHook' already", "wrap 'NoOperationHook' and it into one"]
    case .anotherShape:
      ["rank 1 holds another model", "'weight' is float32[1, 5]", "the same configuration"]
    case .moreParameters:
      ["rank 1 holds another model", "it has 2 parameters, rank 0 has 1", "'bias'"]
    case .leavesParametersOut:
      [
        "on rank 1 2 of 6 parameters got no gradient", "'second.weight', 'second.bias'",
        "set the option findsUnusedParameters",
      ]
    case .usesAParameterTwice:
      ["on rank 1 parameter 'head.", "got its gradient twice", "set the option staticGraph"]
    case .usesLessOfAStaticGraph:
      ["on rank 1 2 of 6 parameters got no gradient", "'second.weight'", "staticGraph says"]
    case .usesMoreOfAStaticGraph:
      ["on rank 1 parameter 'head.", "more gradients than in the first", "staticGraph says"]
    case .noGradient:
      ["rank 1 began a forward pass, but no gradient came", "Call backward on every rank"]
    }
  }

  /// The error's code.
  package var code: CollectiveError.Code {
    self == .nothingToTrain || self == .twoHooks ? .invalidArgument : .mismatch
  }

  /// Trains for four steps, and makes the mistake.
  package func make(
    _ group: any ProcessGroup, options: DistributedDataParallelOptions? = nil,
    hook: (any CommunicationHook)? = nil
  ) throws {
    switch self {
    case .anotherShape:
      _ = try DistributedDataParallel(Linear(group.rank == 1 ? 5 : 4, 1), group: group)
    case .moreParameters:
      _ = try DistributedDataParallel(Linear(4, 1, hasBias: group.rank == 1), group: group)
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
      // In a backward pass of its own, within the pass of the model.
      output = output + checkpointed(output) { model.module.head(Tensor(zeros: [1, 16])) + $0 }
    }
    if errs, self == .noGradient {
      output = output.detached()
      output.requiresGrad = true
    }
    try meanSquaredError(output, y).backward()
  }
}
