import Testing
import Torch

/// Kinds of arguments that the functions of the module do not use.
@Suite struct OperatorTests {
  @Test func listsOfFloatingPointNumbersAreAccepted() {
    let x = Tensor([1, 2] as [Float], shape: [1, 1, 2])
    let y = Operator("aten::upsample_nearest1d", "vec").tensor(.tensor(x), .none, .doubles([2]))
    #expect(y.array(of: Float.self) == [1, 1, 2, 2])
  }

  @Test func listsOfTensorsMayContainNil() {
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let columns = Tensor([2, 0] as [Int64])
    let y = Operator("aten::index", "Tensor").tensor(.tensor(x), .optionalTensors([nil, columns]))
    #expect(y.shape == [2, 2])
    #expect(y.array(of: Float.self) == [3, 1, 6, 4])
  }
}
