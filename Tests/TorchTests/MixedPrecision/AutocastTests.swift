import Testing
import Torch

@Suite struct AutocastTests {
  private let x = Tensor([0.1, 0.2, 0.3] as [Float], shape: [1, 3])
  private let layer = Linear(3, 2, hasBias: false)

  init() {
    withoutGradients {
      layer.weight.copy(
        from: Tensor([1.01, -2.02, 3.03, 0.5, 0.25, 0.125] as [Float], shape: [2, 3]))
    }
  }

  // Results of torch.nn.functional.linear in torch.autocast("cpu", dtype), torch 2.13.
  @Test(arguments: [
    (DType.bfloat16, [0.609375, 0.1376953125] as [Float]),
    (DType.float16, [0.60595703125, 0.137451171875] as [Float]),
  ])
  func valuesEqualThoseOfPyTorch(dtype: DType, expected: [Float]) {
    let y = withAutocast(dtype, device: .cpu) { layer(x) }
    #expect(y.dtype == dtype)
    #expect(y.converted(to: .float32).array(of: Float.self) == expected)
  }

  // Types as in torch 2.13 on the CPU.
  @Test(arguments: [DType.bfloat16, .float16])
  func resultTypesEqualThoseOfPyTorch(dtype: DType) {
    let norm = LayerNorm(3)
    let heads = Tensor(randomNormal: [1, 2, 4, 8])
    withAutocast(dtype, device: .cpu) {
      let y = layer(x)
      #expect(x.matmul(x.transposed(0, 1)).dtype == dtype)
      #expect(scaledDotProductAttention(query: heads, key: heads, value: heads).dtype == dtype)
      #expect((y + x.narrowed(along: 1, to: 0..<1)).dtype == .float32)
      #expect((y + y).dtype == dtype)
      #expect(y.gelu().dtype == dtype)
      #expect(y.softmax(along: -1).dtype == dtype)
      #expect(norm(x).dtype == .float32)
      #expect(crossEntropy(y, Tensor([1])).dtype == .float32)
      #expect(meanSquaredError(y, y).dtype == .float32)
      let double = x.converted(to: .float64)
      #expect(double.matmul(double.transposed(0, 1)).dtype == .float64)
    }
  }

  @Test func gradientsHaveTheTypeOfTheirParameters() throws {
    let loss = withAutocast(.bfloat16, device: .cpu) { crossEntropy(layer(x), Tensor([1])) }
    try loss.backward()
    #expect(layer.weight.dtype == .float32)
    #expect(layer.weight.grad?.dtype == .float32)
  }

  @Test func innermostScopeAppliesAndTheOuterOneIsRestored() {
    #expect(autocastDType(on: .cpu) == nil)
    withAutocast(.bfloat16, device: .cpu) {
      withAutocast(.float16, device: .cpu) {
        #expect(autocastDType(on: .cpu) == .float16)
        #expect(layer(x).dtype == .float16)
      }
      #expect(layer(x).dtype == .bfloat16)
      withAutocast(.float32, device: .cpu) {
        #expect(autocastDType(on: .cpu) == nil)
        #expect(layer(x).dtype == .float32)
      }
      #expect(autocastDType(on: .cpu) == .bfloat16)
    }
    #expect(layer(x).dtype == .float32)
  }

  @Test func errorEndsTheScope() {
    struct BodyError: Error {}
    #expect(throws: BodyError.self) {
      try withAutocast(.bfloat16, device: .cpu) { throw BodyError() }
    }
    #expect(autocastDType(on: .cpu) == nil)
  }

  @Test func deviceTypesHaveSeparateSettings() {
    withAutocast(.bfloat16, device: .cuda(0)) {
      #expect(autocastDType(on: .cpu) == nil)
      #expect(autocastDType(on: .cuda(1)) == .bfloat16)
      #expect(layer(x).dtype == .float32)
    }
  }

  /// A parameter that is modified inside a scope reveals that its first conversion is cached.
  ///
  /// The test runs in a separate process: the end of a scope on another thread clears the cache.
  @Test func parameterIsConvertedOncePerOutermostScope() async {
    await #expect(processExitsWith: .success) {
      let layer = Linear(3, 2, hasBias: false)
      let x = Tensor(repeating: 0.5, shape: [1, 3])
      func double() { withoutGradients { layer.weight.scale(by: 2) } }
      func y() -> [Float] { layer(x).converted(to: .float32).array() }
      let (first, later) = withAutocast(.bfloat16, device: .cpu) {
        let first = y()
        double()
        let inner = withAutocast(.bfloat16, device: .cpu) { y() }
        #expect(inner == first, "an inner scope uses the cached conversion")
        return (first, y())
      }
      #expect(later == first, "an inner scope does not clear the cache")
      let after = withAutocast(.bfloat16, device: .cpu) { y() }
      #expect(after == first.map { $0 * 2 })
    }
  }

  @Test func otherTypesFail() {
    #expect(throws: TorchError.self) {
      try catchingTorchErrors { withAutocast(.float64, device: .cpu) {} }
    }
  }
}
