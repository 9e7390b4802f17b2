import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

private typealias Entry = CountingProcessGroup.Entry

/// Counts the collectives that the design note DataParallelism lists for a step.
@Suite struct CostTests {
  /// The size of `Network`: 6 parameters with 401 elements.
  private static let bytes = 4 * 401
  private static let buffers = [Entry("broadcast", 4)]

  /// The collectives that rank 0 starts in the fourth step, after buckets are rebuilt.
  private func fourthStep(
    _ options: DistributedDataParallelOptions = DistributedDataParallelOptions(bucketBytes: 512),
    worldSize: Int = 2, hook: @escaping @Sendable () -> (any CommunicationHook)? = { nil }
  ) throws -> [Entry] {
    return try onRanks(worldSize) { base in
      let group = CountingProcessGroup(base)
      let model = try DistributedDataParallel(Network(seed: 0), group: group, options: options)
      if let hook = hook() { try model.registerCommunicationHook(hook) }
      for _ in 0..<4 {
        _ = group.takeEntries()
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
      }
      return group.takeEntries()
    }[0]
  }

  @Test(arguments: [1, 2, 3])
  func eachBucketIsOneAllReduceAndBucketsHoldAllParameters(worldSize: Int) throws {
    let entries = try fourthStep(worldSize: worldSize)
    #expect(Array(entries.prefix(1)) == CostTests.buffers)
    let reduced = entries.dropFirst()
    // The head and the second layer's bias, its weight, and the first layer.
    #expect(reduced.map(\.name) == ["all-reduce", "all-reduce"])
    #expect(reduced.map(\.bytes).reduce(0, +) == CostTests.bytes)
  }

  @Test func withoutBuffersNothingIsCopied() throws {
    let entries = try fourthStep(DistributedDataParallelOptions(broadcastsBuffers: false))
    #expect(entries == [Entry("all-reduce", CostTests.bytes)])
  }

  @Test func searchingTheGraphCostsOneElementPerParameter() throws {
    let entries = try fourthStep(DistributedDataParallelOptions(findsUnusedParameters: true))
    #expect(entries.last == Entry("all-reduce", 4 * (6 + 1)))
    #expect(entries.dropFirst().dropLast().map(\.bytes).reduce(0, +) == CostTests.bytes)
  }

  @Test func aStaticGraphCostsNothingAfterTheFirstStep() throws {
    let entries = try fourthStep(DistributedDataParallelOptions(staticGraph: true))
    #expect(entries == CostTests.buffers + [Entry("all-reduce", CostTests.bytes)])
  }

  @Test func hooksSendCompressedBytes() throws {
    let options = DistributedDataParallelOptions()
    let half = try fourthStep(options) { CompressionHook(.bfloat16) }
    #expect(
      half == CostTests.buffers + [
        Entry("all-reduce", CostTests.bytes / 2), Entry("all-reduce", 4),
      ])

    let quarter = try fourthStep(options) { QuantizationHook() }
    #expect(
      quarter == CostTests.buffers
        + [Entry("all-gather", 8), Entry("all-reduce", 4), Entry("all-gather", 401)])

    let power = try fourthStep(options) { try? PowerSGDHook(.init(rank: 1, startStep: 2)) }
    // The 16 × 6 and 16 × 16 matrices are compressed; the other 49 elements are not.
    #expect(
      power == CostTests.buffers
        + [
          Entry("all-reduce", 4 * 49), Entry("all-reduce", 4), Entry("all-reduce", 4 * (16 + 16)),
          Entry("all-reduce", 4 * (6 + 16)),
        ])
  }

  @Test func joinCostsTwoElementsPerPass() throws {
    let entries = try onRanks(2) { base in
      let group = CountingProcessGroup(base)
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      var entries: [Entry] = []
      try model.join {
        for _ in 0..<3 {
          _ = group.takeEntries()
          let (x, y) = batch([group.rank])
          try mseLoss(try model(x), y).backward()
          entries = group.takeEntries()
        }
      }
      return entries
    }[0]
    #expect(
      entries == [Entry("all-gather", 8)] + CostTests.buffers
        + [Entry("all-reduce", CostTests.bytes)])
  }

  @Test func zeroRedundancySendsEachParameterOnce() throws {
    let entries = try onRanks(2) { base in
      let group = CountingProcessGroup(base)
      let model = Network(seed: 0)
      let optimizer = ZeroRedundancyOptimizer(
        [ParameterGroup(model.parameters, learningRate: 0.1)], group: group
      ) { SGD($0) }
      let (x, y) = batch([0])
      try mseLoss(model(x), y).backward()
      try optimizer.step()
      return group.takeEntries()
    }[0]
    #expect(entries.map(\.name) == Array(repeating: "broadcast", count: 6))
    #expect(entries.map(\.bytes).reduce(0, +) == CostTests.bytes)
  }

  @Test func aSynchronizedNormCostsTwoAllReduces() throws {
    let entries = try onRanks(2) { base in
      let group = CountingProcessGroup(base)
      let model = ImageNetwork()
      SyncBatchNorm.convert(model, group: group)
      try model(images([group.rank])).sum().backward()
      return group.takeEntries()
    }[0]
    // 4 channels.
    #expect(entries.map(\.name) == ["all-reduce", "all-reduce"])
    #expect(entries.map(\.bytes) == [8 * (2 * 4 + 1), 4 * 2 * 4])
  }
}
