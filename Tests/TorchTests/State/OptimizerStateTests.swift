import Support
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
      optimizer, factor: LinearSchedule(numWarmupSteps: 3, numTrainingSteps: 20).factor)
  }

  func step(_ number: Int) throws {
    optimizer.zeroGrad()
    let x = Tensor((0..<8).map { Float(($0 * 7 + number * 3) % 11) }, shape: [2, 4])
    try mseLoss(model(x), Tensor.full([2, 3], 1.0)).backward()
    try optimizer.step()
    scheduler.step()
  }

  var fingerprint: UInt64 { model.stateDict.fingerprint }
}

@Suite struct OptimizerStateTests {
  @Test(arguments: ["SGD", "momentum", "AdamW"], [0, 1, 5])
  func aResumedJobReachesTheSameBits(kind: String, cut: Int) throws {
    let whole = Job(kind)
    let start = try whole.model.captureState().tensors.mapValues { $0 * 1 }
    for step in 0..<cut { try whole.step(step) }
    var (model, optimizer, scheduler) = try (
      whole.model.captureState(), whole.optimizer.captureState(), whole.scheduler.captureState()
    )
    // The states share memory with the parts, which change in later steps.
    model.tensors = model.tensors.mapValues { $0.detach() * 1 }
    optimizer.tensors = optimizer.tensors.mapValues { $0 * 1 }
    for step in cut..<10 { try whole.step(step) }

    let second = Job(kind)
    // The second job has other weights and moments before it restores the states.
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
    let used = Tensor.full([2], 1.0)
    let unused = Tensor.full([3], 1.0)
    used.grad = Tensor.full([2], 1.0)
    let optimizer = AdamW([ParameterGroup([unused, used], learningRate: 0.1)])
    try optimizer.step()
    let state = try optimizer.captureState()
    #expect(state.tensors.keys.sorted() == ["exp_avg.1", "exp_avg_sq.1", "step.1"])
    let other = AdamW([ParameterGroup([unused, used], learningRate: 0.5)])
    try other.restoreState(state)
    #expect(other.groups[0].learningRate == 0.1)
    #expect(try other.captureState().tensors.fingerprint == state.tensors.fingerprint)
  }

