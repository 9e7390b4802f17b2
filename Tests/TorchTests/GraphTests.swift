import Testing
import Torch

@Suite struct GraphTests {
  private func leaf(_ value: Float) -> Tensor {
    let tensor = Tensor(value)
    tensor.requiresGrad = true
    return tensor
  }

  @Test func backwardReachesFindsTheLeavesOfTheGraph() {
    let a = leaf(1)
    let b = leaf(2)
    let c = leaf(3)
    let hooks = [a, b, c].map { GradientHook(on: $0) {} }
    defer { withExtendedLifetime(hooks) {} }
    let both = a * b
    #expect(backwardReaches(from: [both.tanh()], [a, b, c]) == [true, true, false])
    #expect(backwardReaches(from: [both.detach()], [a, b, c]) == [false, false, false])
    #expect(backwardReaches(from: [a * 2, c], [a, b, c]) == [true, false, true])
    #expect(backwardReaches(from: [], [a]) == [false])
  }

  @Test func tensorsAreFoundInNestedValues() {
    struct Output {
      var logits = Tensor(1 as Float)
      var more: [String: (Tensor, Tensor?)] = ["a": (Tensor(2 as Float), nil)]
    }
    #expect(tensors(in: (Output(), 3)).map(\.item) == [1, 2])
    #expect(tensors(in: "none").isEmpty)
  }

  @Test func customFunctionHasTheGivenGradient() throws {
    let x = leaf(3)
    let w = leaf(2)
    let y = Tensor.function(of: [x * 1, w]) {
      x * x * w
    } backward: {
      [$0 * 10, nil]
    }
    #expect(y.item == 18)
    try (y * 2).backward()
    #expect(x.grad?.item == 20)
    #expect(w.grad == nil)
  }

  @Test func backwardThrowsTheErrorOfACustomFunction() {
    struct BackwardError: Error {}
    let x = leaf(1)
    let y = Tensor.function(of: [x]) {
      x * 2
    } backward: { _ in
      throw BackwardError()
    }
    #expect(throws: BackwardError.self) { try y.backward() }
  }

  @Test func customFunctionOfConstantsRequiresNoGradient() {
    let y = Tensor.function(of: [Tensor(1 as Float)]) {
      Tensor(5 as Float)
    } backward: {
      [$0]
    }
    #expect(!y.requiresGrad && y.item == 5)
  }
}
