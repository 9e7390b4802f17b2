import Testing
import Torch

/// The texts are PyTorch's; PrintingPeerTests compares many more.
@Suite struct TensorTextTests {
  @Test func elementsArePrintedAsInPyTorch() {
    #expect("\(Tensor([1, 2, 3] as [Float]))" == "tensor([1., 2., 3.])")
    #expect("\(Tensor([1.5, -2, 0] as [Float]))" == "tensor([ 1.5000, -2.0000,  0.0000])")
    #expect("\(Tensor([1, -20] as [Int]))" == "tensor([  1, -20])")
    #expect("\(Tensor([true, false]))" == "tensor([ True, False])")
    #expect("\(Tensor(3.25 as Float))" == "tensor(3.2500)")
    #expect("\(Tensor([1, 2] as [UInt8]))" == "tensor([1, 2], dtype=torch.uint8)")
    #expect("\(Tensor([0.5] as [Double]))" == "tensor([0.5000], dtype=torch.float64)")
    #expect("\(Tensor([1e-6, 1] as [Float]))" == "tensor([1.0000e-06, 1.0000e+00])")
    #expect("\(Tensor([.nan, .infinity, 1] as [Float]))" == "tensor([nan, inf, 1.])")
    #expect("\(Tensor.zeros([0, 2]))" == "tensor([], size=(0, 2))")
  }

  @Test func rowsAreAligned() {
    let text = "\(Tensor([1, 2, 3, 40, 5, 6] as [Float], shape: [2, 3]))"
    #expect(text == "tensor([[ 1.,  2.,  3.],\n        [40.,  5.,  6.]])")
  }

  @Test func largeTensorIsElided() {
    let text = "\(Tensor.arange(1_000_000).reshape([1000, 1000]))"
    #expect(
      text == """
        tensor([[     0,      1,      2,  ...,    997,    998,    999],
                [  1000,   1001,   1002,  ...,   1997,   1998,   1999],
                [  2000,   2001,   2002,  ...,   2997,   2998,   2999],
                ...,
                [997000, 997001, 997002,  ..., 997997, 997998, 997999],
                [998000, 998001, 998002,  ..., 998997, 998998, 998999],
                [999000, 999001, 999002,  ..., 999997, 999998, 999999]])
        """)
  }

  @Test func tensorOf1000ElementsIsPrintedInFull() {
    #expect(!"\(Tensor.arange(1000))".contains("..."))
    #expect("\(Tensor.arange(1001))" == "tensor([   0,    1,    2,  ...,  998,  999, 1000])")
  }

  @Test func gradientsAreShown() {
    let weight = Tensor([1, 2] as [Float])
    weight.requiresGrad = true
    #expect("\(weight)" == "tensor([1., 2.], requires_grad=True)")
    #expect("\(weight + weight)" == "tensor([2., 4.], grad_fn=<AddBackward0>)")
  }

  /// What Swift cannot read is printed by libtorch.
  @Test func sparseTensorIsPrinted() {
    let sparse = Operator("aten::to_sparse").tensor(.tensor(Tensor([0, 1] as [Float])))
    #expect("\(sparse)".contains("Sparse"))
  }

  @Test func undefinedTensorIsPrinted() {
    _ = try? catchingTorchErrors {
      let undefined = Tensor.zeros([2]).matmul(Tensor.zeros([3]))
      #expect("\(undefined)" == "undefined")
    }
  }

  /// A caller's mistake ends the process with the reason and the caller's line.
  @Test func invalidUseErrorNamesTheCallersLine() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    }
    let shapeText = String(decoding: shape?.standardErrorContent ?? [], as: UTF8.self)
    #expect(shapeText.contains("3 values do not fill shape [2, 2]: pass 4 values"))
    #expect(shapeText.contains("TensorTextTests.swift:"))
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3] as [Float]).array(of: Double.self)
    }
    let typeText = String(decoding: type?.standardErrorContent ?? [], as: UTF8.self)
    #expect(typeText.contains("to(.float64)"))
    #expect(typeText.contains("TensorTextTests.swift:"))
  }
}
