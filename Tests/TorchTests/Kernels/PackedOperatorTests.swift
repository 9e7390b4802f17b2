import Testing
import Torch

/// The operators "lockstep::…" against those of libtorch.
@Suite(.serialized) struct PackedOperatorTests {
  private let boundaries = Tensor([0, 5, 135, 136] as [Int64])

  @Test func attentionAndItsGradientsEqualLibtorch() throws {
    let inputs = (0..<3).map { _ in leaf([136, 48]) }
    let weights = Tensor.randn([136, 48])
    let ours = packedAttention(
      query: inputs[0], key: inputs[1], value: inputs[2], boundaries: boundaries, headCount: 2,
      dropout: 0)
    let gradients = try gradients(ours, weights, inputs)

    let ends = boundaries.array(of: Int64.self).map(Int.init)
    let parts = zip(ends, ends.dropFirst()).map { first, last in
      func heads(_ tensor: Tensor) -> Tensor {
        tensor.narrow(dim: 0, start: first, length: last - first).reshape([1, last - first, 2, 24])
          .transpose(1, 2)
      }
      return scaledDotProductAttention(heads(inputs[0]), heads(inputs[1]), heads(inputs[2]))
        .transpose(1, 2).reshape([last - first, 48])
    }
    let theirs = Tensor.cat(parts)
    #expect(difference(ours, theirs) < 1e-5)
    for (ours, theirs) in zip(gradients, try self.gradients(theirs, weights, inputs)) {
      #expect(difference(ours, theirs) < 2e-5)
    }
  }

  /// Queries of only the first tokens produce the rows of the first tokens, with the same dropout.
  @Test func oneQueryPerSequenceEqualsTheRowOfItsFirstToken() throws {
    let inputs = (0..<3).map { _ in leaf([136, 48]) }
    let firsts = [0, 5, 135]
    func attend(_ query: Tensor) -> Tensor {
      manualSeed(3)
      return packedAttention(
        query: query, key: inputs[1], value: inputs[2], boundaries: boundaries, headCount: 2,
        dropout: 0.2)
    }
    func chosen(_ tensor: Tensor) -> Tensor {
      Tensor.cat(firsts.map { tensor.narrow(dim: 0, start: $0, length: 1) })
    }
    let weights = Tensor.randn([3, 48])
    let all = chosen(attend(inputs[0]))
    let alone = attend(chosen(inputs[0]))
    #expect(difference(all, alone) < 1e-6)
    let expected = try gradients(all, weights, inputs)
    for (ours, expected) in zip(try gradients(alone, weights, inputs), expected) {
      #expect(difference(ours, expected) < 1e-5)
    }
  }

  /// With a fixed seed the function is smooth, so finite differences approximate its gradients.
  @Test func gradientsWithDropoutEqualFiniteDifferences() throws {
    let norm = LayerNorm(20)
    let dropping = Dropout(0.3)
    let inputs = (0..<3).map { _ in leaf([136, 20]) }
    func value(_ inputs: [Tensor]) -> Tensor {
      manualSeed(5)
      let attended = packedAttention(
        query: inputs[0], key: inputs[1], value: inputs[2], boundaries: boundaries, headCount: 1,
        dropout: 0.2)
      let normed = norm.packed(
        attended, dropout: dropping, residual: inputs[0], boundaries: boundaries)
      return dropping.packed(normed.packedGELU(), boundaries: boundaries)
    }
    let weights = Tensor.randn([136, 20])
    let gradients = try gradients(value(inputs), weights, inputs)
    for (index, gradient) in gradients.enumerated() {
      let direction = Tensor.randn([136, 20])
      func moved(_ step: Double) -> Double {
        var moved = inputs
        moved[index] = inputs[index] + direction * step
        return noGrad { (value(moved) * weights).to(.float64).sum().item }
      }
      let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2
      let expected = (gradient * direction).to(.float64).sum().item
      #expect(abs(slope - expected) < 2e-2 * max(1, abs(expected)), "input \(index)")
    }
  }

  @Test func normAndItsGradientsEqualLibtorch() throws {
    let norm = LayerNorm(50)
    let none = Dropout(0)
    let inputs = [leaf([136, 50]), leaf([136, 50])] + norm.parameters
    let weights = Tensor.randn([136, 50])
    let ours = norm.packed(
      inputs[0], dropout: none, residual: inputs[1], boundaries: boundaries)
    let gradients = try gradients(ours, weights, inputs)
    let theirs = try norm(inputs[0] + inputs[1])
    #expect(difference(ours, theirs) < 1e-5)
    for (ours, theirs) in zip(gradients, try self.gradients(theirs, weights, inputs)) {
      #expect(difference(ours, theirs) < 2e-5)
    }
  }

