import Testing
import Torch

@Suite struct OperatorFailureTests {
  @Test func failedOperatorThrowsInsideTheScope() {
    #expect {
      try catchingTorchErrors { Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3])) }
    } throws: { error in
      guard let error = error as? TorchError else { return false }
      return error.code == .operatorFailed && error.message.contains("aten::matmul")
        && error.message.contains("float32[2, 3] cpu")
        && error.message.contains("cannot be multiplied")
    }
  }

  @Test func operatorsAfterAFailureDoNothing() {
    let target = Tensor.zeros([1])
    #expect(throws: TorchError.self) {
      try catchingTorchErrors {
        let undefined = Tensor.zeros([2]).matmul(Tensor.zeros([3]))
        #expect(!undefined.isDefined)
        target.copy_(Tensor.full([1], 1.0))
        _ = (undefined + target).sum().item
      }
    }
    #expect(target.item == 0)
  }

  @Test func failureOfAnInnerScopeDoesNotAffectTheOuterScope() throws {
    let sum = try catchingTorchErrors {
      #expect(throws: TorchError.self) {
        try catchingTorchErrors { Tensor.zeros([2]) + Tensor.zeros([3]) }
      }
      return (Tensor.full([2], 1.0) + 1).sum().item
    }
    #expect(sum == 4)
  }

  @Test func errorNamesAnUnknownOperator() {
    #expect {
      try catchingTorchErrors { Operator("aten::no_such_thing").tensor() }
    } throws: { "\($0)".contains("aten::no_such_thing") }
  }

  @Test func errorNamesAMissingArgument() {
    #expect {
      try catchingTorchErrors { Operator("aten::add", "Tensor").tensor(.tensor(Tensor(1.0))) }
    } throws: { "\($0)".contains("'other'") }
  }

  /// Outside a scope the process prints the error and exits.
  @Test func failedOperatorOutsideAScopeExitsTheProcess() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("aten::matmul"))
    #expect(text.contains("float32[2, 3] cpu"))
  }
}
