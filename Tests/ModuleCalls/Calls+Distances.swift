import Torch

nonisolated(unsafe) let distanceCalls: [String: ModuleFactory] = [
  "CosineSimilarity": {
    ModuleCall(
      CosineSimilarity(
        dim: try $0.int(0, "dim", default: 1), eps: try $0.double(1, "eps", default: 1e-8)))
  },
  "PairwiseDistance": {
    ModuleCall(
      PairwiseDistance(
        p: try $0.double(0, "p", default: 2), eps: try $0.double(1, "eps", default: 1e-6),
        keepDim: try $0.bool(2, "keepdim", default: false)))
  },
]
