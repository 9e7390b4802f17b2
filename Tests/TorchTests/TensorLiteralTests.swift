import Testing
import Torch

/// Types and shapes are those of `torch.tensor` with the same literals, torch 2.13.
@Suite struct TensorLiteralTests {
  @Test func literalsHaveTheTypeThatPyTorchGivesThem() {
    #expect(Tensor([1, -2, 3]).dtype == .int64)
    #expect(Tensor([1.5, 2]).dtype == .float32)
    #expect(Tensor([true, false]).dtype == .bool)
    #expect(Tensor([true, 2]).dtype == .int64)
    #expect(Tensor([]).dtype == .float32)
    #expect(Tensor(3).dtype == .int64)
    #expect(Tensor(-0.5).item == -0.5)
  }

  @Test func nestedArraysGiveTheShape() {
    let matrix = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    #expect(matrix.shape == [2, 3])
    #expect(matrix.array(of: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(Tensor([[[1], [2]], [[3], [4]], [[5], [6]]]).shape == [3, 2, 1])
    #expect(Tensor([[], []]).shape == [2, 0])
    #expect(Tensor(7).shape == [])
  }

  @Test func anotherTypeIsExact() {
    #expect(Tensor([0.1], dtype: .float64).array(of: Double.self) == [0.1])
    #expect(Tensor([1, 0], dtype: .bool).array(of: Bool.self) == [true, false])
    #expect(
      Tensor([9_007_199_254_740_993]).array(of: Int.self) == [9_007_199_254_740_993])
  }

  @Test func swiftValuesKeepTheirType() {
    let doubles: [Double] = [1, 2]
    let integers: [Int32] = [1, 2]
    #expect(Tensor(doubles).dtype == .float64)
    #expect(Tensor(integers).dtype == .int32)
    #expect(Tensor(1 as Float).dtype == .float32)
  }

  @Test func sizesCountFromBothEnds() {
    let tensor = Tensor.zeros([2, 3, 4])
    #expect([0, 1, 2, -1, -3].map { tensor.size($0) } == [2, 3, 4, 4, 2])
  }
}
