import Testing
import Torch

/// A model in training, whose steps depend on all of its state.
private struct Job {
  let model = Linear(4, 3)
  let optimizer: any Optimizer
  let scheduler: LearningRateScheduler

  init(_ kind: String) {
    let groups = [
      ParameterGroup([model.weight], learningRate: 0.1, weightDecay: 0.01),
      ParameterGroup(model.bias.map { [$0] } ?? [], learningRate: 0.3),
    ]
    optimizer =
      switch kind {
      case "SGD": SGD(groups)
      case "momentum": SGD(groups, momentum: 0.9)
      default: AdamW(groups)
      }
    scheduler = LearningRateScheduler(
      optimizer, factor: LinearSchedule(warmupSteps: 3, totalSteps: 20).factor)
  }

  func step(_ number: Int) throws {
    optimizer.zeroGrad()
    let x = Tensor((0..<8).map { Float(($0 * 7 + number * 3) % 11) }, shape: [2, 4])
    try meanSquaredError(model(x), Tensor(repeating: 1, shape: [2, 3])).backward()
    optimizer.step()
    scheduler.step()
  }

  var fingerprint: UInt64 { model.stateDict.fingerprint }
}

@Suite struct OptimizerStateTests {
  @Test(arguments: ["SGD", "momentum", "AdamW"], [0, 1, 5])
  func aJobGoesOnToTheSameBits(kind: String, cut: Int) throws {
    let whole = Job(kind)
    let start = try whole.model.captureState().tensors.mapValues { $0 * 1 }
    for step in 0..<cut { try whole.step(step) }
    var (model, optimizer, scheduler) = try (
      whole.model.captureState(), whole.optimizer.captureState(), whole.scheduler.captureState()
    )
    // The states share memory with the parts, which go on.
    model.tensors = model.tensors.mapValues { $0.detached() * 1 }
    optimizer.tensors = optimizer.tensors.mapValues { $0 * 1 }
    for step in cut..<10 { try whole.step(step) }

    let second = Job(kind)
    // It has gone elsewhere meanwhile, and has moments of its own.
    for step in 3..<5 { try second.step(step) }
    try second.model.restoreState(model)
    try second.optimizer.restoreState(optimizer)
    try second.scheduler.restoreState(scheduler)
    #expect(second.scheduler.stepCount == cut)
    for step in cut..<10 { try second.step(step) }
    #expect(second.fingerprint == whole.fingerprint)
    #expect(second.fingerprint != start.fingerprint)
  }

  @Test func tensorsAreNamedAsPyTorchsAre() throws {
    let job = Job("AdamW")
    try job.step(0)
    #expect(
      try job.optimizer.captureState().tensors.keys.sorted() == [
        "exp_avg.0", "exp_avg.1", "exp_avg_sq.0", "exp_avg_sq.1", "step.0", "step.1",
      ])
  }

  @Test func parametersWithoutGradientHaveNoState() throws {
    let (used, unused) = (Tensor(repeating: 1, shape: [2]), Tensor(repeating: 1, shape: [3]))
    used.grad = Tensor(repeating: 1, shape: [2])
    let optimizer = AdamW([ParameterGroup([unused, used], learningRate: 0.1)])
    optimizer.step()
    let state = try optimizer.captureState()
    #expect(state.tensors.keys.sorted() == ["exp_avg.1", "exp_avg_sq.1", "step.1"])
    let other = AdamW([ParameterGroup([unused, used], learningRate: 0.5)])
    try other.restoreState(state)
    #expect(other.groups[0].learningRate == 0.1)
    #expect(try other.captureState().tensors.fingerprint == state.tensors.fingerprint)
  }

  @Test func theStateOfAnotherOptimizerIsRefused() throws {
    func optimizer(_ shapes: [[Int]]) -> AdamW {
      let parameters = shapes.map { shape -> Tensor in
        let tensor = Tensor(repeating: 1, shape: shape)
        tensor.grad = Tensor(repeating: 1, shape: shape)
        return tensor
      }
      let made = AdamW([ParameterGroup(parameters, learningRate: 0.1)])
      made.step()
      return made
    }
    func expect(_ state: State, _ reason: String) throws {
      let own = optimizer([[2], [3, 4]])
      let before = try own.captureState().tensors.fingerprint
      #expect { try own.restoreState(state) } throws: {
        ($0 as? TorchError)?.code == .mismatch && "\($0)".contains(reason)
      }
      #expect(try own.captureState().tensors.fingerprint == before)
    }
    try expect(
      optimizer([[2], [4, 3]]).captureState(), "parameter 1 in group 0 has shape [4, 3] there")
    try expect(optimizer([[2]]).captureState(), "group 0 has 1 parameters there, 2 here")
    try expect(
      SGD([Tensor(zeros: [2])], learningRate: 1).captureState(), "no value 'betas and epsilon'")
    var cut = try optimizer([[2], [3, 4]]).captureState()
    cut.tensors["step.1"] = nil
    try expect(cut, "parameter 1 has only 'exp_avg'")
    var extra = try optimizer([[2], [3, 4]]).captureState()
    extra.tensors["exp_avg.7"] = Tensor(zeros: [1])
    try expect(extra, "'exp_avg.7' was saved")
  }
}
