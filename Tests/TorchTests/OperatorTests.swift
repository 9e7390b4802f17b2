import Foundation
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

  /// The memory of results that `tensor` does not return is released.
  @Test func furtherResultsAreReleased() async {
    await #expect(processExitsWith: .success) {
      func residentByteCount() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(pages.split(separator: " ")[1])) * 4096
      }
      let x = Tensor.randn([1, 10_000])
      let maxDim = Operator("aten::max", "dim")
      let topK = Operator("aten::topk")
      let split = Operator("aten::split", "Tensor")
      for _ in 0..<20 { _ = maxDim.tensor(.tensor(x), .int(0)) }
      let before = try residentByteCount()
      for _ in 0..<2_000 {
        _ = maxDim.tensor(.tensor(x), .int(0))  // 80 kB of indices.
        _ = topK.tensor(.tensor(x), .int(100))
        _ = split.tensors(count: 2, .tensor(x), .int(5_000), .int(1))
        maxDim.run(.tensor(x), .int(0))
      }
      #expect(try residentByteCount() - before < 50_000_000)
    }
  }

  @Test func nonTensorResultErrorNamesTheCallersLine() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2])
      _ = Operator("aten::allclose").tensor(.tensor(x), .tensor(x))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("aten::allclose returns the Boolean value true, not a tensor"))
    #expect(text.contains("OperatorTests.swift:"))
  }
}