  @Test func theStateOfAnotherOptimizerIsRefused() throws {
    func optimizer(_ shapes: [[Int]]) throws -> AdamW {
      let parameters = shapes.map { shape -> Tensor in
        let tensor = Tensor.full(shape, 1.0)
        tensor.grad = Tensor.full(shape, 1.0)
        return tensor
      }
      let made = AdamW([ParameterGroup(parameters, learningRate: 0.1)])
      try made.step()
      return made
    }
    func expect(_ state: State, _ reason: String) throws {
      let own = try optimizer([[2], [3, 4]])
      let before = try own.captureState().tensors.fingerprint
      #expect { try own.restoreState(state) } throws: {
        ($0 as? TorchError)?.code == .mismatch && "\($0)".contains(reason)
      }
      #expect(try own.captureState().tensors.fingerprint == before)
    }
    try expect(
      optimizer([[2], [4, 3]]).captureState(),
      "parameter 1 in group 0 has shape [4, 3] in the state")
    try expect(
      optimizer([[2]]).captureState(),
      "group 0 has 1 parameters in the state, 2 in this optimizer")
    try expect(
      SGD([Tensor.zeros([2]), Tensor.zeros([3, 4])], learningRate: 1).captureState(),
      "it has the hyperparameter 'dampening', which AdamW does not have")
    var cut = try optimizer([[2], [3, 4]]).captureState()
    cut.tensors["step.1"] = nil
    try expect(cut, "this optimizer's parameter 1 needs 'step'")
    var extra = try optimizer([[2], [3, 4]]).captureState()
    extra.tensors["exp_avg.7"] = Tensor.zeros([1])
    try expect(extra, "'exp_avg.7' was saved")
  }

  /// The names and values in snapshots of earlier versions, and of this one.
  @Test func theSavedFormOfEarlierVersionsIsRead() throws {
    let parameters = [Tensor([1, 2] as [Float]), Tensor([3] as [Float]), Tensor([4] as [Float])]
    let optimizer = AdamW([
      ParameterGroup(Array(parameters[..<2]), learningRate: 0.5, weightDecay: 0.25),
      ParameterGroup([parameters[2]], learningRate: 1),
    ])
    let saved = State(
      tensors: [
        "exp_avg.0": Tensor([0.1, 0.2] as [Float]), "exp_avg_sq.0": Tensor([0.3, 0.4] as [Float]),
        "step.0": Tensor(3 as Float), "exp_avg.2": Tensor([0.5] as [Float]),
        "exp_avg_sq.2": Tensor([0.6] as [Float]), "step.2": Tensor(2 as Float),
      ],
      values: [
        "betas and epsilon": .array([.number(0.8), .number(0.99), .number(1e-6)]),
        "groups": .array([
          .object([
            "learningRate": .number(0.125), "weightDecay": .integer(0),
            "shapes": .array([.array([.integer(2)]), .array([.integer(1)])]),
          ]),
          .object([
            "learningRate": .integer(2), "weightDecay": .number(0.5),
            "shapes": .array([.array([.integer(1)])]),
          ]),
        ]),
      ])
    try optimizer.restoreState(saved)
    #expect(optimizer.groups.map(\.learningRate) == [0.125, 2])
    #expect(optimizer.groups.map(\.weightDecay) == [0, 0.5])
    let state = try optimizer.stateDict()
    #expect(
      state.parameters.map(\.tensors.keys.count) == [3, 0, 3], "parameter 1 was never updated")
    #expect(state.parameters[0].tensors["step"]?.item == 3)
    let again = try optimizer.captureState()
    #expect(again.tensors.fingerprint == saved.tensors.fingerprint)
    #expect(optimizer.groups.map { $0[.betas] } == [[0.8, 0.99], [0.8, 0.99]])
    #expect(optimizer.groups.map { $0[.eps] } == [1e-6, 1e-6])
    let others: JSONValue = .object([
      "betas": .array([.number(0.8), .number(0.99)]), "eps": .number(1e-6),
      "amsgrad": .bool(false), "maximize": .bool(false), "decoupled_weight_decay": .bool(true),
    ])
    #expect(
      again.values == [
        "groups": .array([
          .object([
            "learningRate": .number(0.125), "weightDecay": .integer(0), "others": others,
            "shapes": .array([.array([.integer(2)]), .array([.integer(1)])]),
          ]),
          .object([
            "learningRate": .integer(2), "weightDecay": .number(0.5), "others": others,
            "shapes": .array([.array([.integer(1)])]),
          ]),
        ])
      ])
  }

  /// Snapshots of earlier versions have the momentum once for all groups.
  @Test func theSavedMomentumOfEarlierVersionsIsRead() throws {
    let weight = Tensor([1, 2] as [Float])
    let optimizer = SGD([weight], learningRate: 0.5)
    let saved = State(
      tensors: ["momentum_buffer.0": Tensor([1, -1] as [Float])],
      values: [
        "momentum": .number(0.5),
        "groups": .array([
          .object([
            "learningRate": .number(0.25), "weightDecay": .integer(0),
            "shapes": .array([.array([.integer(2)])]),
          ])
        ]),
      ])
    try optimizer.restoreState(saved)
    #expect(optimizer.groups[0][.momentum] == 0.5)
    weight.grad = Tensor([1, 1] as [Float])
    try optimizer.step()
    #expect(weight.array(of: Float.self) == [1 - 0.25 * 1.5, 2 - 0.25 * 0.5])
  }

  @Test func shardsMergeToTheSameState() throws {
    let parameters = (1...5).map { Tensor.full([$0], Double($0)) }
    let groups = [
      ParameterGroup(Array(parameters[..<3]), learningRate: 0.1, weightDecay: 0.5),
      ParameterGroup(Array(parameters[3...]), learningRate: 0.2),
    ]
    let optimizer = AdamW(groups, betas: (0.7, 0.8))
    for parameter in parameters.dropFirst() { parameter.grad = parameter * 2 }
    try optimizer.step()
    let state = try optimizer.stateDict()
    for owners in [[[0, 1, 0], [1, 1]], [[2, 2, 2], [2, 2]], [[1, 0, 2], [0, 1]]] {
      let shards = try state.shards(owners: owners, count: 3)
      #expect(shards.map(\.parameters.count).reduce(0, +) == 5)
      let merged = try State(OptimizerState(merging: shards, owners: owners))
      let expected = try optimizer.captureState()
      #expect(merged.tensors.fingerprint == expected.tensors.fingerprint)
      #expect(merged.values == expected.values)
    }
    let shards = try state.shards(owners: [[0, 1, 0], [1, 1]], count: 2)
    #expect(shards[1].groups.map { $0.parameters.map(\.shape) } == [[[2]], [[4], [5]]])
    #expect(shards[1].groups.map(\.learningRate) == [0.1, 0.2])
    #expect { try state.shards(owners: [[0, 0]], count: 1) } throws: { "\($0)".contains("[3, 2]") }
    #expect { try OptimizerState(merging: shards, owners: [[0, 0, 0], [1, 1]]) } throws: {
      "\($0)".contains("shard 0")
    }
    #expect(throws: TorchError.self) { try OptimizerState(merging: [], owners: []) }
  }

  @Test func anOptimizerOfAUserIsRestored() throws {
    func make() -> (SignSGD, Tensor) {
      let weight = Tensor([1, -2, 3] as [Float])
      return (SignSGD([ParameterGroup([weight], learningRate: 0.5)], momentum: 0.5), weight)
    }
    func step(_ optimizer: SignSGD, _ weight: Tensor, _ gradient: [Float]) throws {
      weight.grad = Tensor(gradient)
      try optimizer.step()
    }
    let (whole, weight) = make()
    try step(whole, weight, [1, 1, -3])
    let state = try whole.captureState()
    #expect(state.tensors.keys.sorted() == ["exp_avg.0"])
    let (second, copy) = make()
    copy.copy_(weight)
    try second.restoreState(state)
    try step(whole, weight, [-0.25, -3, 1])
    try step(second, copy, [-0.25, -3, 1])
    #expect(copy.array(of: Float.self) == weight.array(of: Float.self))
    #expect(weight.array(of: Float.self) == [0, -2, 4])
    #expect(throws: TorchError.self) { try AdamW([weight], learningRate: 0.5).restoreState(state) }
  }
}

/// Gradient descent by the sign of the gradient's running mean: signSGD, Bernstein and others 2018.
private final class SignSGD: ParameterOptimizer {
  init(_ parameters: some OptimizerParameters, learningRate: Double = 1e-3, momentum: Double) {
    super.init(
      parameters,
      [.nonNegative(.learningRate, learningRate), .nonNegative(.momentum, momentum)])
  }

  override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["exp_avg": parameter.zerosLike()]
  }

  override func update(_ batch: ParameterBatch) {
    let rate = batch.group.learningRate
    let momentum = batch.group[.momentum]
    for (index, mean) in batch["exp_avg"].enumerated() {
      mean.mul_(momentum)
      mean.add_(batch.gradients[index], alpha: 1 - momentum)
      batch.parameters[index].add_(mean.sign(), alpha: -rate)
    }
  }
}
