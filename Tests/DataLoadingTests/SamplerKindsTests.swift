import DataLoading
import Testing

/// The expected values are those of PyTorch 2.13 and Transformers 5.23.
@Suite struct SamplerKindsTests {
  @Test func lengthGroupedOrderHasEverySampleOnce() throws {
    let lengths = (0..<1001).map { $0 * 7919 % 512 }
    let sampler = try DistributedSampler(groupedBy: lengths, batchSize: 8, seed: 3)
    let order = sampler.indices()
    #expect(order.sorted() == Array(0..<1001))
    #expect(lengths[order[0]] == lengths.max())
    let block = 8 * 31
    for start in stride(from: block, to: 1001, by: block) {
      let part = order[start..<min(start + block, 1001)].dropFirst().map { lengths[$0] }
      #expect(part == part.sorted(by: >))
    }
  }

  @Test(arguments: [1, 2, 3, 7]) func ranksShareOneGroupedOrder(worldSize: Int) throws {
    let lengths = (0..<100).map { $0 * 37 % 64 }
    let whole = try DistributedSampler(groupedBy: lengths, batchSize: 4, seed: 1).indices()
    let shares = try (0..<worldSize).map {
      try DistributedSampler(
        groupedBy: lengths, batchSize: 4, worldSize: worldSize, rank: $0, seed: 1
      ).indices()
    }
    for index in 0..<100 { #expect(shares[index % worldSize][index / worldSize] == whole[index]) }
  }

  @Test func lengthGroupedEpochCanBeResumed() throws {
    let lengths = (0..<50).map { $0 * 37 % 64 }
    var sampler = try DistributedSampler(groupedBy: lengths, batchSize: 4, seed: 1)
    sampler.setEpoch(2)
    let whole = sampler.indices()
    var position = sampler.position
    position.advance(by: 20)
    var next = try DistributedSampler(groupedBy: lengths, batchSize: 4, seed: 1)
    try next.setPosition(position)
    #expect(next.indices() == Array(whole.dropFirst(20)))
  }

  @Test func drawsFollowTheirWeights() throws {
    var sampler = try WeightedRandomSampler(weights: [0, 1, 3, 0], count: 4000, seed: 5)
    let draws = sampler.indices()
    #expect(Set(draws) == [1, 2])
    #expect((2850..<3150).contains(draws.count { $0 == 2 }))
    var position = sampler.position
    position.advance(by: 3990)
    try sampler.setPosition(position)
    #expect(sampler.indices() == Array(draws.suffix(10)))
    sampler.setEpoch(1)
    #expect(sampler.indices() != draws)
  }

  @Test(arguments: [[], [0, 0], [1, -1], [.nan], [.infinity]] as [[Double]])
  func invalidWeightsThrow(weights: [Double]) {
    #expect(throws: DataLoadingError.self) { try WeightedRandomSampler(weights: weights, count: 1) }
  }
}
