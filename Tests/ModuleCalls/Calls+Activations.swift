import Torch

nonisolated(unsafe) let activationCalls: [String: ModuleFactory] = [
  "ReLU": { _ in ModuleCall(ReLU()) },
  "ReLU6": { _ in ModuleCall(ReLU6()) },
  "SELU": { _ in ModuleCall(SELU()) },
  "SiLU": { _ in ModuleCall(SiLU()) },
  "Mish": { _ in ModuleCall(Mish()) },
  "Hardswish": { _ in ModuleCall(Hardswish()) },
  "Softsign": { _ in ModuleCall(Softsign()) },
  "Sigmoid": { _ in ModuleCall(Sigmoid()) },
  "LogSigmoid": { _ in ModuleCall(LogSigmoid()) },
  "Hardsigmoid": { _ in ModuleCall(Hardsigmoid()) },
  "Tanh": { _ in ModuleCall(Tanh()) },
  "Tanhshrink": { _ in ModuleCall(Tanhshrink()) },
  "Softmax2d": { _ in ModuleCall(Softmax2d()) },
  "LeakyReLU": { ModuleCall(LeakyReLU(try $0.double(0, "negative_slope", default: 0.01))) },
  "PReLU": {
    ModuleCall(
      PReLU(
        try $0.int(0, "num_parameters", default: 1),
        initial: try $0.double(1, "init", default: 0.25)))
  },
  "RReLU": {
    ModuleCall(
      RReLU(
        lower: try $0.double(0, "lower", default: 1.0 / 8),
        upper: try $0.double(1, "upper", default: 1.0 / 3)))
  },
  "ELU": { ModuleCall(ELU(alpha: try $0.double(0, "alpha", default: 1))) },
  "CELU": { ModuleCall(CELU(alpha: try $0.double(0, "alpha", default: 1))) },
  "GELU": { ModuleCall(GELU(approximate: try $0.choice(0, "approximate", default: .exact))) },
  "Softplus": {
    ModuleCall(
      Softplus(
        beta: try $0.double(0, "beta", default: 1),
        threshold: try $0.double(1, "threshold", default: 20)))
  },
  "Hardshrink": { ModuleCall(Hardshrink(try $0.double(0, "lambd", default: 0.5))) },
  "Softshrink": { ModuleCall(Softshrink(try $0.double(0, "lambd", default: 0.5))) },
  "Threshold": { ModuleCall(Threshold(try $0.double(0, "threshold"), try $0.double(1, "value"))) },
  "GLU": { ModuleCall(GLU(dim: try $0.int(0, "dim", default: -1))) },
  "Hardtanh": {
    ModuleCall(
      Hardtanh(
        minVal: try $0.double(0, "min_val", default: -1),
        maxVal: try $0.double(1, "max_val", default: 1)))
  },
  "Softmax": { ModuleCall(Softmax(dim: try $0.int(0, "dim"))) },
  "Softmin": { ModuleCall(Softmin(dim: try $0.int(0, "dim"))) },
  "LogSoftmax": { ModuleCall(LogSoftmax(dim: try $0.int(0, "dim"))) },
]
