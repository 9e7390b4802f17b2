import Foundation
import Testing
import Torch

@Suite struct Conv2dTests {
  private func convolution(stride: Int = 1, padding: Int = 0) -> Conv2d {
    let convolution = Conv2d(1, 2, kernelSize: 2, stride: stride, padding: padding)
    noGrad {
      convolution.weight.copy_(Tensor([1, 2, 3, 4, 0, 0, 0, 1], shape: [2, 1, 2, 2]))
      convolution.bias?.copy_(Tensor([0.5, -1]))
    }
    return convolution
  }

  private let image = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float], shape: [1, 1, 3, 3])

  @Test func outputIsTheCrossCorrelationWithTheKernel() throws {
    let output = try convolution()(image)
    #expect(output.shape == [1, 2, 2, 2])
    // 1·1 + 2·2 + 4·3 + 5·4 + 0.5, and so on.
    #expect(
      output.array(of: Float.self) == [37.5, 47.5, 67.5, 77.5, 4, 5, 7, 8])
  }

  @Test func strideAndPaddingSelectTheWindows() throws {
    let output = try convolution(stride: 2, padding: 1)(image)
    #expect(output.shape == [1, 2, 2, 2])
    // With a border of zeros: 1·4; 2·3 + 3·4; 4·2 + 7·4; the last window is inside. Plus 0.5 each.
    #expect(
      output.array(of: Float.self) == [4.5, 18.5, 36.5, 5 + 12 + 24 + 36 + 0.5, 0, 2, 6, 8])
  }

  @Test func gradientsAreThoseOfTheSum() throws {
    let convolution = convolution()
    try convolution(image).sum().backward()
    #expect(convolution.bias?.grad?.array(of: Float.self) == [4, 4])
    #expect(
      convolution.weight.grad?.array(of: Float.self) == [12, 16, 24, 28, 12, 16, 24, 28])
  }

  /// The first convolution of a process, on several threads at the same time.
  @Test func threadsMayRunTheFirstConvolutionConcurrently() async {
    await #expect(processExitsWith: .success) {
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        let input = Tensor.zeros([2, 2, 5, 5])
        input.requiresGrad = true
        try? Conv2d(2, 4, kernelSize: 3)(input).sum().backward()
        precondition(input.grad != nil)
      }
    }
  }
}

@Suite struct BatchNormTests {
  /// A batch of two samples with two channels of two elements.
  private let batch = Tensor([1, 3, 10, 10, 5, 7, 30, 30] as [Float], shape: [2, 2, 2])

  @Test func trainingNormalizesEachChannelOverTheBatch() throws {
    let norm = BatchNorm(2, epsilon: 0)
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
    let norm = BatchNorm(2, epsilon: 0, momentum: 0.5)
    _ = try norm(batch)
    #expect(norm.runningMean.array(of: Float.self) == [2, 10])
    // The unbiased variances 20/3 and 400/3; the running variances were 1.
    let variances = norm.runningVariance.array(of: Float.self)
    #expect(abs(variances[0] - (0.5 + 10.0 / 3)) < 1e-5)
    #expect(abs(variances[1] - (0.5 + 200.0 / 3)) < 1e-4)
    #expect(norm.batchCount.array(of: Int64.self) == [1])

    norm.eval()
    let value = try norm(Tensor([2, 10] as [Float], shape: [1, 2]))
    #expect(value.array(of: Float.self).allSatisfy { abs($0) < 1e-6 })
    #expect(norm.batchCount.array(of: Int64.self) == [1])
  }

  /// PyTorch's `ValueError: Expected more than 1 value per channel when training`.
  @Test(arguments: [[1, 3], [1, 3, 1], [1, 3, 1, 1], [1, 3, 1, 1, 1]])
  func oneValuePerChannelIsRefusedInTraining(shape: [Int]) throws {
    let norm = BatchNorm(3)
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
    let norm = BatchNorm(3)
    #expect(try norm(Tensor.randn(shape)).shape == shape)
    #expect(norm.batchCount.array(of: Int64.self) == [1])
    #expect(norm.runningMean.array(of: Float.self).allSatisfy { $0.isFinite })
    #expect(norm.runningVariance.array(of: Float.self).allSatisfy { $0.isFinite })
  }

  @Test(arguments: [[], [3], [2], [2, 4], [3, 2, 3]])
  func inputWithoutTheChannelsIsRefused(shape: [Int]) {
    for isTraining in [true, false] {
      let norm = BatchNorm(3)
      norm.isTraining = isTraining
      #expect {
        try catchingTorchErrors { _ = try norm(Tensor.zeros(shape)) }
      } throws: { error in
        "\(error)".contains("[batch, 3, …]") && "\(error)".contains("got \(shape)")
      }
    }
  }

  /// The last batch of an epoch may have one sample.
  @Test func lastBatchOfOneSampleNamesTheModule() throws {
    final class Network: Module {
      let hidden = Linear(4, 8)
      let blocks = [BatchNorm(8)]
      func forward(_ x: Tensor) throws -> Tensor { try blocks[0](hidden(x)) }
    }
    let model = Network()
    for size in [8, 2] { _ = try model(Tensor.randn([size, 4])) }
    let error = #expect(throws: TorchError.self) {
      try catchingTorchErrors { _ = try model(Tensor.randn([1, 4])) }
    }
    #expect(error?.message.contains("blocks.0 (BatchNorm of Network)") == true)
    #expect(error?.message.contains("dropLast") == true)
  }

  @Test func stateNamesAreThoseOfPyTorch() {
    #expect(
      Set(BatchNorm(2).stateDict.keys) == [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
      ])
  }
}
