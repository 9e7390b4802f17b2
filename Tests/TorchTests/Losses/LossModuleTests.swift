import Testing
import Torch

@Suite struct LossModuleTests {
  private let x = Tensor([0.5, -1, 2, 0.25, 1, -0.5] as [Float], shape: [2, 3])
  private let y = Tensor([1, 0, 1, 0, 1, 1] as [Float], shape: [2, 3])
  private let signs = Tensor([1, -1, 1, -1, 1, 1] as [Float], shape: [2, 3])
  private let classes = Tensor([2, 0])

  private func expect(_ loss: Tensor, _ expected: Double, _ comment: Comment) {
    #expect(abs(loss.item - expected) < 1e-5 * max(1, abs(expected)), comment)
  }

  // The expected values are PyTorch 2.13's for the same tensors (float32, 6 digits).
  @Test func lossesOfPairsArePyTorchs() throws {
    let probabilities = y * 0.8 + 0.1
    expect(try L1Loss()(x, y), 0.708333, "L1Loss")
    expect(try MSELoss(reduction: .sum)(x, y), 4.5625, "MSELoss")
    expect(try SmoothL1Loss(beta: 0.5)(x, y), 0.510417, "SmoothL1Loss")
    expect(try HuberLoss(delta: 0.75)(x, y), 0.322917, "HuberLoss")
    expect(try PoissonNLLLoss()(x, y), 1.835749, "PoissonNLLLoss")
    expect(try CrossEntropyLoss(labelSmoothing: 0.1)(x, classes), 0.834644, "CrossEntropyLoss")
    expect(
      try CrossEntropyLoss(weight: Tensor([1, 2, 0.5] as [Float]), ignoreIndex: 0)(x, classes),
      0.241311, "weighted CrossEntropyLoss")
    expect(
      try NLLLoss(weight: Tensor([1, 2, 0.5] as [Float]))(x.logSoftmax(dim: 1), classes), 0.932421,
      "NLLLoss")
    expect(try BCELoss()(probabilities, y), 0.105361, "BCELoss")
    expect(
      try BCEWithLogitsLoss(posWeight: Tensor([1, 2, 3] as [Float]))(x, y), 0.923803,
      "BCEWithLogitsLoss")
    expect(try KLDivLoss(reduction: .batchmean)(x.logSoftmax(dim: 1), y), 2.269287, "KLDivLoss")
    expect(try MultiMarginLoss(p: 2)(x, classes), 0.520833, "MultiMarginLoss")
    expect(
      try MultiLabelMarginLoss()(x, Tensor([2, -1, 0, 1, 0, -1], shape: [2, 3])), 0.041667,
      "MultiLabelMarginLoss")
    expect(
      try MultiLabelSoftMarginLoss(weight: Tensor([1, 2, 0.5] as [Float]))(x, y), 0.517261,
      "MultiLabelSoftMarginLoss")
    expect(try SoftMarginLoss()(x, signs), 0.504591, "SoftMarginLoss")
    expect(try HingeEmbeddingLoss(margin: 1.5)(x, signs), 1.125, "HingeEmbeddingLoss")
  }

  @Test func lossesOfTriplesArePyTorchs() throws {
    let variances = Tensor([0.5, 2] as [Float], shape: [2, 1])
    expect(try GaussianNLLLoss(full: true)(x, y, variances), 1.390293, "GaussianNLLLoss")
    expect(
      try MarginRankingLoss(margin: 0.5)(x[0], x[1], signs[0]), 0.083333, "MarginRankingLoss")
    expect(
      try CosineEmbeddingLoss(margin: 0.1)(x, y, Tensor([1, -1] as [Float])), 0.218545,
      "CosineEmbeddingLoss")
    expect(try TripletMarginLoss(swap: true)(x, y, signs), 1.510344, "TripletMarginLoss")
    expect(
      try TripletMarginWithDistanceLoss(
        distanceFunction: { ($0 - $1).abs().sum(dim: 1) }, margin: 2)(x, y, signs), 2.0,
      "TripletMarginWithDistanceLoss")
  }

  @Test func ctcLossIsPyTorchs() throws {
    let logProbs = Tensor((0..<24).map { Float($0 * 7 % 5) / 4 }, shape: [4, 2, 3]).logSoftmax(
      dim: 2)
    let targets = Tensor([1, 2, 2, 1], shape: [2, 2])
    let loss = try CTCLoss()(logProbs, targets, Tensor([4, 4]), Tensor([2, 1]))
    expect(loss, 1.656905, "CTCLoss")
  }

  @Test func reductionsAreThePyTorchs() throws {
    #expect(try MSELoss(reduction: .none)(x, y).shape == [2, 3])
    #expect(try MultiLabelSoftMarginLoss(reduction: .none)(x, y).shape == [2])
    #expect(try GaussianNLLLoss(reduction: .none)(x, y, y.onesLike()).shape == [2, 3])
    let mean = try KLDivLoss()(x.logSoftmax(dim: 1), y).item
    #expect(
      abs(try KLDivLoss(reduction: .batchmean)(x.logSoftmax(dim: 1), y).item - 3 * mean) < 1e-5)
  }

  /// Below `eps`, the gradient of a variance is that at `eps`.
  @Test func aSmallVarianceHasPyTorchsGradient() throws {
    let variance = Tensor([1e-9, 0.5] as [Float])
    variance.requiresGrad = true
    let zeros = Tensor.zeros([2])
    try gaussianNllLoss(zeros, zeros, var: variance, eps: 0.25, reduction: .sum).backward()
    #expect(variance.grad?.array(of: Float.self) == [2, 1])
  }

  @Test func shapesThatWouldBroadcastAreRefused() {
    func failure(_ body: () throws -> Tensor) -> String {
      do {
        _ = try catchingTorchErrors(body)
        return ""
      } catch {
        return "\(error)"
      }
    }
    let column = Tensor.zeros([4, 1])
    let row = Tensor.zeros([4])
    for loss in [
      { try GaussianNLLLoss()(column, row, column) },
      { try MultiLabelSoftMarginLoss()(column, row) }, { try MSELoss()(column, row) },
    ] as [() throws -> Tensor] {
      #expect(failure(loss).contains("reshape"))
    }
    #expect(
      failure { try GaussianNLLLoss()(x, y, Tensor.zeros([3, 2])) }.contains(
        "the variances have shape [3, 2], but the means have shape [2, 3]"))
    #expect(failure { try GaussianNLLLoss()(x, y, x) }.contains("a variance is negative"))
    #expect(
      failure { try TripletMarginWithDistanceLoss()(row, row, column) }.contains(
        "[1, 1, 2] dimensions"))
  }
}
