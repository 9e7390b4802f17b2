import Testing
import Torch

@Suite struct GeneratorTests {
  // torch.rand(3, generator=torch.Generator().manual_seed(5)), torch 2.13.
  @Test func numbersAreThoseOfPyTorch() {
    let draws = Tensor.rand([3], generator: Generator(seed: 5))
    #expect(
      draws.array(of: Float.self) == [0.8302518725395203, 0.12611091136932373, 0.9074696898460388])
  }

  @Test func eachGeneratorHasItsOwnSequence() {
    let first = Generator(seed: 1)
    let second = Generator(seed: 1)
    let a = Tensor.randn([4], generator: first)
    manualSeed(9)
    _ = Tensor.randn([100], generator: first)
    #expect(Tensor.randn([4], generator: second).array(of: Float.self) == a.array(of: Float.self))
    first.manualSeed(1)
    #expect(Tensor.randn([4], generator: first).array(of: Float.self) == a.array(of: Float.self))
  }

  @Test func otherOperatorsDrawFromIt() {
    func draws() -> [[Float]] {
      let generator = Generator(seed: 3)
      let x = Tensor.zeros([5])
      return [
        x.clone().normal_(mean: 1, std: 2, generator: generator),
        x.clone().uniform_(from: 2, to: 3, generator: generator),
        x.add(0.5).bernoulli(generator: generator),
        Tensor.randperm(5, generator: generator).to(.float32),
        Tensor.randint(0, 9, size: [5], generator: generator).to(.float32),
      ].map { $0.array(of: Float.self) }
    }
    let once = draws()
    #expect(once == draws())
    #expect(once[1].allSatisfy { (2..<3).contains($0) })
    #expect(Set(once[3]) == [0, 1, 2, 3, 4])
  }

  @Test func theStateContinuesTheSequence() throws {
    let generator = Generator(seed: 8)
    _ = Tensor.rand([7], generator: generator)
    let state = try generator.captureState()
    let next = Tensor.rand([5], generator: generator).array(of: Float.self)
    let other = Generator(seed: 0)
    try other.restoreState(state)
    #expect(Tensor.rand([5], generator: other).array(of: Float.self) == next)
  }

  @Test(arguments: [[:], ["state": Tensor([1.0])]] as [StateDict])
  func anotherStateIsRefused(tensors: StateDict) {
    #expect(throws: TorchError.self) {
      try Generator(seed: 0).restoreState(State(tensors: tensors))
    }
  }
}
