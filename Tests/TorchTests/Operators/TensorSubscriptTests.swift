import Testing
import Torch

@Suite struct TensorSubscriptTests {
  /// 0 to 23, shape [2, 3, 4].
  private let x = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])

  @Test func integersRemoveDimensions() {
    #expect(x[0].shape == [3, 4])
    #expect(x[1, 2].array() == [20, 21, 22, 23] as [Float])
    #expect(x[-1, -1, -1].item == 23)
  }

  @Test func rangesAreViews() {
    #expect(x[.all, 1..<3].shape == [2, 2, 4])
    #expect(x[0, 0, 1...2].array() == [1, 2] as [Float])
    #expect(x[0, 0, 2...].array() == [2, 3] as [Float])
    #expect(x[0, 0, ..<2].array() == [0, 1] as [Float])
    #expect(x[0, 0, ...2].array() == [0, 1, 2] as [Float])
    #expect(x[0, 0, .slice(step: 3)].array() == [0, 3] as [Float])
    #expect(x[0, 0, .slice(start: -2)].array() == [2, 3] as [Float])
  }

  @Test func ellipsisAndNewAxisTakeTheirPlaces() {
    #expect(x[.ellipsis, 0].array() == [0, 4, 8, 12, 16, 20] as [Float])
    #expect(x[.newAxis].shape == [1, 2, 3, 4])
    #expect(x[.all, .newAxis, 0].shape == [2, 1, 4])
    #expect(x[0, .ellipsis, .newAxis].shape == [3, 4, 1])
  }

  @Test func tensorsAndMasksSelect() {
    #expect(x[Tensor([1, 0, 1])].shape == [3, 3, 4])
    #expect(x[.all, Tensor([2, 0]), 1].array() == [9, 1, 21, 13] as [Float])
    #expect(x[x .> 20].array() == [21, 22, 23] as [Float])
    #expect(x[0, x[0] .< 2].array() == [0, 1] as [Float])
    #expect(x[Tensor([0, 1]), Tensor([1, 2])].array() == [4, 5, 6, 7, 20, 21, 22, 23] as [Float])
  }

  @Test func assignmentChangesTheMemoryThatViewsShare() {
    let y = Tensor.zeros([2, 3])
    let row = y[0]
    y[0, 1] = Tensor(5 as Float)
    y[1] = Tensor([1, 2, 3] as [Float])
    #expect(row.array() == [0, 5, 0] as [Float])
    y[y .> 2] = Tensor(-1 as Float)
    #expect(y.array() == [0, -1, 0, 1, 2, -1] as [Float])
    y[.all, Tensor([0, 2])] = Tensor([7, 8] as [Float])
    #expect(y.array() == [7, -1, 8, 7, 2, 8] as [Float])
    y[.ellipsis, 1..<2] = Tensor(0 as Float)
    #expect(y.array() == [7, 0, 8, 7, 0, 8] as [Float])
  }

  @Test func anIndexOutOfRangeIsAFailedOperator() {
    #expect(throws: TorchError.self) { _ = try catchingTorchErrors { x[2] } }
    #expect(throws: TorchError.self) { _ = try catchingTorchErrors { x[0, 0, 0, 0] } }
    #expect(throws: TorchError.self) { _ = try catchingTorchErrors { x[Tensor([3])] } }
  }

  @Test func gradientsFlowThroughSubscripts() throws {
    let w = Tensor([1, 2, 3, 4] as [Float])
    w.requiresGrad = true
    try (w[1..<3] * 2 + w[Tensor([0, 0])]).sum().backward()
    #expect(w.grad?.array() == [2, 2, 2, 0] as [Float])
  }
}
