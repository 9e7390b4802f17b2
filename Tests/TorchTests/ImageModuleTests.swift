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
