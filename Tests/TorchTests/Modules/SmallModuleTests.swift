import Testing
import Torch

/// Values are compared with PyTorch by `make test-modules`.
@Suite struct SmallModuleTests {
  @Test func activationsHaveTheirArguments() throws {
    let cases: [(any Module<Tensor, Tensor>, [Float])] = [
      (LeakyReLU(0.1), [-0.2, 3]), (ReLU6(), [0, 3]), (Threshold(2.5, -1), [-1, 3]),
      (Hardtanh(minVal: -1, maxVal: 2), [-1, 2]), (Softshrink(1), [-1, 2]), (PReLU(), [-0.5, 3]),
    ]
    for (activation, expected) in cases {
      let output = try activation(Tensor([-2, 3] as [Float])).array(of: Float.self)
      #expect(output == expected, "\(activation)")
    }
  }

  @Test func channelsAreDroppedAsAWhole() throws {
    manualSeed(0)
    let output = try Dropout2d(0.5)(Tensor.ones([8, 4, 3, 3])).reshape([32, 9])
    let first = output[.all, 0..<1]
    #expect((output .== first).all().item == 1)
    let values = Set(output.array(of: Float.self))
    #expect(values == [0, 2])
  }

  @Test func evaluationDropsNothing() throws {
    for module in [Dropout1d(0.5), Dropout2d(0.5), Dropout3d(0.5)] as [ChannelDropout] {
      module.eval()
      let x = Tensor.randn([2, 3, 4, 4])
      let input = module is Dropout1d ? x[0] : x
      #expect(try module(input).array(of: Float.self) == input.array(of: Float.self))
    }
  }

  @Test func dropoutOfChannelsNeedsChannels() {
    expectFailure("the input has 2 dimensions: pass one of 3 or 4") {
      try Dropout2d()(Tensor.ones([2, 3]))
    }
    expectFailure("pass pictures, 3 or 4 dimensions") { try Softmax2d()(Tensor.ones([2, 3])) }
  }

  @Test func negativeWidthsOfPaddingsRemoveElements() throws {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [1, 4])
    #expect(try ConstantPad1d([-1, 2], 9)(x).array(of: Float.self) == [2, 3, 4, 9, 9])
    #expect(try CircularPad1d([1, 0])(x).array(of: Float.self) == [4, 1, 2, 3, 4])
    #expect(try ReflectionPad1d([0, 2])(x).array(of: Float.self) == [1, 2, 3, 4, 3, 2])
  }

  @Test func modulesOfTwoInputsTakeTwoArguments() throws {
    let x = Tensor([3, 0, 0, 4] as [Float], shape: [2, 2])
    let y = Tensor([1, 0, 0, -1] as [Float], shape: [2, 2])
    #expect(try CosineSimilarity()(x, y).array(of: Float.self) == [1, -1])
    #expect(try PairwiseDistance(eps: 0)(x, y).array(of: Float.self) == [2, 5])
    #expect(try Bilinear(2, 2, 5)(x, y).shape == [2, 5])
  }

  @Test func foldAddsTheBlocksOfUnfold() throws {
    let x = Tensor.ones([1, 1, 3, 3])
    let blocks = try Unfold(2)(x)
    #expect(blocks.shape == [1, 4, 4])
    #expect(
      try Fold(3, kernelSize: 2)(blocks).array(of: Float.self) == [1, 2, 1, 2, 4, 2, 1, 2, 1])
  }

  @Test func interpolationRefusesWhatHasNoEffect() throws {
    let x = Tensor([0, 2, 4, 6] as [Float], shape: [1, 1, 4])
    #expect(
      try Upsample(size: 7, mode: .linear, alignCorners: true)(x).array(of: Float.self)
        == [0, 1, 2, 3, 4, 5, 6])
    expectFailure("alignCorners has no effect in mode nearest") {
      x.interpolate(size: 3, alignCorners: true)
    }
    expectFailure("mode bilinear does not fit an input of 3 dimensions: use linear") {
      x.interpolate(size: 3, mode: .bilinear)
    }
    expectFailure("pass either size or scaleFactor") { x.interpolate() }
    expectFailure("2 sizes were given for 1 dimensions") { x.interpolate(size: [3, 3]) }
    expectFailure("recomputeScaleFactor has no effect") {
      x.interpolate(size: 3, recomputeScaleFactor: true)
    }
  }

  @Test func mistakesStopTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Hardtanh(minVal: 1, maxVal: 1)
      }, stopsWith: "the limits are 1.0 to 1.0")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = FeatureAlphaDropout(1.5)
      }, stopsWith: "the dropout probability is 1.5; use 0 to 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ZeroPad2d([1, 2])
      }, stopsWith: "padding has 2 integers; use 1 or 4")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Upsample()
      }, stopsWith: "pass either size or scaleFactor")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = RReLU(lower: 0.5, upper: 0.25)
      }, stopsWith: "the slopes are 0.5 to 0.25")
  }
}
