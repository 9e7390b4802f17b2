import Foundation
import Testing
import Torch

@Suite struct LossTests {
  @Test func mseLossIsTheMeanOfTheSquares() {
    let loss = mseLoss(Tensor([1, 2, 4] as [Float]), Tensor([1, 4, 1] as [Float]))
    #expect(loss.shape == [])
    #expect(loss.item == 13 / 3.0 || abs(loss.item - 13 / 3.0) < 1e-6)
  }

  /// Different shapes, some of which PyTorch would broadcast to all pairs of elements.
  @Test(arguments: [
    ([4, 1], [4]), ([4], [4, 1]), ([4, 1], [1, 4]), ([2, 3], [3]), ([2, 3], [1]), ([3], []),
    ([], [1]), ([2, 1, 3], [2, 2, 3]), ([0], [1]),
  ])
  func differentShapesAreNamed(predictions: [Int], targets: [Int]) {
    #expect {
      try catchingTorchErrors {
        mseLoss(Tensor.zeros(predictions), Tensor.zeros(targets))
      }
    } throws: { error in
      (error as? TorchError)?.code == .operatorFailed && "\(error)".contains("mseLoss")
        && "\(error)".contains("\(predictions)") && "\(error)".contains("\(targets)")
        && "\(error)".contains("reshape")
    }
  }

  /// Targets that are not one class index per sample, or one probability per score.
  @Test(arguments: [
    ([2, 3], [2, 1], DType.int64, "targets.reshape([2])"),
    ([2, 3], [1, 2], .int64, "targets.reshape([2])"),
    ([2, 3], [3], .int64, "each of the 2 samples"), ([2, 3], [], .int64, "each of the 2 samples"),
    ([2, 3], [2, 3], .int64, "each of the 2 samples"), ([3], [1], .int64, "reshape([])"),
    ([2, 3, 4], [2], .int64, "[2, 4]"), ([2, 3, 4, 5], [2, 5, 4], .int64, "[2, 4, 5]"),
    ([2, 3], [2], .float32, "to(.int64)"), ([2, 3], [2, 1], .float32, "probabilities"),
    ([2, 3], [3], .float64, "probabilities"), ([4], [1], .float32, "[batch, classes]"),
    ([2, 3], [2], .int32, "to(.int64)"), ([2, 3], [2], .bool, "int64"),
    ([], [], .int64, "[batch, classes]"),
  ])
  func targetsThatDoNotFitAreNamed(
    logits: [Int], targets: [Int], dtype: DType, remedy: String
  ) {
    #expect {
      try catchingTorchErrors {
        crossEntropy(Tensor.zeros(logits), Tensor.zeros(targets, dtype: dtype))
      }
    } throws: { error in
      (error as? TorchError)?.code == .operatorFailed && "\(error)".contains("crossEntropy(")
        && "\(error)".contains("float32\(logits)") && "\(error)".contains("\(dtype)\(targets)")
        && "\(error)".contains(remedy)
    }
  }

  /// Equal scores give the logarithm of the number of classes.
  @Test(arguments: [
    ([2, 3], [2], 3), ([1, 5], [1], 5), ([4, 2, 3], [4, 3], 2), ([2, 7, 2, 2], [2, 2, 2], 7),
    ([6], [], 6),
  ])
  func crossEntropyOfEqualScoresIsTheLogarithmOfTheClasses(
    logits: [Int], targets: [Int], classes: Double
  ) {
    let loss = crossEntropy(Tensor.zeros(logits), Tensor.zeros(targets, dtype: .int64))
    #expect(loss.shape == [])
    #expect(abs(loss.item - log(classes)) < 1e-6)
  }

  @Test func crossEntropyTakesProbabilities() {
    let logits = Tensor([1, 2, 3, 0, 0, 5] as [Float], shape: [2, 3])
    let indices = crossEntropy(logits, Tensor([2, 0]))
    let certain = Tensor([0, 0, 1, 1, 0, 0] as [Float], shape: [2, 3])
    #expect(abs(crossEntropy(logits, certain).item - indices.item) < 1e-6)
  }

  @Test func earlierFailureIsTheOneThatIsReported() {
    #expect {
      try catchingTorchErrors {
        mseLoss(Tensor.zeros([2]).matmul(Tensor.zeros([3])), Tensor.zeros([2]))
      }
    } throws: { "\($0)".contains("aten::matmul") }
  }

  @Test func differentShapesOutsideAScopeExitTheProcess() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      _ = mseLoss(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("float32[4, 1] cpu, float32[4] cpu"))
  }
}
