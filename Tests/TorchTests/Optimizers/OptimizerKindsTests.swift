import ProcessHarness
import Support
import Testing
import Torch

/// An optimizer by its name, with settings that give it all parts of its state.
private func make(_ kind: String, _ groups: [ParameterGroup]) -> any Optimizer {
  switch kind {
  case "SGD": SGD(groups, momentum: 0.9, dampening: 0.5, weightDecay: 0.1)
  case "Nesterov": SGD(groups, momentum: 0.9, weightDecay: 0.1, nesterov: true, maximize: true)
  case "Adam": Adam(groups, weightDecay: 0.1)
  case "AdamW": AdamW(groups)
  case "AMSGrad": AdamW(groups, amsgrad: true, maximize: true)
  case "NAdam": NAdam(groups, weightDecay: 0.1, decoupledWeightDecay: true)
  case "RAdam": RAdam(groups, weightDecay: 0.1)
  case "Adamax": Adamax(groups, weightDecay: 0.1)
  case "Adagrad": Adagrad(groups, learningRateDecay: 0.1, initialAccumulatorValue: 0.1)
  case "Adadelta": Adadelta(groups, weightDecay: 0.1)
  case "RMSprop": RMSprop(groups, momentum: 0.5, centered: true)
  case "Rprop": Rprop(groups)
  case "ASGD": ASGD(groups, t0: 2)
  case "Adafactor": Adafactor(groups, weightDecay: 0.1)
  case "Muon": Muon(groups)
  default: Lion(groups, weightDecay: 0.1)
  }
}

private let kinds = [
  "SGD", "Nesterov", "Adam", "AdamW", "AMSGrad", "NAdam", "RAdam", "Adamax", "Adagrad", "Adadelta",
  "RMSprop", "Rprop", "ASGD", "Adafactor", "Muon", "Lion",
]

/// Two matrices and, for optimizers that take one, a vector, with gradients that depend on them.
private struct Job {
  let parameters: [Tensor]
  let optimizer: any Optimizer

  init(_ kind: String, learningRate: Double = 0.01) {
    let shapes = kind == "Muon" ? [[3, 4], [4, 2]] : [[3, 4], [4, 2], [5]]
    parameters = shapes.map { shape in
      Tensor((0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 50 - 1 }, shape: shape)
    }
    optimizer = make(
      kind,
      [
        ParameterGroup([parameters[0]], learningRate: learningRate),
        ParameterGroup(Array(parameters[1...]), learningRate: 0.02),
      ])
  }

  func step(_ number: Int) throws {
    for (index, parameter) in parameters.enumerated() {
      parameter.grad = (parameter * (number + index + 1)).sin() + parameter * 0.1
    }
    try optimizer.step()
  }

  var values: [[Float]] { parameters.map { $0.array(of: Float.self) } }

  func adopt(_ other: Job) {
    for (own, theirs) in zip(parameters, other.parameters) { own.copy_(theirs) }
  }
}

/// States that belong to no AdamW of two groups, with what a message says about them.
private let foreignStates: [(name: String, state: PickleValue, reason: String)] = [
  ("no state", .dictionary([]), "'state' and 'param_groups'"),
  ("groups", ["state": [:], "param_groups": []], "has 0 parameter groups, this optimizer has 2"),
  (
    "parameters", ["state": [:], "param_groups": [["params": [0]], ["params": [1]]]],
    "group 1 has 1 parameters in the state, 2 in this optimizer"
  ),
  (
    "setting",
    [
      "state": [:],
      "param_groups": [["params": [0], "momentum": 0.9], ["params": [1, 2], "lr": 0.1]],
    ], "'momentum', which AdamW does not have"
  ),
  (
    "value",
    ["state": [:], "param_groups": [["params": [0], "eps": -1.0], ["params": [1, 2]]]],
    "eps is -1; use 0 or more"
  ),
]

