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

  /// Several inputs, of which one is no tensor and one needs no gradient, and several outputs.
  @Test func severalInputsAndOutputs() throws {
    let mask = Tensor([true, false, true])
    func gradients(_ isCheckpointed: Bool) throws -> [[Float]?] {
      layer.weight.grad = nil
      let x = x.clone()
      let y = Tensor([0.5, -1, 2] as [Float])
      for tensor in [x, y] { tensor.requiresGrad = true }
      let layer = layer
      func part(_ x: Tensor, _ y: Tensor?, _ mask: Tensor, _ factor: Double) throws
        -> (sum: Tensor, parts: [Tensor])
      {
        let product = try layer(x) * (y ?? x) * factor
        return (product.maskedFill(mask, 0), [product.exp(), mask])
      }
      let optional: Tensor? = y
      let (sum, parts) =
        isCheckpointed
        ? try checkpointed(x, optional, mask, 2.5) { try part($0, $1, $2, $3) }
        : try part(x, optional, mask, 2.5)
      #expect(parts[1].dtype == .bool)
      try (sum.sum() + parts[0].sum()).backward()
      return [x.grad?.array(), y.grad?.array(), layer.weight.grad?.array()]
    }
    let plain = try gradients(false)
    #expect(plain.allSatisfy { $0 != nil })
    #expect(try gradients(true) == plain)
  }

  /// Only some outputs are used, so the others have no gradient.
  @Test func unusedOutputsNeedNoGradient() throws {
    let x = Tensor([1, 2] as [Float])
    x.requiresGrad = true
    let (_, double) = checkpointed(x) { ($0 * 3, $0 * 2) }
    try double.sum().backward()
    #expect(x.grad?.array(of: Float.self) == [2, 2])
  }

  @Test func modulesOfSeveralInputsAndDropout() throws {
    let attention = MultiheadAttention(4, 2, dropout: 0.5)
    let x = Tensor.randn([3, 2, 4])
    func gradient(_ call: (MultiheadAttention.Input) throws -> (output: Tensor, weights: Tensor?))
      throws -> [[Float]?]
    {
      attention.zeroGrad()
      manualSeed(9)
      let (output, weights) = try call(.init(x, x, x))
      #expect(weights?.shape == [2, 3, 3])
      // Draws between forward and backward do not disturb the second run.
      _ = Tensor.randn([5])
      try (output * output).sum().backward()
      return attention.parameters.map { $0.grad?.array() }
    }
    let plain = try gradient { try attention($0) }
    #expect(try gradient { try checkpointed($0) { try attention($0) } } == plain)
    #expect(plain.allSatisfy { $0 != nil })
  }

  @Test func partsMayBeNested() throws {
    let layers = (0..<3).map { _ in Linear(3, 3) }
    let dropout = Dropout(0.5)
    let x = Tensor.randn([2, 3])
    var calls = 0
    typealias Part = (Tensor, @escaping (Tensor) throws -> Tensor) throws -> Tensor
    func run(_ part: @escaping Part) throws -> [[Float]?] {
      for layer in layers { layer.zeroGrad() }
      manualSeed(4)
      calls = 0
      let output = try part(x) { x in
        try layers[2](
          part(dropout(layers[0](x))) { x in
            calls += 1
            return try dropout(layers[1](x).tanh())
          })
      }
      try output.pow(2).sum().backward()
      return layers.flatMap { $0.parameters.map { $0.grad?.array() } }
    }
    let plain = try run { try $1($0) }
    #expect(calls == 1)
    let recomputed = try run { x, body in try checkpointed(x) { try body($0) } }
    // Once forward, once in the second run of the outer part, and once in its own second run.
    #expect(calls == 3)
    #expect(recomputed == plain && plain.allSatisfy { $0 != nil })
  }

  /// A tensor in an enum would receive no gradient.
  @Test func tensorInAnEnumIsRefused() {
    enum Choice {
      case tensor(Tensor)
    }
    let x = Tensor([1] as [Float])
    let error = #expect(throws: TorchError.self) {
      try catchingTorchErrors { _ = checkpointed(x) { Choice.tensor($0) } }
    }
    #expect(error?.message.contains("make the enum a TensorContainer") == true)
  }
}
