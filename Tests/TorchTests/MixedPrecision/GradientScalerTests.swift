import Foundation
import Testing
import Torch

/// A weight vector and its optimizer.
private final class Fixture {
  let weight: Tensor
  let optimizer: SGD

  init(_ values: [Float] = [1, 2]) {
    weight = Tensor(values)
    weight.requiresGrad = true
    optimizer = SGD([weight], learningRate: 0.1)
  }

  /// A loss whose gradient is `gradient`.
  func loss(_ gradient: [Float]) -> Tensor {
    optimizer.zeroGrad()
    return (weight * Tensor(gradient)).sum()
  }
}

@Suite struct GradientScalerTests {
  /// The scale, growth tracker and weights after a step.
  private struct Outcome: Equatable {
    var scale: Double
    var tracker: Int
    var weights: [Float]

    init(_ scale: Double, _ tracker: Int, _ weights: [Float]) {
      self.scale = scale
      self.tracker = tracker
      self.weights = weights
    }
  }

  // torch 2.13: torch.amp.GradScaler("cpu", init_scale=1024, growth_interval=3), SGD(lr=0.1),
  // clip_grad_norm_(0.5) between unscale_ and step, for the losses below.
  private static let expected = [
    Outcome(1024, 1, [0.9552786946296692, 1.9776393175125122]),
    Outcome(1024, 2, [0.9105573892593384, 1.9552786350250244]),
    Outcome(512, 0, [0.9105573892593384, 1.9552786350250244]),
    Outcome(512, 1, [0.8658360838890076, 1.9329179525375366]),
    Outcome(512, 2, [0.8211147785186768, 1.9105572700500488]),
    Outcome(1024, 0, [0.776393473148346, 1.888196587562561]),
    Outcome(1024, 1, [0.7316721677780151, 1.8658359050750732]),
    Outcome(512, 0, [0.7316721677780151, 1.8658359050750732]),
    Outcome(256, 0, [0.7316721677780151, 1.8658359050750732]),
    Outcome(256, 1, [0.6869508624076843, 1.8434752225875854]),
    Outcome(256, 2, [0.6422295570373535, 1.8211145401000977]),
  ]

  private static let gradients: [[Float]] = [
    [1, 0.5], [1, 0.5], [.infinity, 1], [1, 0.5], [1, 0.5], [1, 0.5], [1, 0.5], [.nan, 1],
    [-.infinity, 1], [1, 0.5], [1, 0.5],
  ]

