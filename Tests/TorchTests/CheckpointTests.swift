import Testing
import Torch

/// Checkpointed parts are recomputed with the settings of the first computation.
@Suite struct CheckpointTests {
  private let layer = Linear(6, 3)
  private let x = Tensor((0..<12).map { Float($0) / 7 }, shape: [2, 6])

  /// Backward runs with another autocast type than forward, such as after the end of a scope.
  @Test(arguments: [(DType.bfloat16, DType.float32), (.float16, .float32), (.float32, .bfloat16)])
  func recomputationUsesThePrecisionOfForward(forward: DType, backward: DType) throws {
    func gradient(_ part: (Tensor) throws -> Tensor) throws -> [Float]? {
      layer.weight.grad = nil
      let output = try withAutocast(forward, device: .cpu) { try part(x) }
      let loss = (output * output).sum()
      try withAutocast(backward, device: .cpu) { try loss.backward() }
      return layer.weight.grad?.array()
    }
    var seen: [DType] = []
    let plain = try gradient { try layer($0) }
    let recomputed = try gradient { x in
      try checkpointed(x) { [layer] x in
        let output = try layer(x)
        seen.append(output.dtype)
        return output
      }
    }
    #expect(seen == [forward, forward])
    #expect(recomputed == plain && recomputed != nil)
  }

  /// Operators inside a checkpointed part are not recorded.
  ///
  /// Recorded operators after the part must not reuse its cached conversion of a parameter.
  @Test func parameterCanBeUsedInsideAndAfterAPart() throws {
    func gradient(_ part: (Tensor) throws -> Tensor) throws -> [Float] {
      layer.weight.grad = nil
      let loss = try withAutocast(.bfloat16, device: .cpu) {
        let output = try part(x) + layer(x)
        return (output * output).sum()
      }
      try loss.backward()
      return try #require(layer.weight.grad).array()
    }
    let plain = try gradient { try layer($0) }
    let recomputed = try gradient { x in try checkpointed(x) { [layer] in try layer($0) } }
    for (plain, recomputed) in zip(plain, recomputed) {
      #expect(abs(plain - recomputed) <= 0.02 * abs(plain))
    }
  }

  @Test(.enabled(if: Device.cudaDeviceCount > 0, "needs a GPU"))
  func recomputationOnAGPUDropsTheSameElements() throws {
    let x = Tensor.full([1000], 1.0, device: .cuda(0))
    x.requiresGrad = true
    let output = try checkpointed(x) { try Dropout(0.5)($0) }
    try output.sum().backward()
    #expect(x.grad?.array(of: Float.self) == output.detach().array(of: Float.self))
  }
}