  @Test func geluAndItsGradientEqualLibtorch() throws {
    let x = leaf([7, 33])
    let weights = Tensor.randn([7, 33])
    let ours = (x * 3).packedGELU()
    let theirs = (x * 3).gelu()
    #expect(difference(ours, theirs) < 2e-6)
    #expect(
      difference(try gradients(ours, weights, [x])[0], try gradients(theirs, weights, [x])[0])
        < 1e-5)
  }

  @Test func linearAndItsGradientsEqualLibtorch() throws {
    let linear = Linear(160, 128)
    let inputs = [leaf([3, 40, 160]), linear.weight, try #require(linear.bias)]
    let weights = Tensor.randn([3, 40, 128])
    let ours = try linear(inputs[0])
    let gradients = try gradients(ours, weights, inputs)
    let theirs = Operator("aten::linear").tensor(
      .tensor(inputs[0]), .tensor(inputs[1]), .tensor(inputs[2]))
    #expect(difference(ours, theirs) < 1e-5)
    for (ours, theirs) in zip(gradients, try self.gradients(theirs, weights, inputs)) {
      #expect(difference(ours, theirs) < 1e-4)
    }
  }

  /// Under autocast, both convert the factors.
  @Test func linearInBFloat16EqualsLibtorch() throws {
    let linear = Linear(160, 128)
    let inputs = [leaf([3, 40, 160]), linear.weight, try #require(linear.bias)]
    let weights = Tensor.randn([3, 40, 128])
    let (ours, theirs) = try withAutocast(.bfloat16, device: .cpu) {
      (
        try linear(inputs[0]),
        Operator("aten::linear").tensor(
          .tensor(inputs[0]), .tensor(inputs[1]), .tensor(inputs[2]))
      )
    }
    #expect(ours.dtype == .bfloat16)
    #expect(difference(ours.to(.float32), theirs.to(.float32)) < 0.04)
    let gradients = try gradients(ours.to(.float32), weights, inputs)
    #expect(gradients.map(\.dtype) == [.float32, .float32, .float32])
    let others = try self.gradients(theirs.to(.float32), weights, inputs)
    for (ours, theirs) in zip(gradients, others) {
      #expect(difference(ours, theirs) < 0.01 * theirs.abs().max().item)
    }
  }

  /// Bit for bit: rows are added in the same order for every number of threads.
  @Test(arguments: [nil, 3]) func embeddingAndItsGradientEqualLibtorch(padding: Int?) throws {
    let threads = Runtime.threadCount
    defer { Runtime.threadCount = threads }
    let table = Embedding(50, 600, paddingIdx: padding)
    let ids = Tensor((0..<40).map { Int64($0 * $0 % 11) }, shape: [4, 10])
    let weights = Tensor.randn([4, 10, 600])
    let theirs = Operator("aten::embedding").tensor(
      .tensor(table.weight), .tensor(ids), .int(padding ?? -1))
    let expected = try gradients(theirs, weights, [table.weight])[0].array(of: Float.self)
    for count in [1, 2] {
      Runtime.threadCount = count
      let ours = try table(ids)
      #expect(difference(ours, theirs) == 0)
      let gradient = try gradients(ours, weights, [table.weight])[0]
      #expect(gradient.array(of: Float.self) == expected)
    }
  }

  /// The operator that `AdamW` calls in release builds, with a step count per parameter.
  @Test func adamWEqualsLibtorch() {
    let shapes = [[40, 7], [33]]
    func tensors(_ seed: Int64) -> [Tensor] {
      manualSeed(UInt64(seed))
      return shapes.map { Tensor.randn($0) }
    }
    func run(_ update: ([[Tensor]]) -> Void) -> [Tensor] {
      let all = (1...4).map { tensors($0) }
      let seconds = all[3].map { $0 * $0 }
      noGrad { update([all[0], all[1], all[2], seconds]) }
      return all[0] + all[2] + seconds
    }
    let settings: [Double] = [0.01, 0.9, 0.999, 0.1, 1e-8]
    let ours = run { all in
      Operator("lockstep::adamw_").run(
        .tensors(all[0]), .tensors(all[1]), .tensors(all[2]), .tensors(all[3]), .ints([3, 7]),
        .double(settings[0]), .double(settings[1]), .double(settings[2]), .double(settings[3]),
        .double(settings[4]), .double(0.5))
    }
    let theirs = run { all in
      Operator("aten::_fused_adamw_").run(
        .tensors(all[0]), .tensors(all[1].map { $0 * 0.5 }), .tensors(all[2]), .tensors(all[3]),
        .tensors([]), .tensors([Tensor(3 as Float), Tensor(7 as Float)]), .double(settings[0]),
        .double(settings[1]), .double(settings[2]), .double(settings[3]), .double(settings[4]),
        .bool(false), .bool(false))
    }
    for (ours, theirs) in zip(ours, theirs) { #expect(difference(ours, theirs) < 1e-6) }
  }

  @Test func adamWRejectsInvalidArguments() {
    let one = [Tensor.zeros([4])]
    func run(_ gradients: [Tensor], steps: [Int]) throws {
      try catchingTorchErrors {
        Operator("lockstep::adamw_").run(
          .tensors(one), .tensors(gradients), .tensors(one), .tensors(one), .ints(steps),
          .double(0.01), .double(0.9), .double(0.999), .double(0), .double(1e-8), .double(1))
      }
    }
    for (gradients, steps) in [
      ([], [1]), ([Tensor.zeros([5])], [1]), (one, [0]), (one, [1, 2]),
      ([Tensor.zeros([4], dtype: .float64)], [1]),
    ] {
      #expect(throws: TorchError.self) { try run(gradients, steps: steps) }
    }
  }

  /// No choice depends on measured speed, so results are equal in all runs and on all ranks.
  @Test func everyProcessComputesTheSameBits() async throws {
    var outputs = Set<[UInt8]>()
    for _ in 0..<3 {
      let result = try await #require(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        manualSeed(6)
        let linear = Linear(192, 256)
        let x = Tensor.randn([96, 192])
        x.requiresGrad = true
        let output = try linear(x)
        try (output * output).sum().backward()
        for tensor in [output, try #require(x.grad), try #require(linear.weight.grad)] {
          print(tensor.detach().array(of: Float.self).map(\.bitPattern))
        }
      }
      outputs.insert(result.standardOutputContent)
    }
    #expect(outputs.count == 1)
    #expect(outputs.first?.isEmpty == false)
  }

  @Test func threadCountDoesNotChangeResults() throws {
    let threads = Runtime.threadCount
    defer { Runtime.threadCount = threads }
    let norm = LayerNorm(48)
    let inputs = (0..<3).map { _ in leaf([136, 48]) } + norm.parameters
    func run(_ threads: Int) throws -> [[Float]] {
      Runtime.threadCount = threads
      manualSeed(5)
      let attended = packedAttention(
        query: inputs[0], key: inputs[1], value: inputs[2], boundaries: boundaries, headCount: 4,
        dropout: 0.1)
      let out = norm.packed(
        attended, dropout: Dropout(0.1), residual: inputs[0], boundaries: boundaries)
      let gradients = try gradients(out, Tensor.full([136, 48], 0.5) * out, inputs)
      return ([out] + gradients).map { $0.array(of: Float.self) }
    }
    #expect(try run(1) == run(2))
  }

  @Test func errorDescribesInvalidBoundaries() {
    let x = leaf([4, 16])
    for (bad, words) in [
      ([0, 3] as [Int64], "start at 0 and end at 4"), ([0, 4, 4], "sequence 1 has no tokens"),
    ] {
      #expect {
        try catchingTorchErrors {
          packedAttention(
            query: x, key: x, value: x, boundaries: Tensor(bad), headCount: 1, dropout: 0)
        }
      } throws: {
        "\($0)".contains(words)
      }
    }
  }

  private func leaf(_ shape: [Int]) -> Tensor {
    let tensor = Tensor.randn(shape)
    tensor.requiresGrad = true
    return tensor
  }

  private func gradients(
    _ output: Tensor, _ weights: Tensor, _ inputs: [Tensor]
  ) throws -> [Tensor] {
    for input in inputs { input.grad = nil }
    try (output * weights.detach()).sum().backward(retainGraph: true)
    return try inputs.map { try #require($0.grad) }
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    (a - b).detach().abs().max().item
  }
}
