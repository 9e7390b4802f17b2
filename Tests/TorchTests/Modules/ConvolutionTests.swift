import Testing
import Torch

/// All arguments are compared with PyTorch by `make test-modules`.
@Suite struct ConvolutionTests {
  @Test func samePaddingKeepsTheSize() throws {
    let x = Tensor.randn([2, 3, 8, 7])
    #expect(try Conv2d(3, 4, kernelSize: [3, 4], padding: .same)(x).shape == [2, 4, 8, 7])
    #expect(try Conv2d(3, 4, kernelSize: 3, padding: .valid)(x).shape == [2, 4, 6, 5])
    #expect(try Conv2d(3, 4, kernelSize: 3, padding: [1, 2])(x).shape == [2, 4, 8, 9])
  }

  @Test func sizesMayBeVariables() {
    let size = 3
    let sizes = [3, 5]
    #expect(Conv2d(1, 2, kernelSize: size, padding: size).weight.shape == [2, 1, 3, 3])
    #expect(Conv2d(1, 2, kernelSize: sizes, padding: sizes).weight.shape == [2, 1, 3, 5])
  }

  @Test func circularPaddingTakesTheOppositeEnd() throws {
    let sum = Conv1d(1, 1, kernelSize: 3, padding: .same, bias: false, paddingMode: .circular)
    Init.ones(sum.weight)
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [1, 1, 4])
    #expect(try sum(x).array(of: Float.self) == [7, 6, 9, 8])
  }

  @Test func groupsSeparateChannels() throws {
    let convolution = Conv1d(2, 2, kernelSize: 1, groups: 2, bias: false)
    #expect(convolution.weight.shape == [2, 1, 1])
    noGrad { _ = convolution.weight.copy_(Tensor([2, 3] as [Float], shape: [2, 1, 1])) }
    let x = Tensor([1, 10] as [Float], shape: [1, 2, 1])
    #expect(try convolution(x).array(of: Float.self) == [2, 30])
  }

  @Test func outputSizeChoosesAmongThePossibleSizes() throws {
    let convolution = ConvTranspose1d(1, 1, kernelSize: 2, stride: 2, bias: false)
    noGrad { _ = convolution.weight.copy_(Tensor([1, 10] as [Float], shape: [1, 1, 2])) }
    let x = Tensor([1, 2] as [Float], shape: [1, 1, 2])
    #expect(try convolution(x).array(of: Float.self) == [1, 10, 2, 20])
    #expect(convolution(x, outputSize: [5]).array(of: Float.self) == [1, 10, 2, 20, 0])
    expectFailure("gives sizes from [4] to [5]") { convolution(x, outputSize: [6]) }
    expectFailure("gives sizes from [4] to [5]") { convolution(x, outputSize: [4, 4]) }
  }

  /// Values of PyTorch 2.13 for seed 0.
  @Test func initialValuesArePyTorchs() {
    manualSeed(0)
    let convolution = Conv2d(2, 2, kernelSize: 1, groups: 2)
    #expect(convolution.weight.array(of: Float.self) == [-0.00748682022, 0.536443591])
    #expect(convolution.bias?.array(of: Float.self) == [-0.823045135, -0.735939026])
  }

  @Test func mistakesStopTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Conv2d(3, 4, kernelSize: [3, 3, 3])
      }, stopsWith: "kernelSize has 3 integers; use 1 or 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Conv1d(3, 4, kernelSize: 3, groups: 2)
      }, stopsWith: "inChannels is 3, which 2 groups do not divide")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Conv3d(4, 4, kernelSize: 3, stride: [1, 2, 1], padding: .same)
      }, stopsWith: "padding is .same, which needs a stride of 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ConvTranspose2d(4, 4, kernelSize: 3, outputPadding: -1)
      }, stopsWith: "outputPadding is -1; use 0 or more")
  }
}
