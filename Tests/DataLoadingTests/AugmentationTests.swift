import DataLoading
import Support
import Synchronization
import Testing

/// Random transformations of samples, each with the generator of its sample.
@Suite struct AugmentationTests {
  /// A sample and the random numbers that its transformation drew.
  private struct Augmented: Hashable, Sendable {
    var sample: Int
    var draws: [UInt64]
  }

  private static let count = 97

  /// Loads an epoch from the sampler's position and returns all transformed samples in order.
  private func load<Indices: EpochSampler>(
    _ sampler: Indices, count: Int = AugmentationTests.count, seed: Int = 5, workers: Int = 1,
    batchSize: Int = 4, from first: Int = 0
  ) throws -> [Augmented] {
    let loader = try DataLoader(
      InMemoryDataset(Array(0..<count)),
      batches: BatchSampler(sampler, batchSize: batchSize), seed: seed, workers: workers,
      prefetch: 3
    ) { sample, generator in
      // Samples draw different numbers of times, which must not affect the others.
      Augmented(sample: sample, draws: (0...sample % 5).map { _ in generator.next() })
    } collate: {
      $0
    }
    let batches = try loader.batches(from: first)
    var result: [Augmented] = []
    while let batch = try batches.next() { result += batch }
    return result
  }

  private func sampler(
    worldSize: Int = 1, rank: Int = 0, epoch: Int = 3
  ) throws -> DistributedSampler {
    var sampler = try DistributedSampler(
      count: Self.count, worldSize: worldSize, rank: rank, seed: 11)
    sampler.setEpoch(epoch)
    return sampler
  }

  @Test(arguments: [0, 1, 2, 4, 7], [1, 3, 16])
  func threadsAndBatchSizesDoNotChangeTheResult(workers: Int, batchSize: Int) throws {
    let expected = try load(sampler(), workers: 0, batchSize: 1)
    #expect(expected.count == Self.count)
    #expect(try load(sampler(), workers: workers, batchSize: batchSize) == expected)
  }

  @Test(arguments: [2, 3, 4, 5, 8])
  func ranksDoNotChangeTheResult(worldSize: Int) throws {
    let alone = Set(try load(sampler()))
    #expect(alone.count == Self.count)
    let shares = try (0..<worldSize).map { rank in
      try load(sampler(worldSize: worldSize, rank: rank), workers: rank % 3)
    }
    #expect(Set(shares.joined()) == alone)
  }

  @Test(arguments: [1, 4, 10, 48, 96])
  func resumedEpochContinuesWithTheSameResult(consumed: Int) throws {
    let whole = try load(sampler())
    var position = try sampler().position
    position.advance(by: consumed)
    for worldSize in [1, 2, 3] {
      let shares = try (0..<worldSize).map { rank in
        var next = try sampler(worldSize: worldSize, rank: rank, epoch: 0)
        try next.setPosition(position)
        return try load(next, workers: 2)
      }
      // Padding repeats samples of the start of the epoch, with their numbers.
      let rest = Set(whole.dropFirst(consumed))
      let padding = Set(whole.prefix(worldSize))
      #expect(Set(shares.joined()).subtracting(padding) == rest.subtracting(padding))
      #expect(rest.isSubset(of: Set(shares.joined())))
    }
  }

  @Test(arguments: [0, 1, 5, 24, 25])
  func skippedBatchesDoNotChangeTheRest(first: Int) throws {
    let whole = try load(sampler())
    #expect(try load(sampler(), from: first) == Array(whole.dropFirst(4 * first)))
  }

  @Test func epochsAndSeedsDrawDifferentNumbers() throws {
    let results = try [(0, 5), (1, 5), (2, 5), (0, 6), (0, -5), (1, 6)].map { epoch, seed in
      Set(try load(sampler(epoch: epoch), seed: seed).flatMap(\.draws))
    }
    let draws = results.map(\.count).reduce(0, +)
    #expect(results.reduce(into: Set()) { $0.formUnion($1) }.count == draws)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func repeatedDrawsOfASampleDiffer(seed: Int) throws {
    var sampler = try WeightedRandomSampler(weights: [1, 2, 0, 1], count: 60, seed: seed)
    sampler.setEpoch(2)
    let whole = try load(sampler, count: 4, workers: 4)
    #expect(whole.count == 60)
    #expect(Set(whole.map(\.sample)) == [0, 1, 3])
    #expect(Set(whole.flatMap(\.draws)).count == whole.map(\.draws.count).reduce(0, +))
    // A resumed epoch knows which draws were before its position.
    for consumed in [1, 17, 59] {
      var position = sampler.position
      position.advance(by: consumed)
      var next = sampler
      try next.setPosition(position)
      #expect(try load(next, count: 4) == Array(whole.dropFirst(consumed)))
    }
  }

  @Test func errorOfATransformationIsThrownForItsBatch() throws {
    struct Broken: Error {}
    for workers in [0, 1, 3] {
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<10)),
        batches: BatchSampler(RandomSampler(count: 10), batchSize: 1), seed: 1, workers: workers
      ) { (sample, _) -> Int in
        if sample == 4 { throw Broken() }
        return sample
      } collate: {
        $0
      }
      let batches = try loader.batches()
      let before = try #require(randomPermutation(10, seed: 0).firstIndex(of: 4))
      for _ in 0..<before { #expect(try batches.next() != nil) }
      #expect(throws: Broken.self) { try batches.next() }
      #expect(try batches.next() == nil)
    }
  }
}

@Suite struct CallingThreadTests {
  @Test func withoutWorkersTheCallerBuildsEachBatchWhenItIsRequested() throws {
    let built = Mutex<[Int]>([])
    let loader = try DataLoader(
      InMemoryDataset(Array(0..<5)),
      batches: BatchSampler(SequentialSampler(count: 5), batchSize: 2), workers: 0
    ) { batch in
      built.withLock { $0.append(batch.count) }
      #expect(!LoaderThread.isCurrent)
      return batch
    }
    let batches = try loader.batches()
    #expect(built.withLock { $0 } == [])
    for expected in [[0, 1], [2, 3], [4]] {
      #expect(try batches.next() == expected)
    }
    #expect(built.withLock { $0 } == [2, 2, 1])
    #expect(try batches.next() == nil)
    #expect(try batches.next() == nil)
  }

  @Test func workersAreLoaderThreads() throws {
    let loader = try DataLoader(
      InMemoryDataset(Array(0..<8)),
      batches: BatchSampler(SequentialSampler(count: 8), batchSize: 1), workers: 2
    ) { _ in LoaderThread.isCurrent }
    let batches = try loader.batches()
    for _ in 0..<8 { #expect(try batches.next() == true) }
    #expect(!LoaderThread.isCurrent)
  }

  @Test(arguments: [-1, -7]) func negativeWorkersThrow(workers: Int) {
    let error = #expect(throws: DataLoadingError.self) {
      try DataLoader(
        InMemoryDataset([1]), batches: BatchSampler(SequentialSampler(count: 1), batchSize: 1),
        workers: workers
      ) { $0 }
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("\(workers)") == true)
  }
}
