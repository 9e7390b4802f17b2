import Foundation
import Testing
import Torch

/// Fits y = 2 x + 1 for some steps and returns weight, bias and last loss.
private func fit(_ make: ([Tensor]) -> any Optimizer, steps: Int) throws -> [Double] {
  let model = Linear(1, 1)
  noGrad {
    model.weight.zero_()
    model.bias?.zero_()
  }
  let optimizer = make(model.parameters)
  let x = Tensor([0, 1, 2, 3] as [Float], shape: [4, 1])
  var loss = 0.0
  for _ in 0..<steps {
    optimizer.zeroGrad()
    let error = mseLoss(try model(x), x * 2 + 1)
    try error.backward()
    try optimizer.step()
    loss = error.item
  }
  return [model.weight.item, model.bias?.item ?? 0, loss]
}

/// With libtorch's update or this package's own, which release builds use.
private func adamW(_ groups: [ParameterGroup], usesOwnKernel: Bool) -> AdamW {
  let optimizer = AdamW(groups, weightDecay: 0)
  optimizer.usesOwnKernel = usesOwnKernel
  return optimizer
}

@Suite struct OptimizerTests {
  // The expected values are PyTorch 2.13's for the same program (float32, printed with 6 digits):
  // SGD(lr=0.05), SGD(lr=0.05, momentum=0.9), AdamW(lr=0.1, weight_decay=0.01), 5 steps each.
  @Test(arguments: [
    ("SGD", [1.888318, 0.893304, 0.268738]),
    ("momentum", [3.426755, 1.628042, 14.342054]),
    ("libtorch's AdamW", [0.495342, 0.495025, 12.247643]),
    ("our AdamW", [0.495342, 0.495025, 12.247643]),
  ])
  func stepsEqualPyTorchs(name: String, expected: [Double]) throws {
    let result = try fit(
      { parameters in
        switch name {
        case "SGD": SGD(parameters, learningRate: 0.05)
        case "momentum": SGD(parameters, learningRate: 0.05, momentum: 0.9)
        default:
          adamW(
            [ParameterGroup(parameters, learningRate: 0.1, weightDecay: 0.01)],
            usesOwnKernel: name == "our AdamW")
        }
      }, steps: 5)
    for (value, wanted) in zip(result, expected) {
      #expect(abs(value - wanted) < 1e-5 * max(1, abs(wanted)))
    }
  }

  @Test(arguments: [false, true]) func groupsKeepTheirOwnWeightDecay(usesOwnKernel: Bool) throws {
    let a = Tensor.full([2], 1.0)
    let b = Tensor.full([2], 1.0)
    for tensor in [a, b] { tensor.grad = Tensor.zeros([2]) }
    try adamW(
      [
        ParameterGroup([a], learningRate: 0.1, weightDecay: 0.5),
        ParameterGroup([b], learningRate: 0.1),
      ], usesOwnKernel: usesOwnKernel
    ).step()
    #expect(a.array(of: Float.self) == [0.95, 0.95])
    #expect(b.array(of: Float.self) == [1, 1])
  }

  /// Compares one clipped step of AdamW, with and without weight decay, with the plain formula.
  @Test(arguments: [false, true])
  func clippingInTheSamePassIsThePlainFormula(usesOwnKernel: Bool) throws {
    let count = 1000
    let start = (0..<count).map { Float($0 % 37) / 37 - 0.5 }
    let tensors = [Tensor(start), Tensor(start)]
    let optimizer = adamW(
      [
        ParameterGroup([tensors[0]], learningRate: 0.01, weightDecay: 0.1),
        ParameterGroup([tensors[1]], learningRate: 0.01),
      ], usesOwnKernel: usesOwnKernel)
    var wanted = [start, start].map { $0.map(Double.init) }
    var first = [[Double]](repeating: [Double](repeating: 0, count: count), count: 2)
    var second = first
    for step in 1...20 {
      let gradients = (0..<count).map { Float(($0 * step) % 101) / 50 - 1 }
      for tensor in tensors { tensor.grad = Tensor(gradients) }
      let (norm, factor) = try clippingFactor(of: tensors, to: 5)
      let length = (2 * gradients.reduce(0.0) { $0 + Double($1) * Double($1) }).squareRoot()
      #expect(abs(norm.item - length) < 1e-4 * length)
      try optimizer.step(scalingGradientsBy: try #require(factor))
      for which in 0..<2 {
        for i in 0..<count {
          let g = Double(gradients[i]) * min(1, 5 / (length + 1e-6))
          if which == 0 { wanted[which][i] *= 1 - 0.01 * 0.1 }
          first[which][i] += 0.1 * (g - first[which][i])
          second[which][i] += 0.001 * (g * g - second[which][i])
          let corrected = (second[which][i] / (1 - pow(0.999, Double(step)))).squareRoot()
          wanted[which][i] -=
            0.01 * first[which][i] / (1 - pow(0.9, Double(step))) / (corrected + 1e-8)
        }
      }
    }
    for (tensor, wanted) in zip(tensors, wanted) {
      let difference = zip(tensor.array(of: Float.self), wanted).map { abs(Double($0) - $1) }.max()
      #expect(try #require(difference) < 2e-6)
    }
  }

  @Test func parametersWithoutGradientAreUnchanged() throws {
    let weight = Tensor.full([2], 1.0)
    try AdamW([ParameterGroup([weight], learningRate: 0.1, weightDecay: 0.5)]).step()
    #expect(weight.array(of: Float.self) == [1, 1])
  }

  @Test func theLinearScheduleRisesAndFalls() {
    let schedule = LinearSchedule(numWarmupSteps: 4, numTrainingSteps: 12)
    #expect(
      (0...13).map(schedule.factor).map { ($0 * 8).rounded() / 8 } == [
        0, 0.25, 0.5, 0.75, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0, 0,
      ])
    #expect(LinearSchedule(numTrainingSteps: 4).factor(at: 0) == 1)
  }

  @Test func theSchedulerScalesEachGroupsOwnRate() {
    let optimizer = SGD([
      ParameterGroup([], learningRate: 1), ParameterGroup([], learningRate: 10),
    ])
    let scheduler = LearningRateScheduler(
      optimizer, factor: LinearSchedule(numTrainingSteps: 4).factor)
    scheduler.step()
    #expect(optimizer.groups.map(\.learningRate) == [0.75, 7.5])
  }
}
