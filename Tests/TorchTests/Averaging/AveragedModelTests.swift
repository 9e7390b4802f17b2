import ProcessHarness
import Testing
import Torch

private final class Network: Module {
  let linear = Linear(2, 1)
  @Buffer var seen = Tensor.zeros([])

  func forward(_ x: Tensor) throws -> Tensor { try linear(x) }

  func set(_ value: Double) {
    noGrad {
      linear.weight.fill_(value)
      linear.bias?.fill_(-value)
      seen.fill_(value * 10)
    }
  }
}

@Suite struct AveragedModelTests {
  /// Averages models whose weights are 1, 2, 4, and returns a weight after each.
  private func weights(_ function: AverageFunction, useBuffers: Bool = false) throws -> [Double] {
    let model = Network()
    let averaged = AveragedModel(Network(), function, useBuffers: useBuffers)
    return try [1.0, 2, 4].map { value in
      model.set(value)
      try averaged.updateParameters(model)
      #expect(averaged.module.linear.bias?.item == -averaged.module.linear.weight[0, 0].item)
      return averaged.module.linear.weight[0, 1].item
    }
  }

  @Test func averagesArePyTorchs() throws {
    // (1 + 2 + 4) / 3, and 0.75 (0.75 · 1 + 0.25 · 2) + 0.25 · 4.
    let swa = try weights(.swa)
    #expect(swa[..<2] == [1, 1.5])
    #expect(abs(swa[2] - 7.0 / 3) < 1e-6)
    #expect(try weights(.ema(decay: 0.75)) == [1, 1.25, 1.9375])
    #expect(
      try weights(.custom { $0 + $1 * $2 }) == [1, 3, 11])
  }

  @Test func buffersAreCopiedOrAveraged() throws {
    let model = Network()
    let copying = AveragedModel(Network(), .swa)
    let averaging = AveragedModel(Network(), .swa, useBuffers: true)
    for value in [1.0, 3] {
      model.set(value)
      try copying.updateParameters(model)
      try averaging.updateParameters(model)
    }
    #expect(copying.module.seen.item == 30)
    #expect(averaging.module.seen.item == 20)
    #expect(copying.nAveraged.item == 2)
  }

  @Test func namesArePyTorchs() {
    let averaged = AveragedModel(Network())
    #expect(
      averaged.stateDict.keys.sorted() == [
        "module.linear.bias", "module.linear.weight", "module.seen", "n_averaged",
      ])
  }

  @Test func aResumedAverageReachesTheSameBits() throws {
    let model = Network()
    let whole = AveragedModel(Network(), .swa)
    for value in [1.0, 2] {
      model.set(value)
      try whole.updateParameters(model)
    }
    let resumed = AveragedModel(Network(), .swa)
    try resumed.restoreState(whole.captureState())
    for value in [5.0, 7.5] {
      model.set(value)
      try whole.updateParameters(model)
      try resumed.updateParameters(model)
    }
    #expect(resumed.nAveraged.item == 4)
    #expect(resumed.stateDict.fingerprint == whole.stateDict.fingerprint)
  }

  @Test func anotherModelIsRefused() throws {
    let averaged = AveragedModel(Linear(2, 1))
    #expect {
      try averaged.updateParameters(Linear(3, 1))
    } throws: {
      ($0 as? TorchError)?.code == .mismatch && "\($0)".contains("'weight' of shape [1, 3]")
    }
    let model = Linear(2, 1)
    #expect {
      try AveragedModel(model).updateParameters(model)
    } throws: {
      "\($0)".contains("has the same 'weight' as the model")
    }
    #expect(averaged.nAveraged.item == 0)
  }

  @Test func aDecayAboveOneIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AverageFunction.ema(decay: 1.5)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the decay of an average is 1.5; use 0 or more and 1 or less"))
  }
}
