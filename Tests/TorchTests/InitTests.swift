import Testing
import Torch

/// All functions are compared with PyTorch by `make test-modules`.
@Suite struct InitTests {
  private let matrix = Tensor.empty([2, 3])

  /// Values of PyTorch 2.13 for seed 0.
  @Test func valuesArePyTorchs() {
    manualSeed(0)
    Init.xavierUniform(matrix)
    #expect(matrix.array(of: Float.self)[..<2] == [-0.00820140075, 0.587644517])
    manualSeed(0)
    Init.kaimingNormal(matrix, nonlinearity: .relu)
    #expect(matrix.array(of: Float.self)[..<2] == [1.25821805, -0.239583701])
    manualSeed(0)
    Init.truncNormal(matrix, a: -0.5, b: 0.5)
    #expect(matrix.array(of: Float.self)[..<2] == [0.403346837, -0.293428898])
  }

  @Test func rowsOfAnOrthogonalMatrixAreOrthonormal() {
    Init.orthogonal(matrix, gain: 2)
    let products = matrix.matmul(matrix.t()).array(of: Float.self)
    for (value, expected) in zip(products, [4, 0, 0, 4] as [Float]) {
      #expect(abs(value - expected) < 1e-5)
    }
  }

  @Test func parametersRemainParametersWithoutAGraph() {
    let layer = Linear(3, 2)
    Init.kaimingUniform(layer.weight)
    Init.zeros(layer.weight)
    #expect(layer.weight.requiresGrad)
    #expect(layer.weight.isLeaf)
    #expect(layer.weight.array(of: Float.self) == [0, 0, 0, 0, 0, 0])
  }

  @Test func diracPreservesChannels() throws {
    let convolution = Conv1d(2, 2, kernelSize: 3, padding: 1, bias: false)
    Init.dirac(convolution.weight)
    let x = Tensor.randn([1, 2, 5])
    #expect(try convolution(x).array(of: Float.self) == x.array(of: Float.self))
  }

  @Test func gains() {
    #expect(Init.calculateGain(.linear) == 1)
    #expect(Init.calculateGain(.tanh) == 5.0 / 3)
    #expect(Init.calculateGain(.relu) == 2.0.squareRoot())
    #expect(Init.calculateGain(.leakyRelu(negativeSlope: 1)) == 1)
    #expect(Init.calculateGain(.selu) == 0.75)
  }

  @Test func emptyLayerIsLeftAsItIs() {
    #expect(Linear(0, 2).bias?.array(of: Float.self) == [0, 0])
  }

  @Test func mistakesStopTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Init.xavierNormal(Tensor.zeros([3]))
      }, stopsWith: "the tensor has shape [3], from which the number of inputs")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Init.truncNormal(Tensor.zeros([3]), a: 1, b: 1)
      }, stopsWith: "the range is 1.0 to 1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Init.dirac(Tensor.zeros([3, 2, 1]), groups: 2)
      }, stopsWith: "2 groups do not divide the 3 output channels")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Init.eye(Tensor.zeros([3, 2, 1]))
      }, stopsWith: "the tensor has shape [3, 2, 1]: pass a matrix")
  }
}