@Suite struct OptimizerKindsTests {
  @Test(arguments: kinds) func aResumedOptimizerReachesTheSameBits(kind: String) throws {
    let whole = Job(kind)
    let start = whole.values
    for number in 0..<4 { try whole.step(number) }
    var state = try whole.optimizer.captureState()
    state.tensors = state.tensors.mapValues { $0 * 1 }
    let resumed = Job(kind, learningRate: 0.5)
    try resumed.step(9)
    resumed.adopt(whole)
    try resumed.optimizer.restoreState(state)
    #expect(resumed.optimizer.groups[0].learningRate == 0.01)
    for number in 4..<8 {
      try whole.step(number)
      try resumed.step(number)
    }
    #expect(resumed.values == whole.values)
    #expect(resumed.values != start)
  }

  @Test(arguments: kinds) func aStateInPyTorchsFormReachesTheSameBits(kind: String) throws {
    let folder = try TestFolder()
    let whole = Job(kind)
    for number in 0..<4 { try whole.step(number) }
    let path = folder.path + "/optimizer.pt"
    try PyTorchFile.write(.optimizer(whole.optimizer), path: path)
    let resumed = Job(kind, learningRate: 0.5)
    resumed.adopt(whole)
    try resumed.optimizer.loadStateDict(PyTorchFile.read(path: path))
    for number in 4..<8 {
      try whole.step(number)
      try resumed.step(number)
    }
    #expect(resumed.values == whole.values)
  }

  @Test func thePyTorchFormHasItsKeys() throws {
    let job = Job("AMSGrad")
    try job.step(0)
    let value = try PickleValue.optimizer(job.optimizer)
    let group = try #require(value["param_groups"]?[1])
    #expect(
      (group.entries ?? []).compactMap(\.key.stringValue).sorted() == [
        "amsgrad", "betas", "capturable", "decoupled_weight_decay", "differentiable", "eps",
        "foreach", "fused", "lr", "maximize", "params", "weight_decay",
      ])
    #expect(group["lr"]?.doubleValue == 0.02)
    #expect(group["betas"]?.elements?.map(\.doubleValue) == [0.9, 0.999])
    #expect(group["params"]?.elements?.map(\.intValue) == [1, 2])
    let names = (value["state"]?[2]?.entries ?? []).compactMap(\.key.stringValue).sorted()
    #expect(names == ["exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step"])
  }

  @Test(arguments: foreignStates)
  func aStateOfAnotherOptimizerIsRefused(
    name: String, state: PickleValue, reason: String
  ) throws {
    let job = Job("AdamW")
    #expect { try job.optimizer.loadStateDict(state) } throws: {
      ($0 as? TorchError)?.code == .mismatch && "\($0)".contains(reason)
    }
    #expect(job.optimizer.groups[0].learningRate == 0.01)
  }

  /// A run that resumes may switch parts of the state on and off.
  @Test func partsOfTheStateMayBeSwitched() throws {
    let weight = Tensor([1, 2] as [Float])
    weight.grad = Tensor([1, 1] as [Float])
    let with = SGD([weight], learningRate: 0.1, momentum: 0.9)
    try with.step()
    var state = try with.stateDict()
    state.groups[0].hyperparameters["momentum"] = .integer(0)
    let without = SGD([weight], learningRate: 0.1)
    try without.loadStateDict(state)
    #expect(try without.stateDict().parameters[0].tensors.isEmpty)
    var back = try without.stateDict()
    back.groups[0].hyperparameters["momentum"] = .number(0.5)
    try with.loadStateDict(back)
    #expect(with.groups[0][.momentum] == 0.5)
    try with.step()
    #expect(try with.stateDict().parameters[0].tensors.keys.sorted() == ["momentum_buffer"])
  }

  @Test func aGroupHasTheOptimizersValuesForWhatItDoesNotSet() throws {
    let a = Tensor([1] as [Float])
    let b = Tensor([1] as [Float])
    var second = ParameterGroup([b], learningRate: 0.5)
    second[.momentum] = 0.25
    let optimizer = SGD([ParameterGroup([a]), second], learningRate: 0.125, momentum: 0.75)
    #expect(optimizer.groups.map(\.learningRate) == [0.125, 0.5])
    #expect(optimizer.groups.map { $0[.momentum] } == [0.75, 0.25])
    #expect(optimizer.groups.map { $0[.nesterov] } == [false, false])
    for _ in 0..<2 {
      for tensor in [a, b] { tensor.grad = Tensor([1] as [Float]) }
      try optimizer.step()
    }
    #expect(a.item == 1 - 0.125 - 0.125 * 1.75)
    #expect(b.item == 1 - 0.5 - 0.5 * 1.25)
    optimizer.groups.append(ParameterGroup([Tensor([1] as [Float])], weightDecay: 0.5))
    #expect(optimizer.groups[2].learningRate == 0.125)
    #expect(optimizer.groups[2].weightDecay == 0.5)
  }

  @Test func defaultsArePyTorchs() {
    #expect(AdamW([Tensor]()).groups[0].weightDecay == 0.01)
    #expect(AdamW([Tensor]()).groups[0].learningRate == 1e-3)
    #expect(NAdam([Tensor]()).groups[0][.momentumDecay] == 4e-3)
    #expect(Muon([Tensor]()).groups[0][.nsCoefficients] == [3.4445, -4.775, 2.0315])
    #expect(Adafactor([Tensor]()).groups[0][.epsPair] == [nil, 1e-3])
    #expect(LBFGS([Tensor]()).groups[0][.maxEval] == 25)
  }

  @Test func complexParametersAreUpdatedAsPairs() throws {
    let parts = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let complex = (parts * 1).viewAsComplex()
    let optimizers = [
      Adagrad([parts], initialAccumulatorValue: 0.5),
      Adagrad([complex], initialAccumulatorValue: 0.5),
    ]
    let gradient = Tensor([0.5, -1, 2, 0.25] as [Float], shape: [2, 2])
    for _ in 0..<3 {
      parts.grad = gradient * 1
      complex.grad = gradient.viewAsComplex()
      for optimizer in optimizers { try optimizer.step() }
    }
    #expect(complex.viewAsReal().array(of: Float.self) == parts.array(of: Float.self))
    #expect(parts.array(of: Float.self)[0] < 1)
  }
}

