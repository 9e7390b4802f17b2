import Testing
import Torch

/// Mistakes in arguments stop the process with a message and the caller's line, in every build.
@Suite struct CallerMistakeTests {
  private func expect(
    _ result: ExitTest.Result?, _ message: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(message), "\(text)", sourceLocation: location)
    #expect(
      text.contains("CallerMistakeTests.swift:"), "\(text)", sourceLocation: location)
  }

  @Test func dropoutProbability() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Dropout(-0.5)
      }, "the dropout probability is -0.5")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Dropout(.nan)
      }, "the dropout probability is nan")
  }

  @Test func convolutionStride() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Conv2d(1, 2, kernelSize: 3, stride: 0)
      }, "stride is 0; use 1 or more")
  }

  @Test func paddingIndexOfAnEmbedding() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Embedding(10, 4, paddingIdx: 10)
      }, "paddingIdx is 10, but the table has 10 entries")
  }

  @Test func learningRate() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SGD(Linear(2, 2).parameters, learningRate: -0.1)
      }, "SGD: learningRate is -0.1; use 0 or more")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = AdamW([ParameterGroup(Linear(2, 2).parameters, learningRate: .nan)])
      }, "learningRate is nan; use 0 or more")
  }

  @Test func weightDecayMomentumAndBetas() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ParameterGroup([], learningRate: 0, weightDecay: -1)
      }, "weightDecay is -1; use 0 or more")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SGD([Tensor](), learningRate: 0, momentum: -0.9)
      }, "SGD: momentum is -0.9; use 0 or more")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = AdamW([Tensor](), betas: (0.9, 1))
      }, "AdamW: betas is [0.9, 1]; use two numbers")
  }

  @Test func parameterThatIsGivenTwice() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Linear(3, 2)
        _ = SGD(layer.parameters + [layer.weight], learningRate: 0.1)
      }, "float32[2, 3] cpu, is in the optimizer more than once")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Linear(3, 2)
        _ = AdamW([
          ParameterGroup(layer.parameters, learningRate: 0.1),
          ParameterGroup([layer.weight], learningRate: 0.1),
        ])
      }, "is in the optimizer more than once")
  }

  @Test func parameterThatIsAResult() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SGD(Linear(3, 2).parameters.map { $0 * 2 }, learningRate: 0.1)
      }, "parameter 0, float32[2, 3] cpu, is the result of a recorded operator")
  }

  @Test func gradientsOfACustomFunction() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.zeros([2])
        x.requiresGrad = true
        let y = Tensor.function(of: [x, x], forward: { x * 2 }, backward: { [$0] })
        try y.sum().backward()
      }, "backward returned 1 gradients for 2 inputs")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.zeros([2])
        x.requiresGrad = true
        let y = Tensor.function(of: [x], forward: { x * 2 }, backward: { _ in [] })
        try y.sum().backward()
      }, "backward returned 0 gradients for 1 inputs")
  }

  @Test func groupsOfAnOptimizersState() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let optimizer = SGD([Tensor](), learningRate: 0.1)
        optimizer.adoptGroupSettings(of: OptimizerState(groups: []))
      }, "the state has 0 parameter groups, but the optimizer has 1")
  }

  @Test func negativePaddingIndexCountsFromTheEnd() throws {
    let embedding = Embedding(4, 2, paddingIdx: -1)
    #expect(embedding.weight.select(dim: 0, index: 3).array(of: Float.self) == [0, 0])
    try embedding(Tensor([3, 3, 1])).sum().backward()
    #expect(embedding.weight.grad?.sum(dim: [1]).array(of: Float.self) == [0, 2, 0, 0])
  }
}
