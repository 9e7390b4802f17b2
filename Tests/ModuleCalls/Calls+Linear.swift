import Torch

nonisolated(unsafe) let linearCalls: [String: ModuleFactory] = [
  "Linear": {
    ModuleCall(
      Linear(
        try $0.int(0, "in_features"), try $0.int(1, "out_features"),
        bias: try $0.bool(2, "bias", default: true)))
  },
  "Bilinear": {
    ModuleCall(
      Bilinear(
        try $0.int(0, "in1_features"), try $0.int(1, "in2_features"),
        try $0.int(2, "out_features"), bias: try $0.bool(3, "bias", default: true)))
  },
  "Initialized": { ModuleCall(try Initialized($0)) },
]
