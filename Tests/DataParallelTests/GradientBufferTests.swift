import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// Operators write gradients directly into their buckets, so that no copy is needed.
@Suite struct GradientBufferTests {
  private static let width = 128

  /// All layers are large enough to write into buckets; one may be used twice.
  private final class Model: Module {
    let words = Embedding(300, GradientBufferTests.width)
    let first = Linear(GradientBufferTests.width, GradientBufferTests.width)
    let norm = LayerNorm(GradientBufferTests.width)
    let second = Linear(GradientBufferTests.width, GradientBufferTests.width)
    let isTwice: Bool
    let isCheckpointed: Bool

    init(isTwice: Bool = false, isCheckpointed: Bool = false) {
      self.isTwice = isTwice
      self.isCheckpointed = isCheckpointed
      fillByFormula(self, seed: 3)
    }

    func forward(_ ids: Tensor) throws -> Tensor {
      let vectors = try words(ids).reshape([40, GradientBufferTests.width])
      return isCheckpointed
        ? try checkpointed(vectors) { try self.rest($0) } : try rest(vectors)
    }

    private func rest(_ vectors: Tensor) throws -> Tensor {
      let hidden = norm.packed(
        try first(vectors).tanh(), dropout: Dropout(0), residual: vectors,
        boundaries: Tensor([0, 40] as [Int64]))
      return try second(isTwice ? first(hidden) : hidden)
    }
  }

  private static func ids(_ rank: Int, _ step: Int) -> Tensor {
    Tensor((0..<40).map { Int64(($0 * 17 + rank * 101 + step * 29) % 300) }, shape: [8, 5])
  }

  private static func gradients(_ model: Model) -> [[Float]] {
    model.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
  }

  /// Returns the mean of the gradients that each rank computes alone.
  private static func expected(isTwice: Bool, steps: [Int], ranks: Range<Int> = 0..<2) -> [[Float]]
  {
    let parts = ranks.map { rank in
      let model = Model(isTwice: isTwice)
      for step in steps { try? model(ids(rank, step)).sum().backward() }
      return gradients(model)
    }
    return parts[0].indices.map { parameter in
      parts[0][parameter].indices.map { index in
        parts.map { $0[parameter][index] }.reduce(0, +) / Float(parts.count)
      }
    }
  }