  @Test func scaleTrackerAndWeightsEqualThoseOfPyTorch() throws {
    let fixture = Fixture()
    let scaler = try GradientScaler(.init(scale: 1024, growthInterval: 3))
    for (gradient, expected) in zip(Self.gradients, Self.expected) {
      try scaler.scale(fixture.loss(gradient)).backward()
      try scaler.unscale(fixture.optimizer)
      try clipGradNorm([fixture.weight], 0.5)
      let isUpdated = try scaler.step(fixture.optimizer)
      #expect(isUpdated == (gradient == [1, 0.5]))
      try scaler.update()
      let state = scaler.state
      #expect(
        Outcome(scaler.scale, state.growthTracker, fixture.weight.array()) == expected)
    }
  }

  @Test func restoredStateContinuesTheSequence() throws {
    let fixture = Fixture()
    var state = GradientScaler.State(scale: 1024, growthInterval: 3)
    for (gradient, expected) in zip(Self.gradients, Self.expected) {
      let scaler = try GradientScaler()
      try scaler.load(
        JSONDecoder().decode(
          GradientScaler.State.self, from: JSONEncoder().encode(state)))
      try scaler.scale(fixture.loss(gradient)).backward()
      try scaler.step(fixture.optimizer)
      try scaler.update()
      state = scaler.state
      #expect(state.scale == expected.scale)
      #expect(state.growthTracker == expected.tracker)
    }
  }

  @Test func defaultsAreThoseOfPyTorch() throws {
    let state = try GradientScaler().state
    #expect(
      state
        == .init(
          scale: 65536, growthFactor: 2, backoffFactor: 0.5, growthInterval: 2000,
          growthTracker: 0))
  }

  // torch 2.13, init_scale 2**127: the gradient 8 overflows until the scale is 2**124.
  @Test func tooLargeScaleDecreasesUntilGradientsAreFinite() throws {
    let fixture = Fixture([1])
    let scaler = try GradientScaler(.init(scale: 0x1p127, growthInterval: 2))
    var weights: [Float] = []
    for _ in 0..<5 {
      try scaler.scale(fixture.loss([8])).backward()
      try scaler.step(fixture.optimizer)
      try scaler.update()
      weights += fixture.weight.array(of: Float.self)
    }
    #expect(weights == [1, 1, 1, 0.19999998807907104, -0.6000000238418579])
    #expect(scaler.scale == 0x1p125)
  }

  // torch 2.13: the scale remains 2**127, because twice that exceeds float32.
  @Test func scaleDoesNotOverflowFloat32() throws {
    let fixture = Fixture([1])
    let scaler = try GradientScaler(.init(scale: 0x1p126, growthInterval: 1))
    for _ in 0..<4 {
      try scaler.scale(fixture.loss([0.25])).backward()
      try scaler.step(fixture.optimizer)
      try scaler.update()
    }
    #expect(scaler.scale == 0x1p127)
  }

  @Test func overflowSkipsItsOptimizerAndDecreasesTheCommonScale() throws {
    let good = Fixture([1])
    let bad = Fixture([1])
    let scaler = try GradientScaler()
    try scaler.scale(good.loss([1])).backward()
    try scaler.scale(bad.loss([.infinity])).backward()
    #expect(try scaler.step(good.optimizer))
    #expect(try !scaler.step(bad.optimizer))
    try scaler.update()
    #expect(good.weight.item != 1)
    #expect(bad.weight.item == 1)
    #expect(scaler.scale == 32768)
  }

  @Test func gradientsTooSmallForFloat16DoNotUnderflow() throws {
    let x = Tensor([1e-3] as [Float], shape: [1, 1])
    func gradient(_ scaler: GradientScaler?) throws -> Double {
      let layer = Linear(1, 1, bias: false)
      noGrad { layer.weight.zero_() }
      let optimizer = SGD(layer.parameters, learningRate: 1)
      let loss = try withAutocast(.float16, device: .cpu) {
        (try layer(x).to(.float32) * 2e-5).sum()
      }
      try (scaler?.scale(loss) ?? loss).backward()
      try scaler?.unscale(optimizer)
      return layer.weight.grad?.item ?? -1
    }
    #expect(try gradient(nil) == 0)
    #expect(abs(try gradient(GradientScaler()) / 2e-8 - 1) < 1e-2)
  }

  @Test func misuseThrowsADescriptiveError() throws {
    let fixture = Fixture()
    let scaler = try GradientScaler()
    func expectMisuse(_ words: String, _ body: () throws -> Void) {
      let error = #expect(throws: TorchError.self) { try body() }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    expectMisuse("before step") { try scaler.update() }
    expectMisuse("no parameter of the optimizer has a gradient") {
      try scaler.step(fixture.optimizer)
    }
    fixture.weight.grad = Tensor([1, 1] as [Float])
    expectMisuse("backward() on scale(loss)") { try scaler.step(fixture.optimizer) }
    try scaler.scale(fixture.loss([1, 1])).backward()
    try scaler.unscale(fixture.optimizer)
    expectMisuse("called twice") { try scaler.unscale(fixture.optimizer) }
    try scaler.step(fixture.optimizer)
    expectMisuse("called twice") { try scaler.step(fixture.optimizer) }
    expectMisuse("after step") { try scaler.unscale(fixture.optimizer) }
    try scaler.update()

    let half = Tensor([1] as [Float]).to(.float16)
    half.grad = Tensor([1] as [Float]).to(.float16)
    expectMisuse("float16") { try scaler.step(SGD([half], learningRate: 1)) }
  }

  @Test(arguments: [
    (GradientScaler.State(scale: 0), "scale is 0.0"),
    (GradientScaler.State(scale: .infinity), "scale is inf"),
    (GradientScaler.State(growthFactor: 1), "growthFactor is 1.0"),
    (GradientScaler.State(backoffFactor: 1), "backoffFactor is 1.0"),
    (GradientScaler.State(growthInterval: 0), "growthInterval is 0"),
    (GradientScaler.State(growthTracker: -1), "growthTracker is -1"),
  ])
  func invalidStatesAreRejected(state: GradientScaler.State, words: String) {
    let error = #expect(throws: TorchError.self) { try GradientScaler(state) }
    #expect(error?.message.contains(words) == true)
  }
}
