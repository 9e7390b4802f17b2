import Testing
import Torch

/// All arguments are compared with PyTorch by `make test-modules`.
@Suite struct PoolingTests {
  private let x = Tensor([1, 5, 2, 4, 3, 6, 0] as [Float], shape: [1, 1, 7])

  @Test func unpoolingPutsMaximaBack() throws {
    let (output, indices) = MaxPool1d(3, stride: 2).withIndices(x)
    #expect(output.array(of: Float.self) == [5, 4, 6])
    #expect(indices.array(of: Int64.self) == [1, 3, 5])
    let unpool = MaxUnpool1d(3, stride: 2)
    #expect(try unpool(output, indices).array(of: Float.self) == [0, 5, 0, 4, 0, 6, 0])
    #expect(
      unpool(output, indices, outputSize: [8]).array(of: Float.self) == [0, 5, 0, 4, 0, 6, 0, 0])
    expectFailure("differ from [7] by less than the stride [2]") {
      unpool(output, indices, outputSize: [9])
    }
  }

  @Test func strideIsTheSizeOfAWindowByDefault() throws {
    #expect(try MaxPool1d(2)(x).array(of: Float.self) == [5, 4, 6])
    #expect(try AvgPool1d(2, ceilMode: true)(x).array(of: Float.self) == [3, 3, 4.5, 0])
  }

  @Test func powerAverageIsTheNorm() throws {
    let x = Tensor([3, 4, 6, -8] as [Float], shape: [1, 1, 4])
    #expect(try LPPool1d(2, 2)(x).array(of: Float.self) == [5, 10])
    #expect(try LPPool1d(.infinity, 2)(x).array(of: Float.self) == [4, 8])
  }

  @Test func adaptivePoolingKeepsSizesThatAreNotGiven() throws {
    let image = Tensor.randn([2, 3, 7, 6])
    #expect(try AdaptiveAvgPool2d([nil, 3])(image).shape == [2, 3, 7, 3])
    #expect(try AdaptiveAvgPool2d(1)(image).shape == [2, 3, 1, 1])
    #expect(AdaptiveMaxPool2d([2, nil]).withIndices(image).indices.shape == [2, 3, 2, 6])
    #expect(AdaptiveAvgPool2d([nil, 3]).description == "AdaptiveAvgPool2d(output_size=(None, 3))")
  }

  @Test func fractionalPoolingDependsOnTheSeed() throws {
    let pool = FractionalMaxPool2d(2, outputRatio: [0.5, 0.75])
    let image = Tensor.randn([1, 1, 20, 20])
    func output(_ seed: UInt64) throws -> [Float] {
      manualSeed(seed)
      let output = try pool(image)
      #expect(output.shape == [1, 1, 10, 15])
      return output.array()
    }
    #expect(try output(1) == output(1))
    #expect(try output(1) != output(2))
    #expect(pool.stateDict.isEmpty)
  }

  @Test func givenSamplesAreABuffer() throws {
    let samples = Tensor.full([1, 1, 2], 0.25)
    let pool = FractionalMaxPool2d(2, outputSize: 3, randomSamples: samples)
    #expect(pool.namedBuffers.map(\.name) == ["_random_samples"])
    let image = Tensor.randn([1, 1, 8, 8])
    #expect(try pool(image).array(of: Float.self) == pool(image).array(of: Float.self))
  }

  @Test func mistakesStopTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MaxPool2d(0)
      }, stopsWith: "kernelSize is 0; use 1 or more")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = AvgPool2d(2, divisorOverride: 0)
      }, stopsWith: "divisorOverride is 0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = FractionalMaxPool2d(2, outputSize: 2, outputRatio: 0.5)
      }, stopsWith: "pass either outputSize or outputRatio")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = AdaptiveAvgPool3d([1, 2])
      }, stopsWith: "outputSize has 2 sizes; use 1 or 3")
  }
}
