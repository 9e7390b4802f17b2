import Testing
import Torch

@Suite struct TensorOperatorTests {
  private let x = Tensor([1, -2, 3] as [Float])

  @Test func scalarsStandOnEitherSide() {
    #expect((x + 1).array() == [2, -1, 4] as [Float])
    #expect((1 + x).array() == [2, -1, 4] as [Float])
    #expect((x - 0.5).array() == [0.5, -2.5, 2.5] as [Float])
    #expect((1 - x).array() == [0, 3, -2] as [Float])
    #expect((2 * x).array() == [2, -4, 6] as [Float])
    #expect((x / 2).array() == [0.5, -1, 1.5] as [Float])
    #expect((6 / x).array() == [6, -3, 2] as [Float])
    #expect((x % 2).array() == [1, 0, 1] as [Float])
    #expect((-x).array() == [-1, 2, -3] as [Float])
    #expect((x ** 2).array() == [1, 4, 9] as [Float])
  }

  @Test func anIntegerLeavesTheTypeOfAnIntegerTensor() {
    let integers = Tensor([1, 2, 3])
    #expect((integers + 1).dtype == .int64)
    #expect((2 * integers).array() == [2, 4, 6])
    #expect((integers + 0.5).dtype == .float32)
    #expect((integers / 2).dtype == .float32)
    #expect((integers ** 2).array() == [1, 4, 9])
  }

  @Test func comparisonsGiveAMask() {
    let y = Tensor([1, 2, 0] as [Float])
    #expect((x .== y).array() == [true, false, false])
    #expect((x .!= y).array() == [false, true, true])
    #expect((x .< y).array() == [false, true, false])
    #expect((x .<= 1).array() == [true, true, false])
    #expect((x .> 0).array() == [true, false, true])
    #expect((x .>= y).array() == [true, false, true])
    #expect((.!(x .> 0) .| (x .== 3)).array() == [false, true, true])
    #expect(((x .> 0) .& (x .< 2)).array() == [true, false, false])
  }

  @Test func compoundAssignmentMakesANewTensor() {
    var y = x
    y += 1
    y *= x
    y -= Tensor([0, 0, 2] as [Float])
    y /= 2
    #expect(y.array() == [1, 1, 5] as [Float])
    #expect(x.array() == [1, -2, 3] as [Float])
  }

  @Test func precedenceIsThatOfNumbers() {
    #expect((1 + 2 * x ** 2).array() == [3, 9, 19] as [Float])
    #expect((-x ** 2 + x * 3 - 1).array() == [3, -3, 17] as [Float])
  }

  @Test func gradientsFlowThroughScalarsOnEitherSide() throws {
    let w = Tensor([2, 4] as [Float])
    w.requiresGrad = true
    try (3 * w + 8 / w - (1 - w) ** 2).sum().backward()
    // 3 - 8 / w² + 2 (1 - w)
    #expect(w.grad?.array() == [-1, -3.5] as [Float])
  }
}
