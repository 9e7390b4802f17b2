import DataLoading
import Testing

@Suite struct SamplerTests {
  private static let counts = [0, 1, 2, 3, 5, 7, 8, 10, 31, 64]
  private static let worldSizes = [1, 2, 3, 4, 5, 8, 13]

  private func shares(
    _ count: Int, _ worldSize: Int, shuffle: Bool, dropLast: Bool = false, seed: Int = 0,
    epoch: Int = 0
  ) throws -> [[Int]] {
    try (0..<worldSize).map { rank in
      var sampler = try DistributedSampler(
        count: count, worldSize: worldSize, rank: rank, shuffle: shuffle, seed: seed,
        dropLast: dropLast)
      sampler.setEpoch(epoch)
      #expect(sampler.indices().count == sampler.count)
      return sampler.indices()
    }
  }

  /// Golden values of PyTorch 2.13's `DistributedSampler`.
  @Test func sharesMatchPyTorch() throws {
    #expect(try shares(10, 3, shuffle: true) == [[4, 5, 0, 2], [1, 3, 8, 4], [7, 9, 6, 1]])
    #expect(
      try shares(10, 3, shuffle: true, dropLast: true) == [[4, 5, 0], [1, 3, 8], [7, 9, 6]])
    #expect(try shares(2, 5, shuffle: false) == [[0], [1], [0], [1], [0]])
    #expect(try shares(2, 5, shuffle: false, dropLast: true) == [[], [], [], [], []])
  }

  @Test func epochAddsToTheSeed() throws {
    let later = try shares(10, 3, shuffle: true, epoch: 1)
    #expect(try later == shares(10, 3, shuffle: true, seed: 1))
    #expect(try later != shares(10, 3, shuffle: true))
  }

  @Test(arguments: counts, worldSizes)
  func everySampleIsSeenAndSharesHaveEqualSize(count: Int, worldSize: Int) throws {
    let shares = try shares(count, worldSize, shuffle: true)
    #expect(Set(shares.map(\.count)).count == 1)
    #expect(Set(shares.joined()) == Set(0..<count))
    #expect(shares.joined().count == (count + worldSize - 1) / worldSize * worldSize)
  }

  @Test(arguments: counts, worldSizes)
  func dropLastRepeatsNoSample(count: Int, worldSize: Int) throws {
    let seen = try shares(count, worldSize, shuffle: true, dropLast: true).joined()
    #expect(Set(seen).count == seen.count)
    #expect(seen.count == count / worldSize * worldSize)
  }

  @Test(arguments: counts, worldSizes)
  func evaluationSeesEverySampleOnce(count: Int, worldSize: Int) throws {
    let samplers = try (0..<worldSize).map {
      try EvaluationSampler(count: count, worldSize: worldSize, rank: $0)
    }
    #expect(samplers.flatMap { $0.indices() }.sorted() == Array(0..<count))
    for sampler in samplers { #expect(sampler.indices().count == sampler.count) }
    let counts = samplers.map(\.count)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
  }

  @Test(arguments: [(10, 3, 3), (10, 3, -1), (10, 0, 0), (-1, 2, 0)])
  func invalidSharesThrow(count: Int, worldSize: Int, rank: Int) {
    let distributed = #expect(throws: DataLoadingError.self) {
      try DistributedSampler(count: count, worldSize: worldSize, rank: rank)
    }
    let evaluation = #expect(throws: DataLoadingError.self) {
      try EvaluationSampler(count: count, worldSize: worldSize, rank: rank)
    }
    #expect(distributed?.code == .invalidArgument)
    #expect(evaluation?.code == .invalidArgument)
  }

  @Test func invalidRankErrorNamesTheRange() {
    let error = #expect(throws: DataLoadingError.self) {
      try DistributedSampler(count: 10, worldSize: 3, rank: 3)
    }
    #expect(error?.message == "invalid rank 3: with 3 ranks it must be in [0, 2]")
  }

  @Test func randomSamplerEqualsOneDistributedRank() throws {
    var random = RandomSampler(count: 10, seed: 3)
    random.setEpoch(2)
    #expect(try random.indices() == shares(10, 1, shuffle: true, seed: 3, epoch: 2)[0])
    #expect(SequentialSampler(count: 4).indices() == [0, 1, 2, 3])
  }

  @Test(
    arguments: [
      (7, 3, false, [[0, 1, 2], [3, 4, 5], [6]]), (7, 3, true, [[0, 1, 2], [3, 4, 5]]),
      (6, 3, false, [[0, 1, 2], [3, 4, 5]]), (2, 3, false, [[0, 1]]), (2, 3, true, []),
      (0, 3, false, []),
    ] as [(Int, Int, Bool, [[Int]])])
  func batchesAreConsecutive(count: Int, batchSize: Int, dropLast: Bool, expected: [[Int]]) throws {
    let batches = try BatchSampler(
      SequentialSampler(count: count), batchSize: batchSize, dropLast: dropLast)
    #expect(batches.batches().map(Array.init) == expected)
    #expect(batches.count == expected.count)
  }

  @Test(arguments: [0, -8])
  func batchSizeBelowOneThrows(batchSize: Int) {
    let error = #expect(throws: DataLoadingError.self) {
      try BatchSampler(SequentialSampler(count: 3), batchSize: batchSize)
    }
    #expect(error?.message.contains("the batch size is \(batchSize)") == true)
  }

  @Test(arguments: [false, true])
  func batchSizeMayExceedTheDataSet(dropLast: Bool) throws {
    let batches = try BatchSampler(
      SequentialSampler(count: 3), batchSize: .max, dropLast: dropLast)
    #expect(batches.count == (dropLast ? 0 : 1))
    #expect(batches.batches() == (dropLast ? [] : [[0, 1, 2]]))
  }
}
