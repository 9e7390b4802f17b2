import Testing
import Torch

/// A batch normalization for inputs of a number of dimensions.
private func batchNorm(_ channels: Int, ndim: Int) -> BatchNorm {
  switch ndim {
  case 5: BatchNorm3d(channels)
  case 4: BatchNorm2d(channels)
  default: BatchNorm1d(channels)
  }
}

@Suite struct BatchNormTests {
  /// A batch of two samples with two channels of two elements.
  private let batch = Tensor([1, 3, 10, 10, 5, 7, 30, 30] as [Float], shape: [2, 2, 2])

  @Test func trainingNormalizesEachChannelOverTheBatch() throws {
    let norm = BatchNorm1d(2, eps: 0)
    let output = try norm(batch)
    #expect(output.shape == [2, 2, 2])
    // Means 4 and 20, variances 5 and 100.
    let expected = [-3, -1, -10, -10, 1, 3, 10, 10].enumerated().map { index, distance in
      Float(distance) / (index % 4 < 2 ? Float(5).squareRoot() : 10)
    }
    let off = zip(output.array(of: Float.self), expected).map { abs($0 - $1) }.max() ?? 1
    #expect(off < 1e-6)
  }

  @Test func evaluationUsesRunningStatisticsWithMomentum() throws {
    let norm = BatchNorm1d(2, eps: 0, momentum: 0.5)
    _ = try norm(batch)
    #expect(norm.runningMean?.array(of: Float.self) == [2, 10])
    // The unbiased variances 20/3 and 400/3; the running variances were 1.
    let variances = try #require(norm.runningVar).array(of: Float.self)
    #expect(abs(variances[0] - (0.5 + 10.0 / 3)) < 1e-5)
    #expect(abs(variances[1] - (0.5 + 200.0 / 3)) < 1e-4)
    #expect(norm.numBatchesTracked?.array(of: Int64.self) == [1])

    norm.eval()
    let value = try norm(Tensor([2, 10] as [Float], shape: [1, 2]))
    #expect(value.array(of: Float.self).allSatisfy { abs($0) < 1e-6 })
    #expect(norm.numBatchesTracked?.array(of: Int64.self) == [1])
  }

  /// PyTorch's `ValueError: Expected more than 1 value per channel when training`.
  @Test(arguments: [[1, 3], [1, 3, 1], [1, 3, 1, 1], [1, 3, 1, 1, 1]])
  func oneValuePerChannelIsRefusedInTraining(shape: [Int]) throws {
    let norm = batchNorm(3, ndim: shape.count)
    let before = norm.stateDict.fingerprint
    #expect {
      try catchingTorchErrors { _ = try norm(Tensor.randn(shape)) }
    } throws: { error in
      (error as? TorchError)?.code == .operatorFailed
        && "\(error)".contains("expected more than 1 value per channel when training")
        && "\(error)".contains("\(shape)") && "\(error)".contains("eval()")
    }
    #expect(norm.stateDict.fingerprint == before)
    norm.eval()
    #expect(try norm(Tensor.randn(shape)).shape == shape)
    #expect(norm.stateDict.fingerprint == before)
  }

  @Test(arguments: [[2, 3], [1, 3, 2], [1, 3, 1, 2], [2, 3, 1, 1], [0, 3], [0, 3, 4]])
  func otherBatchesAreNormalized(shape: [Int]) throws {
    let norm = batchNorm(3, ndim: shape.count)
    #expect(try norm(Tensor.randn(shape)).shape == shape)
    #expect(norm.numBatchesTracked?.array(of: Int64.self) == [1])
    for statistic in [norm.runningMean, norm.runningVar] {
      #expect(try #require(statistic).array(of: Float.self).allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: [[], [3], [2], [2, 4], [3, 2, 3]])
  func inputWithoutTheChannelsIsRefused(shape: [Int]) {
    for isTraining in [true, false] {
      let norm = batchNorm(3, ndim: shape.count)
      norm.isTraining = isTraining
      #expect {
        try catchingTorchErrors { _ = try norm(Tensor.zeros(shape)) }
      } throws: { error in
        "\(error)".contains(shape.count < 2 ? "2 or 3 dimensions" : "expected 3 channels")
          && "\(error)".contains("got \(shape)")
      }
    }
  }

  /// The last batch of an epoch may have one sample.
  @Test func lastBatchOfOneSampleNamesTheModule() throws {
    final class Network: Module {
      let hidden = Linear(4, 8)
      let blocks = [BatchNorm1d(8)]
      func forward(_ x: Tensor) throws -> Tensor { try blocks[0](hidden(x)) }
    }
    let model = Network()
    for size in [8, 2] { _ = try model(Tensor.randn([size, 4])) }
    let error = #expect(throws: TorchError.self) {
      try catchingTorchErrors { _ = try model(Tensor.randn([1, 4])) }
    }
    #expect(error?.message.contains("blocks.0 (BatchNorm1d of Network)") == true)
    #expect(error?.message.contains("dropLast") == true)
  }

  @Test func stateNamesAreThoseOfPyTorch() {
    #expect(
      Set(BatchNorm1d(2).stateDict.keys) == [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
      ])
  }

  /// Without a momentum the running statistics are means over all batches: 4 and 8 give 6.
  @Test func withoutAMomentumAllBatchesCountEqually() throws {
    let norm = BatchNorm1d(1, momentum: nil)
    for mean in [4, 8] as [Float] {
      _ = try norm(Tensor([mean - 1, mean + 1], shape: [2, 1]))
    }
    #expect(norm.runningMean?.array(of: Float.self) == [6])
    // Both batches have the unbiased variance 2.
    #expect(norm.runningVar?.array(of: Float.self) == [2])
    norm.resetRunningStats()
    #expect(norm.runningMean?.item == 0 && norm.runningVar?.item == 1)
    #expect(norm.numBatchesTracked?.item == 0)
  }

  @Test func withoutStatisticsEvaluationNormalizesWithTheBatch() throws {
    let norm = BatchNorm1d(2, affine: false, trackRunningStats: false)
    #expect(norm.stateDict.isEmpty)
    let trained = try norm(batch).array(of: Float.self)
    norm.eval()
    #expect(try norm(batch).array(of: Float.self) == trained)
  }

  @Test func otherNumbersOfDimensionsAreRefused() {
    for (norm, shape) in [(BatchNorm2d(3), [2, 3]), (BatchNorm3d(3), [2, 3, 4, 4])]
      as [(BatchNorm, [Int])]
    {
      let error = #expect(throws: TorchError.self) {
        try catchingTorchErrors { _ = try norm(Tensor.zeros(shape)) }
      }
      #expect(error?.message.contains("got \(shape)") == true)
    }
  }
}
