import Testing
import Torch

@Suite struct LossTests {
  @Test func meanSquaredErrorIsTheMeanOfTheSquares() {
    let loss = meanSquaredError(Tensor([1, 2, 4] as [Float]), Tensor([1, 4, 1] as [Float]))
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
        meanSquaredError(Tensor(zeros: predictions), Tensor(zeros: targets))
      }
    } throws: { error in
      (error as? TorchError)?.code == .operatorFailed && "\(error)".contains("meanSquaredError")
        && "\(error)".contains("\(predictions)") && "\(error)".contains("\(targets)")
        && "\(error)".contains("reshape")
    }
  }

  @Test func earlierFailureIsTheOneThatIsReported() {
    #expect {
      try catchingTorchErrors {
        meanSquaredError(Tensor(zeros: [2]).matmul(Tensor(zeros: [3])), Tensor(zeros: [2]))
      }
    } throws: { "\($0)".contains("aten::matmul") }
  }

  @Test func differentShapesOutsideAScopeExitTheProcess() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      _ = meanSquaredError(Tensor(zeros: [4, 1]), Tensor(zeros: [4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("float32[4, 1] cpu, float32[4] cpu"))
  }
}
