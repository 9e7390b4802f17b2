import DataLoading
import Dispatch
import Glibc
import Support
import Synchronization
import Testing

@Suite struct DataLoaderTests {
  private struct Broken: Error {}

  /// A data set of integers that counts reads.
  private final class Numbers: Dataset {
    let count: Int
    let failing: Int?
    let read = Atomic(0)

    init(count: Int, failing: Int? = nil) {
      self.count = count
      self.failing = failing
    }

    subscript(index: Int) -> Int {
      get throws {
        if index == failing { throw Broken() }
        read.add(1, ordering: .sequentiallyConsistent)
        return index
      }
    }
  }

  private func loader(
    _ numbers: Numbers, batchSize: Int = 4, prefetch: Int = 2, timeout: Duration = .seconds(60)
  ) throws -> DataLoader<Numbers, SequentialSampler, [Int]> {
    try DataLoader(
      numbers, batches: BatchSampler(SequentialSampler(count: numbers.count), batchSize: batchSize),
      prefetch: prefetch, timeout: timeout
    ) { $0 }
  }

  private func all(_ batches: LoadedBatches<[Int]>) throws -> [[Int]] {
    var result: [[Int]] = []
    while let batch = try batches.next() { result.append(batch) }
    return result
  }

  @Test func waitTimeIsMeasured() throws {
    let gate = DispatchSemaphore(value: 0)
    let slow = try DataLoader(
      InMemoryDataset([1, 2, 3]), batches: BatchSampler(SequentialSampler(count: 3), batchSize: 1)
    ) { batch in
      gate.wait()
      return batch
    }
    let batches = try slow.batches()
    #expect(batches.waitTime == .zero)
    let start = ContinuousClock.now
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) {
      for _ in 0..<3 { gate.signal() }
    }
    _ = try all(batches)
    #expect(batches.waitTime > .zero)
    #expect(batches.waitTime <= ContinuousClock.now - start)
  }

  @Test(arguments: [0, 1, 3, 4, 5, 1000], [1, 2, 7])
  func prefetchDoesNotChangeTheOrder(count: Int, prefetch: Int) throws {
    let loader = try loader(Numbers(count: count), prefetch: prefetch)
    let batches = try all(loader.batches())
    #expect(Array(batches.joined()) == Array(0..<count))
    #expect(batches.count == loader.count)
    #expect(batches.dropLast().allSatisfy { $0.count == 4 })
  }

  @Test(arguments: [1, 2, 3, 8], [1, 4])
  func workersDoNotChangeTheOrder(workers: Int, prefetch: Int) throws {
    let numbers = Numbers(count: 1001)
    let loader = try DataLoader(
      numbers, batches: BatchSampler(SequentialSampler(count: 1001), batchSize: 4),
      workers: workers, prefetch: prefetch
    ) { batch in
      // Some batches take longer than others.
      if batch[0] % 3 == 0 { usleep(200) }
      return batch
    }
    #expect(try all(loader.batches()).joined().elementsEqual(0..<1001))
    #expect(try all(loader.batches(from: 250)) == [[1000]])
    #expect(try all(loader.batches(from: 251)) == [])
  }

  @Test func errorArrivesInOrderWithManyWorkers() throws {
    let loader = try DataLoader(
      Numbers(count: 400, failing: 202),
      batches: BatchSampler(SequentialSampler(count: 400), batchSize: 4), workers: 4, prefetch: 8
    ) { $0 }
    let batches = try loader.batches()
    for start in stride(from: 0, to: 200, by: 4) {
      #expect(try batches.next() == Array(start..<start + 4))
    }
    #expect(throws: Broken.self) { try batches.next() }
    #expect(try batches.next() == nil)
  }

  @Test func loadingCanStartWithinAnEpoch() throws {
    let loader = try loader(Numbers(count: 10))
    #expect(try all(loader.batches(from: 1)) == [[4, 5, 6, 7], [8, 9]])
    #expect(try all(loader.batches(from: 3)) == [])
  }

  @Test func samplerEpochDeterminesTheOrder() throws {
    let numbers = Numbers(count: 10)
    var loader = try DataLoader(
      numbers, batches: BatchSampler(RandomSampler(count: 10), batchSize: 10)
    ) { $0 }
    #expect(try loader.batches().next() == randomPermutation(10, seed: 0))
    loader.batchSampler.sampler.setEpoch(1)
    #expect(try loader.batches().next() == randomPermutation(10, seed: 1))
  }

  @Test func errorFollowsEarlierBatchesAndEndsTheEpoch() throws {
    let batches = try loader(Numbers(count: 12, failing: 6)).batches()
    #expect(try batches.next() == [0, 1, 2, 3])
    #expect(throws: Broken.self) { try batches.next() }
    #expect(try batches.next() == nil)
  }

  @Test func collateErrorIsThrown() throws {
    let loader = try DataLoader(
      Numbers(count: 2), batches: BatchSampler(SequentialSampler(count: 2), batchSize: 1)
    ) { (_) -> Int in throw Broken() }
    #expect(throws: Broken.self) { try loader.batches().next() }
  }

  @Test func prefetchIsBounded() throws {
    let numbers = Numbers(count: 1000)
    let batches = try loader(numbers, prefetch: 2).batches()
    _ = try batches.next()
    // One batch is consumed, 2 are prefetched, and 1 is being built.
    for _ in 0..<50 {
      usleep(1000)
      #expect(numbers.read.load(ordering: .sequentiallyConsistent) <= 4 * 4)
    }
    _ = try batches.next()
  }

  @Test func exitingTheLoopEarlyEndsTheThread() throws {
    for _ in 0..<20 {
      weak var leaked: Numbers?
      do {
        let numbers = Numbers(count: 1000)
        leaked = numbers
        let batches = try loader(numbers).batches()
        while let batch = try batches.next() { if batch[0] >= 8 { break } }
      }
      // The thread holds the data set until it ends.
      for _ in 0..<10_000 where leaked != nil { usleep(1000) }
      #expect(leaked == nil)
    }
  }

  @Test func finishedThreadReleasesTheDataSet() throws {
    weak var leaked: Numbers?
    let batches: LoadedBatches<[Int]>
    do {
      let numbers = Numbers(count: 10)
      leaked = numbers
      batches = try loader(numbers).batches()
    }
    #expect(try all(batches).count == 3)
    for _ in 0..<10_000 where leaked != nil { usleep(1000) }
    #expect(leaked == nil)
    #expect(try batches.next() == nil)
  }

  @Test func lateBatchTimesOut() throws {
    let gate = Mutex(())
    let loader = try DataLoader(
      Numbers(count: 1), batches: BatchSampler(SequentialSampler(count: 1), batchSize: 1),
      timeout: .milliseconds(20)
    ) { numbers in gate.withLock { _ in numbers } }
    try gate.withLock { _ in
      let batches = try loader.batches()
      let error = #expect(throws: DataLoadingError.self) { try batches.next() }
      #expect(error?.code == .timedOut)
      #expect(try batches.next() == nil)
    }
  }

  @Test func prefetchOfZeroThrows() {
    #expect(throws: DataLoadingError.self) { try loader(Numbers(count: 1), prefetch: 0) }
  }
}
