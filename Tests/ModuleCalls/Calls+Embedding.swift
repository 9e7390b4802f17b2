import Torch

nonisolated(unsafe) let embeddingCalls: [String: ModuleFactory] = [
  "Embedding": {
    ModuleCall(
      Embedding(
        try $0.int(0, "num_embeddings"), try $0.int(1, "embedding_dim"),
        paddingIdx: try $0.optionalInt(2, "padding_idx"),
        maxNorm: try $0.optionalDouble(3, "max_norm"),
        normType: try $0.double(4, "norm_type", default: 2),
        scaleGradByFreq: try $0.bool(5, "scale_grad_by_freq", default: false)))
  },
  "EmbeddingBag": { given in
    let modes: [String: EmbeddingBagMode] = ["sum": .sum, "mean": .mean, "max": .max]
    let mode = try given.string(5, "mode", default: "mean")
    guard let mode = modes[mode] else { throw Mismatch(description: "mode is \(mode)") }
    let bag = EmbeddingBag(
      try given.int(0, "num_embeddings"), try given.int(1, "embedding_dim"),
      maxNorm: try given.optionalDouble(2, "max_norm"),
      normType: try given.double(3, "norm_type", default: 2),
      scaleGradByFreq: try given.bool(4, "scale_grad_by_freq", default: false), mode: mode,
      includeLastOffset: try given.bool(8, "include_last_offset", default: false),
      paddingIdx: try given.optionalInt(9, "padding_idx"))
    return ModuleCall(bag) { bag, inputs in
      [
        try bag(
          inputs.tensor(0, "input"), offsets: inputs.optionalTensor(1, "offsets"),
          perSampleWeights: inputs.optionalTensor(2, "per_sample_weights"))
      ]
    }
  },
]
