import Support
import Testing
import Torch

@Suite struct RandomTensorTests {
  @Test(arguments: [[], [0], [1], [7], [2, 3], [3, 1, 4]])
  func elementsDependOnTheGeneratorOnly(shape: [Int]) {
    func draw(_ seed: UInt64) -> [[Float]] {
      manualSeed(seed)
      var generator = PhiloxGenerator(seed: 8, epoch: 1, index: 2)
      let normal = Tensor.randn(shape, using: &generator)
      let uniform = Tensor.rand(shape, using: &generator)
      #expect(normal.shape == shape && uniform.shape == shape)
      #expect(normal.dtype == .float32)
      return [normal.array(), uniform.array()]
    }
    let first = draw(1)
    #expect(first == draw(2))
    #expect(first[1].allSatisfy { (0..<1).contains($0) })
  }

  @Test func drawsDoNotAdvanceLibtorchsGenerator() {
    manualSeed(4)
    let expected = Tensor.randn([3]).array(of: Float.self)
    manualSeed(4)
    var generator = PhiloxGenerator(seed: 0, epoch: 0, index: 0)
    _ = Tensor.randn([100], using: &generator)
    #expect(Tensor.randn([3]).array(of: Float.self) == expected)
  }

  @Test func momentsAreThoseOfTheDistributions() {
    var generator = PhiloxGenerator(seed: 1, epoch: 2, index: 3)
    let normal = Tensor.randn([100, 200], using: &generator)
    let uniform = Tensor.rand([20_000], using: &generator)
    #expect(abs(normal.mean().item) < 0.03)
    #expect(abs((normal * normal).mean().item - 1) < 0.05)
    #expect(abs(uniform.mean().item - 0.5) < 0.01)
    #expect(abs((uniform * uniform).mean().item - 1.0 / 3) < 0.01)
  }

  /// A shared generator on a loader's thread is reported once.
  @Test func sharedGeneratorOnALoadersThreadIsReported() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      _ = Tensor.randn([1])
      LoaderThread.markCurrent()
      for _ in 0..<3 {
        _ = Tensor.randn([1])
        _ = Tensor.rand([1])
        Tensor.zeros([1]).normal_()
        Tensor.zeros([1]).uniform_(from: 0, to: 1)
      }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    let warnings = text.split(separator: "\n").count {
      $0.contains("random generator is used on a data loader's thread")
    }
    #expect(warnings == 1, "\(text)")
  }
}
