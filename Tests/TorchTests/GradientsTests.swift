import Testing
import Torch

@Suite struct GradientsTests {
  private func leaf(_ values: [Float]) -> Tensor {
    let tensor = Tensor(values)
    tensor.requiresGrad = true
    return tensor
  }

  @Test func gradientsAreReturnedAndNotAccumulated() throws {
    let x = leaf([1, 2])
    let y = leaf([3, 4])
    let found = try gradients(of: (x * y).sum(), withRespectTo: [y, x])
    #expect(found[0].array(of: Float.self) == [1, 2])
    #expect(found[1].array(of: Float.self) == [3, 4])
    #expect(x.grad == nil && y.grad == nil)
  }

  // x³ has the derivatives 3 x², 6 x and 6.
  @Test func higherOrdersAreDifferentiable() throws {
    let x = leaf([2, -1])
    let first = try gradients(of: (x ** 3).sum(), withRespectTo: [x], createGraph: true)[0]
    let second = try gradients(of: first.sum(), withRespectTo: [x], createGraph: true)[0]
    let third = try gradients(of: second.sum(), withRespectTo: [x])[0]
    #expect(first.array(of: Float.self) == [12, 3])
    #expect(second.array(of: Float.self) == [12, -6])
    #expect(third.array(of: Float.self) == [6, 6])
  }

  @Test func backwardCanCreateAGraph() throws {
    let x = leaf([2])
    try (x ** 3).sum().backward(createGraph: true)
    let slope = try #require(x.grad)
    #expect(try gradients(of: slope.sum(), withRespectTo: [x])[0].array(of: Float.self) == [12])
  }

  @Test func severalOutputsAreWeighted() throws {
    let x = leaf([1, 2])
    let found = try gradients(
      of: [x * 2, x.sum()], withRespectTo: [x], gradients: [Tensor([1.0, 10.0]), nil])
    #expect(found[0].array(of: Float.self) == [3, 21])
  }

  @Test func functionsOfTheUserHaveHigherOrders() throws {
    let x = leaf([3, -2])
    func square(_ x: Tensor) -> Tensor {
      Tensor.function(of: [x], forward: { x * x }, backward: { [2 * x * $0] })
    }
    let slope = try gradients(of: square(x).sum(), withRespectTo: [x], createGraph: true)[0]
    #expect(slope.array(of: Float.self) == [6, -4])
    let product = try gradients(of: slope, withRespectTo: [x], gradient: Tensor([1.0, 10.0]))[0]
    #expect(product.array(of: Float.self) == [2, 20])
  }

  @Test func errorsOfFunctionsAreThrown() throws {
    struct Refusal: Error {}
    let x = leaf([1])
    let y = Tensor.function(of: [x], forward: { x * 1 }, backward: { _ in throw Refusal() })
    #expect(throws: Refusal.self) { try gradients(of: y, withRespectTo: [x]) }
  }

  @Test func unusedInputsAreAnErrorOrZero() throws {
    let x = leaf([1, 2])
    let other = leaf([5])
    let zeros = try gradients(of: x.sum(), withRespectTo: [x, other], allowUnused: true)[1]
    #expect(zeros.array(of: Float.self) == [0])
    #expect {
      try catchingTorchErrors { try gradients(of: x.sum(), withRespectTo: [x, other]) }
    } throws: {
      "\($0)".contains("input 1") && "\($0)".contains("allowUnused")
    }
  }

  @Test func inputsWithoutAGraphAreAnError() {
    #expect(throws: TorchError.self) {
      try catchingTorchErrors {
        try gradients(of: Tensor([1.0]).sum(), withRespectTo: [Tensor([1.0])])
      }
    }
  }
}
