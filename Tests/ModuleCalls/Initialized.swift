import Torch

/// A parameter that a function of `Init` fills, for comparison with `torch.nn.init`.
final class Initialized: Module {
  let weight: Tensor

  init(_ arguments: Arguments) throws {
    weight = Tensor.empty(try arguments.integers(1, "shape").integers)
    weight.requiresGrad = true
    try fill(as: arguments.string(0, "function"), arguments)
  }

  func forward(_ input: Tensor) -> Tensor { input * weight }

  var extraRepr: String { "" }

  private func fill(as function: String, _ arguments: Arguments) throws {
    func number(_ name: String, _ fallback: Double) throws -> Double {
      try arguments.double(2, name, default: fallback)
    }
    switch function {
    case "uniform_": Init.uniform(weight, a: try number("a", 0), b: try number("b", 1))
    case "normal_": Init.normal(weight, mean: try number("mean", 0), std: try number("std", 1))
    case "constant_": Init.constant(weight, try arguments.double(2, "val"))
    case "ones_": Init.ones(weight)
    case "zeros_": Init.zeros(weight)
    case "eye_": Init.eye(weight)
    case "dirac_": Init.dirac(weight, groups: try arguments.int(2, "groups", default: 1))
    case "xavier_uniform_": Init.xavierUniform(weight, gain: try number("gain", 1))
    case "xavier_normal_": Init.xavierNormal(weight, gain: try number("gain", 1))
    case "kaiming_uniform_":
      Init.kaimingUniform(
        weight, mode: try mode(arguments), nonlinearity: try nonlinearity(arguments))
    case "kaiming_normal_":
      Init.kaimingNormal(
        weight, mode: try mode(arguments), nonlinearity: try nonlinearity(arguments))
    case "trunc_normal_":
      Init.truncNormal(
        weight, mean: try number("mean", 0), std: try number("std", 1), a: try number("a", -2),
        b: try number("b", 2))
    case "orthogonal_": Init.orthogonal(weight, gain: try number("gain", 1))
    case "sparse_":
      Init.sparse(
        weight, sparsity: try arguments.double(2, "sparsity"), std: try number("std", 0.01))
    default: throw Mismatch(description: "no function \(function)")
    }
  }

  private func mode(_ arguments: Arguments) throws -> Init.FanMode {
    try arguments.string(2, "mode", default: "fan_in") == "fan_in" ? .fanIn : .fanOut
  }

  private func nonlinearity(_ arguments: Arguments) throws -> Init.Nonlinearity {
    switch try arguments.string(2, "nonlinearity", default: "leaky_relu") {
    case "relu": .relu
    case "tanh": .tanh
    case "sigmoid": .sigmoid
    case "selu": .selu
    case "leaky_relu": .leakyRelu(negativeSlope: try arguments.double(2, "a", default: 0))
    default: .linear
    }
  }
}
