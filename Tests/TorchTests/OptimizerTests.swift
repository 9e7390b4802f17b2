import Testing
import Torch

/// Fits y = 2 x + 1 for some steps and returns weight, bias and last loss.
private func fit(_ make: ([Tensor]) -> any Optimizer, steps: Int) throws -> [Double] {
  let model = Linear(1, 1)
  withoutGradients {
    model.weight.fillWithZeros()
    model.bias?.fillWithZeros()
  }
  let optimizer = make(model.parameters)
  let x = Tensor([0, 1, 2, 3] as [Float], shape: [4, 1])
  var loss = 0.0
  for _ in 0..<steps {
    optimizer.zeroGrad()
    let error = meanSquaredError(model(x), x * 2 + 1)
    try error.backward()
    optimizer.step()
    loss = error.item
  }
  return [model.weight.item, model.bias?.item ?? 0, loss]
}

@Suite struct OptimizerTests {
  // The expected values are PyTorch 2.13's for the same program (float32, printed with 6 digits):
  // SGD(lr=0.05), SGD(lr=0.05, momentum=0.9), AdamW(lr=0.1, weight_decay=0.01), 5 steps each.
  @Test(arguments: [
    ("SGD", [1.888318, 0.893304, 0.268738]),
    ("momentum", [3.426755, 1.628042, 14.342054]),
    ("AdamW", [0.495342, 0.495025, 12.247643]),
  ])
  func stepsEqualPyTorchs(name: String, expected: [Double]) throws {
    let result = try fit(
      { parameters in
        switch name {
        case "SGD": SGD(parameters, learningRate: 0.05)
        case "momentum": SGD(parameters, learningRate: 0.05, momentum: 0.9)
        default: AdamW([ParameterGroup(parameters, learningRate: 0.1, weightDecay: 0.01)])
        }
      }, steps: 5)
    for (value, wanted) in zip(result, expected) {
      #expect(abs(value - wanted) < 1e-5 * max(1, abs(wanted)))
    }
  }

  @Test func groupsKeepTheirOwnWeightDecay() {
    let (a, b) = (Tensor(repeating: 1, shape: [2]), Tensor(repeating: 1, shape: [2]))
    for tensor in [a, b] { tensor.grad = Tensor(zeros: [2]) }
    AdamW([
      ParameterGroup([a], learningRate: 0.1, weightDecay: 0.5),
      ParameterGroup([b], learningRate: 0.1),
    ]).step()
    #expect(a.array(of: Float.self) == [0.95, 0.95])
    #expect(b.array(of: Float.self) == [1, 1])
  }

  @Test func parametersWithoutGradientStay() {
    let weight = Tensor(repeating: 1, shape: [2])
    AdamW([ParameterGroup([weight], learningRate: 0.1, weightDecay: 0.5)]).step()
    #expect(weight.array(of: Float.self) == [1, 1])
  }

  @Test func theLinearScheduleRisesAndFalls() {
    let schedule = LinearSchedule(warmupSteps: 4, totalSteps: 12)
    #expect(
      (0...13).map(schedule.factor).map { ($0 * 8).rounded() / 8 } == [
        0, 0.25, 0.5, 0.75, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0, 0,
      ])
    #expect(LinearSchedule(totalSteps: 4).factor(at: 0) == 1)
  }

  @Test func theSchedulerScalesEachGroupsOwnRate() {
    let optimizer = SGD([
      ParameterGroup([], learningRate: 1), ParameterGroup([], learningRate: 10),
    ])
    let scheduler = LearningRateScheduler(
      optimizer, factor: LinearSchedule(totalSteps: 4).factor)
    scheduler.step()
    #expect(optimizer.groups.map(\.learningRate) == [0.75, 7.5])
  }
}
