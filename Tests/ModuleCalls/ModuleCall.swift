import Torch

/// A module, and how it is called with the arguments of PyTorch's `forward`.
struct ModuleCall {
  let module: any Module
  /// Returns the tensors among the results, in PyTorch's order.
  let forward: (Arguments) throws -> [Tensor]

  /// A module of any input and output.
  init<Called: Module>(
    _ module: Called, forward: @escaping (Called, Arguments) throws -> [Tensor]
  ) {
    self.module = module
    self.forward = { try forward(module, $0) }
  }

  /// A module from a tensor to a tensor.
  init<Called: Module>(_ module: Called) where Called.Input == Tensor, Called.Output == Tensor {
    self.init(module) { module, inputs in [try module(inputs.tensor(0, "input"))] }
  }

  /// A module from two tensors to a tensor, such as a loss.
  init<Called: Module>(_ module: Called)
  where Called.Input == (Tensor, Tensor), Called.Output == Tensor {
    self.init(module) { module, inputs in
      [try module(inputs.tensor(0, "input1"), inputs.tensor(1, "input2"))]
    }
  }
}

/// Creates a module from the arguments of PyTorch's constructor.
typealias ModuleFactory = (Arguments) throws -> ModuleCall

/// The modules by PyTorch's names.
///
/// Each family has a file of its own.
nonisolated(unsafe) let moduleCalls: [String: ModuleFactory] = [
  activationCalls, containerCalls, convolutionCalls, distanceCalls, dropoutCalls, linearCalls,
  lossCalls, paddingCalls, poolingCalls, resizingCalls, shapeCalls,
  normalizationCalls, embeddingCalls, recurrentCalls, attentionCalls,
].reduce(into: [:]) { all, family in all.merge(family) { $1 } }

func moduleCall(_ name: String, _ arguments: Arguments) throws -> ModuleCall {
  guard let factory = moduleCalls[name] else {
    throw Mismatch(description: "no module \(name)")
  }
  return try factory(arguments)
}
