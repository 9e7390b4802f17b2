import Testing
import Torch

@Suite struct GradientNormTests {
  /// Three parameters, the last without a gradient.
  private func parameters(first: Float = 0.1) -> [Tensor] {
    let parameters = [Tensor.zeros([3]), Tensor.zeros([2, 2]), Tensor.zeros([1])]
    parameters[0].grad = Tensor([first, -0.2, 0.3] as [Float])
    parameters[1].grad = Tensor([1, 2, 3, -4] as [Float], shape: [2, 2])
    return parameters
  }

  private func gradients(_ parameters: [Tensor]) -> [Float] {
    parameters.compactMap(\.grad).flatMap { $0.array(of: Float.self) }
  }

  // Results of torch 2.13's torch.nn.utils.clip_grad_norm_(parameters, 1.5, p), bit for bit.
  @Test(arguments: [
    (
      2.0, 0x1.5f5c04p+2,
      [
        0x1.bfa6a0p-6, -0x1.bfa6a0p-5, 0x1.4fbcf8p-4, 0x1.17c824p-2, 0x1.17c824p-1, 0x1.a3ac36p-1,
        -0x1.17c824p+0,
      ] as [Float]
    ),
    (
      1.0, 0x1.533334p+3,
      [
        0x1.cfb2b4p-7, -0x1.cfb2b4p-6, 0x1.5bc608p-5, 0x1.21cfb0p-3, 0x1.21cfb0p-2, 0x1.b2b788p-2,
        -0x1.21cfb0p-1,
      ]
    ),
    (
      .infinity, 4,
      [
        0x1.33332ep-5, -0x1.33332ep-4, 0x1.ccccc6p-4, 0x1.7ffffap-2, 0x1.7ffffap-1, 0x1.1ffffcp+0,
        -0x1.7ffffap+0,
      ]
    ),
  ])
  func largeNormIsClippedAsInPyTorch(p: Double, norm: Double, expected: [Float]) throws {
    let parameters = parameters()
    #expect(try clipGradNorm(parameters, 1.5, normType: p).item == norm)
    #expect(gradients(parameters) == expected)
    #expect(parameters[2].grad == nil)
  }

  @Test(arguments: [100, .infinity])
  func smallNormLeavesGradientsUnchanged(limit: Double) throws {
    let parameters = parameters()
    let before = gradients(parameters)
    #expect(try clipGradNorm(parameters, limit).item == 0x1.5f5c04p+2)
    #expect(gradients(parameters) == before)
  }

  @Test func normIsZeroWithoutGradients() throws {
    #expect(try clipGradNorm([Tensor.zeros([2])], 1).item == 0)
    #expect(gradientNorm(of: []).item == 0)
  }

  @Test func gradientsMayHaveDifferentTypes() {
    let parameters = parameters()
    let double = Tensor.zeros([1]).to(.float64)
    double.grad = Tensor([12] as [Double])
    #expect(abs(gradientNorm(of: parameters + [double]).item - (30.14 + 144).squareRoot()) < 1e-5)
  }

  @Test(arguments: [Float.infinity, .nan])
  func nonFiniteNormPropagatesAsInPyTorchOrThrows(value: Float) throws {
    let parameters = parameters(first: value)
    let error = #expect(throws: TorchError.self) {
      try clipGradNorm(parameters, 1.5, errorIfNonfinite: true)
    }
    #expect(error?.code == .notFinite)
    #expect(gradients(parameters).suffix(4) == [1, 2, 3, -4], "the gradients are unchanged")

    #expect(try !clipGradNorm(parameters, 1.5).item.isFinite)
    let after = gradients(parameters)
    #expect(after[0].isNaN)
    // An infinite norm makes the other gradients 0; a NaN makes them NaN.
    #expect(after.dropFirst().allSatisfy { value.isNaN ? $0.isNaN : $0 == 0 })
  }
}
