import Torch

nonisolated(unsafe) let containerCalls: [String: ModuleFactory] = [
  // Its arguments are modules.
  "Sequential": { arguments in
    let layers = try arguments.positional.indices.map { index in
      guard let layer = try arguments.module(index, "module") as? Sequential.Layer else {
        throw Mismatch(description: "module \(index) is not from a tensor to a tensor")
      }
      return layer
    }
    return ModuleCall(Sequential(layers))
  }
]