@Suite struct LBFGSTests {
  private func distance(_ optimizer: LBFGS, _ x: Tensor, steps: Int) throws -> Double {
    for _ in 0..<steps {
      try optimizer.step {
        optimizer.zeroGrad()
        let rest = x[1] - x[0] * x[0]
        let loss = (1 - x[0]) * (1 - x[0]) + 100 * rest * rest
        try loss.backward()
        return loss
      }
    }
    return (x.detach() - 1).abs().max().item
  }

  private func point() -> Tensor {
    let x = Tensor([-1.2, 1] as [Double])
    x.requiresGrad = true
    return x
  }

  /// The minimum of Rosenbrock's function is at (1, 1); PyTorch ends 3.8e-5 from it.
  @Test func aLineSearchFindsTheMinimum() throws {
    let x = point()
    #expect(try distance(LBFGS([x], lineSearchFn: .strongWolfe), x, steps: 4) < 1e-4)
  }

  @Test func aResumedOptimizerReachesTheSameBits() throws {
    let x = point()
    let whole = LBFGS([x], maxIter: 4, historySize: 3, lineSearchFn: .strongWolfe)
    _ = try distance(whole, x, steps: 2)
    let y = point()
    y.detach().copy_(x.detach())
    let resumed = LBFGS([y], learningRate: 0.5)
    var state = try whole.captureState()
    state.tensors = state.tensors.mapValues { $0 * 1 }
    try resumed.restoreState(state)
    #expect(resumed.groups[0][.historySize] == 3)
    let distances = (try distance(whole, x, steps: 3), try distance(resumed, y, steps: 3))
    #expect(distances.0 == distances.1)
    #expect(x.array(of: Double.self) == y.array(of: Double.self))
  }

