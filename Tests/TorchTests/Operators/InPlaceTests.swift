import Testing
import Torch

@Suite struct InPlaceTests {
  @Test func theTensorItselfChanges() {
    let x = Tensor([1.0, 2.0])
    let view = x[0..<1]
    let result = x.add_(Tensor([1.0, 1.0]), alpha: 2).mul_(10)
    #expect(result === x)
    #expect(x.array(of: Float.self) == [30, 40])
    #expect(view.array(of: Float.self) == [30])
  }

  @Test func integersStayIntegers() {
    let x = Tensor([5, 7])
    x.add_(Tensor([1, 1])).floorDivide_(2)
    #expect(x.dtype == .int64)
    #expect(x.array(of: Int.self) == [3, 4])
  }

  @Test func valuesOverwrite() {
    let x = Tensor.zeros([2, 2])
    x.copy_(Tensor([[1, 2], [3, 4]]))
    #expect(x.array(of: Float.self) == [1, 2, 3, 4])
    x.fillDiagonal_(9.0)
    #expect(x.array(of: Float.self) == [9, 2, 3, 9])
    x.clampMax_(3)
    #expect(x.array(of: Float.self) == [3, 2, 3, 3])
    x.zero_()
    #expect(x.array(of: Float.self) == [0, 0, 0, 0])
  }

  @Test func complexNumbersAreScalars() {
    let x = Tensor([1.0, 2.0]) * Complex(0, 1) + 3
    #expect(x.dtype == .complex64)
    #expect("\(x)" == "tensor([3.+1.j, 3.+2.j])")
  }

  @Test func aLeafThatIsRecordedIsRefused() {
    let x = Tensor([1.0])
    x.requiresGrad = true
    #expect(throws: TorchError.self) { try catchingTorchErrors { x.add_(1) } }
    noGrad { x.add_(1) }
    #expect(x.item == 2)
  }
}
