import Testing
import Torch

@Suite struct AutocastTests {
  private let x = Tensor([0.1, 0.2, 0.3] as [Float], shape: [1, 3])
  private let layer = Linear(3, 2, bias: false)

  init() {
    noGrad {
      layer.weight.copy_(Tensor([1.01, -2.02, 3.03, 0.5, 0.25, 0.125] as [Float], shape: [2, 3]))
    }
  }

  // Results of torch.nn.functional.linear in torch.autocast("cpu", dtype), torch 2.13.
  @Test(arguments: [
    (DType.bfloat16, [0.609375, 0.1376953125] as [Float]),
    (DType.float16, [0.60595703125, 0.137451171875] as [Float]),
  ])
  func valuesEqualThoseOfPyTorch(dtype: DType, expected: [Float]) throws {
    let y = try withAutocast(dtype, device: .cpu) { try layer(x) }
    #expect(y.dtype == dtype)
    #expect(y.to(.float32).array(of: Float.self) == expected)
  }

  // Types as in torch 2.13 on the CPU.
  @Test(arguments: [DType.bfloat16, .float16])
  func resultTypesEqualThoseOfPyTorch(dtype: DType) throws {
    let norm = LayerNorm(3)
    let heads = Tensor.randn([1, 2, 4, 8])
    try withAutocast(dtype, device: .cpu) {
      let y = try layer(x)
      #expect(x.matmul(x.transpose(0, 1)).dtype == dtype)
      #expect(scaledDotProductAttention(heads, heads, heads).dtype == dtype)
      #expect((y + x.narrow(dim: 1, start: 0, length: 1)).dtype == .float32)
      #expect((y + y).dtype == dtype)
      #expect(y.gelu().dtype == dtype)
      #expect(y.softmax(dim: -1).dtype == dtype)
      #expect(try norm(x).dtype == .float32)
      #expect(crossEntropy(y, Tensor([1])).dtype == .float32)
      #expect(mseLoss(y, y).dtype == .float32)
      let double = x.to(.float64)
      #expect(double.matmul(double.transpose(0, 1)).dtype == .float64)
    }
  }

  @Test func gradientsHaveTheTypeOfTheirParameters() throws {
    let loss = try withAutocast(.bfloat16, device: .cpu) { crossEntropy(try layer(x), Tensor([1])) }
    try loss.backward()
    #expect(layer.weight.dtype == .float32)
    #expect(layer.weight.grad?.dtype == .float32)
  }

  @Test func innermostScopeAppliesAndTheOuterOneIsRestored() throws {
    #expect(autocastDType(on: .cpu) == nil)
    try withAutocast(.bfloat16, device: .cpu) { () throws in
      try withAutocast(.float16, device: .cpu) { () throws in
        #expect(autocastDType(on: .cpu) == .float16)
        #expect(try layer(x).dtype == .float16)
      }
      #expect(try layer(x).dtype == .bfloat16)
      try withAutocast(.float32, device: .cpu) { () throws in
        #expect(autocastDType(on: .cpu) == nil)
        #expect(try layer(x).dtype == .float32)
      }
      #expect(autocastDType(on: .cpu) == .bfloat16)
    }
    #expect(try layer(x).dtype == .float32)
  }

  @Test func errorEndsTheScope() {
    struct BodyError: Error {}
    #expect(throws: BodyError.self) {
      try withAutocast(.bfloat16, device: .cpu) { throw BodyError() }
    }
    #expect(autocastDType(on: .cpu) == nil)
  }

  @Test func deviceTypesHaveSeparateSettings() throws {
    try withAutocast(.bfloat16, device: .cuda(0)) { () throws in
      #expect(autocastDType(on: .cpu) == nil)
      #expect(autocastDType(on: .cuda(1)) == .bfloat16)
      #expect(try layer(x).dtype == .float32)
    }
  }

  /// A parameter that is modified inside a scope reveals that its first conversion is cached.
  ///
  /// The test runs in a separate process: the end of a scope on another thread clears the cache.
  @Test func parameterIsConvertedOncePerOutermostScope() async {
    await #expect(processExitsWith: .success) {
      let layer = Linear(3, 2, bias: false)
      let x = Tensor.full([1, 3], 0.5)
      func double() { noGrad { layer.weight.mul_(2) } }
      func y() throws -> [Float] { try layer(x).to(.float32).array() }
      let (first, later) = try withAutocast(.bfloat16, device: .cpu) {
        let first = try y()
        double()
        let inner = try withAutocast(.bfloat16, device: .cpu) { try y() }
        #expect(inner == first, "an inner scope uses the cached conversion")
        return (first, try y())
      }
      #expect(later == first, "an inner scope does not clear the cache")
      let after = try withAutocast(.bfloat16, device: .cpu) { try y() }
      #expect(after == first.map { $0 * 2 })
    }
  }

  @Test func otherTypesFail() {
    #expect(throws: TorchError.self) {
      try catchingTorchErrors { withAutocast(.float64, device: .cpu) {} }
    }
  }
}
