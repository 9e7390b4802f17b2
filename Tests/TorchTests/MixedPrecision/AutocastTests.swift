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

  // What torch 2.13 returns from torch.nn.functional.linear in torch.autocast("cpu", dtype).
  @Test(arguments: [
    (DType.bfloat16, [0.609375, 0.1376953125] as [Float]),
    (DType.float16, [0.60595703125, 0.137451171875] as [Float]),
  ])
  func valuesEqualPyTorchs(dtype: DType, expected: [Float]) {
    let y = withAutocast(dtype, device: .cpu) { layer(x) }
    #expect(y.dtype == dtype)
    #expect(y.converted(to: .float32).array(of: Float.self) == expected)
  }

  // As torch 2.13 on the CPU.
  @Test(arguments: [DType.bfloat16, .float16])
  func eachOperatorHasPyTorchsType(dtype: DType) {
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

  @Test func gradientsHaveTheParametersType() throws {
    let loss = withAutocast(.bfloat16, device: .cpu) { crossEntropy(layer(x), Tensor([1])) }
    try loss.backward()
    #expect(layer.weight.dtype == .float32)
    #expect(layer.weight.grad?.dtype == .float32)
  }

  @Test func theInnermostScopeCountsAndTheOneAroundItComesBack() {
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

  @Test func anErrorEndsTheScopeToo() {
    struct Refused: Error {}
    #expect(throws: Refused.self) {
      try withAutocast(.bfloat16, device: .cpu) { throw Refused() }
    }
    #expect(autocastDType(on: .cpu) == nil)
  }

  @Test func kindsOfDevicesAreSetApart() {
    withAutocast(.bfloat16, device: .cuda(0)) {
      #expect(autocastDType(on: .cpu) == nil)
      #expect(autocastDType(on: .cuda(1)) == .bfloat16)
      #expect(layer(x).dtype == .float32)
    }
  }

  /// A parameter that changes inside a scope shows what is kept: its first conversion.
  ///
  /// In a process of its own: what one thread keeps, the end of another's scope forgets.
  @Test func aParameterIsConvertedOnceUntilTheOutermostScopeEnds() async {
    await #expect(processExitsWith: .success) {
      let layer = Linear(3, 2, hasBias: false)
      let x = Tensor(repeating: 0.5, shape: [1, 3])
      func double() { withoutGradients { layer.weight.scale(by: 2) } }
      func y() -> [Float] { layer(x).converted(to: .float32).array() }
      let (first, later) = withAutocast(.bfloat16, device: .cpu) {
        let first = y()
        double()
        let inner = withAutocast(.bfloat16, device: .cpu) { y() }
        #expect(inner == first, "an inner scope uses it")
        return (first, y())
      }
      #expect(later == first, "and leaves it")
      let after = withAutocast(.bfloat16, device: .cpu) { y() }
      #expect(after == first.map { $0 * 2 })
    }
  }

  @Test func otherTypesAreFailedOperators() {
    #expect(throws: TorchError.self) {
      try catchingTorchErrors { withAutocast(.float64, device: .cpu) {} }
    }
  }
}