  @Test func severalGroupsAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LBFGS([ParameterGroup([]), ParameterGroup([])])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("LBFGS has one parameter group, not 2"))
  }
}

@Suite struct OptimizerMistakeTests {
  private func expect(_ result: ExitTest.Result?, _ reason: String) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(reason))
  }

  @Test func invalidHyperparametersAreNamed() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SGD([Tensor](), nesterov: true)
      }, "SGD: nesterov is true, but momentum is 0.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Adadelta([Tensor](), rho: 1.1)
      }, "Adadelta: rho is 1.1; use 0 or more and 1 or less")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Rprop([Tensor](), etas: (1, 0.5))
      }, "Rprop: etas is [1, 0.5]; use a number between 0 and 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Adafactor([Tensor](), d: 0)
      }, "Adafactor: d is 0; use 1 or more")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Muon([Tensor([1] as [Float])])
      }, "Muon: the parameter float32[1] cpu is no real matrix")
  }

  @Test func aGroupWithAnotherOptimizersHyperparameterIsRefused() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var group = ParameterGroup([])
        group[.betas] = [0.5, 0.5]
        _ = SGD([group])
      },
      "SGD: a group sets betas, which it does not have; it has learningRate, weightDecay, momentum")
  }
}

@Suite struct ParameterGroupSplitTests {
  private final class Network: Module {
    let first = Linear(3, 4)
    let norm = LayerNorm(4)
    let head = Linear(4, 2)

    func forward(_ x: Tensor) throws -> Tensor { try head(norm(first(x))) }
  }

  @Test func parametersBelongToTheFirstRuleThatMatches() {
    let model = Network()
    let optimizer = AdamW(
      ParameterGroup.split(
        model,
        [
          .init(matching: "bias|norm", weightDecay: 0),
          .init(matching: "^head", learningRate: 0.5).setting(.eps, to: 1e-4),
        ], learningRate: 0.25, weightDecay: 0.125))
    let groups = optimizer.groups
    func names(_ group: ParameterGroup) -> [String] {
      group.parameters.map { parameter in
        model.namedParameters.first { $0.tensor === parameter }?.name ?? ""
      }
    }
    #expect(
      groups.map(names) == [
        ["first.bias", "norm.weight", "norm.bias", "head.bias"], ["head.weight"],
        ["first.weight"],
      ])
    #expect(groups.map(\.learningRate) == [0.25, 0.5, 0.25])
    #expect(groups.map(\.weightDecay) == [0, 0.01, 0.125])
    #expect(groups.map { $0[.eps] } == [1e-8, 1e-4, 1e-8])
  }

  @Test func frozenParametersAreLeftOut() {
    let model = Network()
    model.head.weight.requiresGrad = false
    let groups = ParameterGroup.split(model, [.init(matching: "bias", weightDecay: 0)])
    #expect(groups.map(\.parameters.count) == [3, 2])
  }

  @Test func aPatternWithoutAParameterIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ParameterGroup.split(Network(), [.init(matching: "LayerNorm", weightDecay: 0)])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the pattern 'LayerNorm' matches no parameter that is left"))
    #expect(text.contains("'first.weight'"))
  }
}

@Suite struct GradientValueTests {
  @Test func elementsAreLimited() {
    let a = Tensor([0, 0, 0] as [Float])
    let b = Tensor([0] as [Double])
    a.grad = Tensor([-3, 0.25, 0.75] as [Float])
    b.grad = Tensor([7] as [Double])
    clipGradValue([a, b, Tensor([1] as [Float])], 0.5)
    #expect(a.grad?.array(of: Float.self) == [-0.5, 0.25, 0.5])
    #expect(b.grad?.array(of: Double.self) == [0.5])
  }
}