  @Test func gradientsAreNotCopiedAndAreCorrect() throws {
    let results = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      return try (0..<4).map { step in
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
        return (Self.gradients(model.module), model.loggingData.movedGradientCount)
      }
    }
    for step in 0..<4 {
      let expected = Self.expected(isTwice: false, steps: [step])
      #expect(expected.allSatisfy { $0.contains { $0 != 0 } })
      for rank in results {
        #expect(rank[step].0 == expected)
        #expect(rank[step].1 == 0)
      }
    }
  }

  /// A bfloat16 pass writes float32 gradients into the bucket, without a copy.
  @Test func autocastGradientsAreNotCopied() throws {
    let moves = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      for step in 0..<3 {
        model.module.zeroGrad()
        let loss = try withAutocast(.bfloat16, device: .cpu) {
          try model(Self.ids(group.rank, step)).to(.float32).sum()
        }
        try loss.backward()
      }
      for (ours, exact) in zip(
        Self.gradients(model.module), Self.expected(isTwice: false, steps: [2]))
      {
        let largest = exact.map(abs).max() ?? 0
        #expect(zip(ours, exact).allSatisfy { abs($0 - $1) < 0.02 * largest })
      }
      return model.loggingData.movedGradientCount
    }
    #expect(moves == [0, 0])
  }

  /// Many programs set gradients to `nil` between forward and backward.
  @Test func zeroGradMayFollowForward() throws {
    let moves = try onRanks(2) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      for step in 0..<3 {
        let loss = try model(Self.ids(group.rank, step)).sum()
        model.module.zeroGrad()
        try loss.backward()
      }
      #expect(Self.gradients(model.module) == Self.expected(isTwice: false, steps: [2]))
      return model.loggingData.movedGradientCount
    }
    #expect(moves == [0, 0])
  }

  /// Autograd adds two gradients, one of which may be in the bucket.
  @Test func aLayerThatIsUsedTwiceGetsTheSum() throws {
    let results = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(isTwice: true), group: group)
      for step in 0..<3 {
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
      }
      return (Self.gradients(model.module), model.loggingData.movedGradientCount)
    }
    let expected = Self.expected(isTwice: true, steps: [2])
    for rank in results {
      #expect(rank.0 == expected)
      // Weight and bias of the layer, in each of three passes.
      #expect(rank.1 == 3 * 2)
    }
  }

  @Test func noSyncAccumulatesInBuckets() throws {
    let results = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      // The second pass rebuilds the buckets.
      for step in 7..<9 {
        try model(Self.ids(group.rank, step)).sum().backward()
        model.module.zeroGrad()
      }
      try model.noSync { try model(Self.ids(group.rank, 0)).sum().backward() }
      try model(Self.ids(group.rank, 1)).sum().backward()
      return (Self.gradients(model.module), model.loggingData.movedGradientCount)
    }
    let expected = Self.expected(isTwice: false, steps: [0, 1])
    for rank in results {
      #expect(rank.0 == expected)
      #expect(rank.1 == 0)
    }
  }

  /// Gradients arrive in another order, several times, or not at all.
  @Test(arguments: [false, true], [false, true])
  func optionsDoNotChangeBits(isStatic: Bool, isCheckpointed: Bool) throws {
    let results = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(
        Model(isTwice: isStatic, isCheckpointed: isCheckpointed), group: group,
        options: DistributedDataParallelOptions(
          findsUnusedParameters: !isStatic && !isCheckpointed, staticGraph: isStatic))
      return try (0..<4).map { step in
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
        return Self.gradients(model.module)
      }
    }
    for step in 0..<4 {
      let expected = Self.expected(isTwice: isStatic, steps: [step])
      for rank in results { #expect(rank[step] == expected) }
    }
  }

  /// A norm that is frozen after wrapping does not write into its slot, which contains zeros.
  @Test func frozenNormDoesNotUseItsSlot() throws {
    let results = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(
        Model(), group: group, options: DistributedDataParallelOptions(findsUnusedParameters: true))
      for parameter in model.module.norm.parameters {
        parameter.requiresGrad = false
      }
      for step in 0..<3 {
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
      }
      #expect(model.module.norm.parameters.allSatisfy { $0.grad == nil })
      return Self.gradients(model.module)
    }
    let expected = Self.expected(isTwice: false, steps: [2])
    for rank in results {
      #expect(zip(rank, expected).allSatisfy { $0.isEmpty || $0 == $1 })
      #expect(rank.count { $0.isEmpty } == 2)
    }
  }

  /// Division by three is inexact; inside join the last of two ranks runs its last step alone.
  @Test func threeAndJoinedRanksAverage() throws {
    func isClose(_ ours: [[Float]], _ exact: [[Float]]) -> Bool {
      zip(ours, exact).allSatisfy { ours, exact in
        let largest = exact.map(abs).max() ?? 0
        return zip(ours, exact).allSatisfy { abs($0 - $1) <= 1e-6 * largest }
      }
    }
    let three = try onRanks(3, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      for step in 0..<2 {
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
      }
      return Self.gradients(model.module)
    }
    let mean = Self.expected(isTwice: false, steps: [1], ranks: 0..<3)
    for rank in three { #expect(isClose(rank, mean)) }
    #expect(three[0] == three[1] && three[1] == three[2])

    let joined = try onRanks(2, over: .sharedMemory) { group in
      let model = try DistributedDataParallel(Model(), group: group)
      var last: [[Float]] = []
      try model.join(divideByInitialWorldSize: false) {
        for step in 0..<2 + group.rank {
          model.module.zeroGrad()
          try model(Self.ids(group.rank, step)).sum().backward()
          last = Self.gradients(model.module)
        }
      }
      return last
    }
    #expect(joined[0] == Self.expected(isTwice: false, steps: [1]))
    #expect(joined[1] == Self.expected(isTwice: false, steps: [2], ranks: 1..<2))
  }

  @Test func delayedParametersAreInTheLastBucket() throws {
    let results = try onRanks(2) { group in
      var options = DistributedDataParallelOptions(bucketBytes: 1 << 10)
      options.delayedParameters = ["second.weight", "first.bias"]
      let model = try DistributedDataParallel(Model(), group: group, options: options)
      for step in 0..<2 {
        model.module.zeroGrad()
        try model(Self.ids(group.rank, step)).sum().backward()
      }
      return (Self.gradients(model.module), model.bucketParameterNames)
    }
    for rank in results {
      #expect(rank.0 == Self.expected(isTwice: false, steps: [1]))
      #expect(Set(rank.1.last ?? []) == ["second.weight", "first.bias"])
    }
    #expect(throws: CollectiveError.self) {
      try onRanks(2) { group in
        var options = DistributedDataParallelOptions()
        options.delayedParameters = ["third.weight"]
        _ = try DistributedDataParallel(Model(), group: group, options: options)
      }
    }
  }
}
