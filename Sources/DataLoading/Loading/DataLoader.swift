public import Support
internal import Synchronization

/// Prefetches batches of a data set on worker threads.
///
/// Batches arrive in the sampler's order and do not depend on the number of threads: one thread
/// builds each batch, from the samples that the sampler chose.
///
/// ```swift
/// var loader = try DataLoader(reviews, batches: BatchSampler(sampler, batchSize: 8)) { reviews in
///   try PaddedRows<Int64>(reviews.map(\.ids), padding: 0)
/// }
/// for epoch in 0..<4 {
///   loader.batchSampler.sampler.setEpoch(epoch)
///   let batches = try loader.batches()
///   while let batch = try batches.next() { … }
/// }
/// ```
/// For random transformations, such as augmentation, use
/// ``init(_:batches:seed:workers:prefetch:timeout:transform:collate:)``. It passes each sample its
/// own random number generator.
public struct DataLoader<Samples: Dataset, Indices: Sampler, Batch: Sendable>: Sendable {
  /// Builds the batch of some positions in the sampler's indices, on any thread.
  ///
  /// The positions of a slice are its own indices, and its elements are the samples.
  private typealias Build = @Sendable (ArraySlice<Int>) throws -> Batch

  /// The batch sampler; set the epoch on its sampler.
  public var batchSampler: BatchSampler<Indices>

  /// The number of batches in an epoch.
  public var count: Int { batchSampler.count }

  private let sampleCount: Int
  private let workers: Int
  private let prefetch: Int
  private let timeout: Duration
  /// Returns what builds the batches of the sampler's epoch.
  private let builder: @Sendable (Indices) -> Build

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - dataset: The data set; read on the worker threads.
  ///   - batchSampler: Chooses the samples of each batch.
  ///   - workers: The number of worker threads. With 0, ``LoadedBatches/next()`` builds the batch
  ///     on the thread that calls it.
  ///   - prefetch: The maximum number of prefetched batches, at least 1.
  ///   - timeout: The maximum wait for one batch.
  ///   - collate: Builds a batch from its samples, on a worker thread.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init(
    _ dataset: Samples, batches batchSampler: BatchSampler<Indices>, workers: Int = 1,
    prefetch: Int = 2, timeout: Duration = .seconds(600),
    collate: @escaping @Sendable ([Samples.Element]) throws -> Batch
  ) throws(DataLoadingError) {
    try self.init(
      dataset, batchSampler, workers, prefetch, timeout,
      builder: { _ in { indices in try collate(try indices.map { try dataset[$0] }) } })
  }

  /// Creates a loader that transforms each sample at random, for example to augment it.
  ///
  /// Each sample has its own generator, which depends only on the seed, the epoch, the index of the
  /// sample in the data set, and how often the epoch drew that index before. So the result does not
  /// depend on the number of threads or ranks, nor on whether the epoch was resumed.
  ///
  /// ```swift
  /// let loader = try DataLoader(
  ///   images, batches: BatchSampler(sampler, batchSize: 32), seed: 42, workers: 4
  /// ) { image, generator in
  ///   Bool.random(using: &generator) ? flipped(image) : image
  /// } collate: { images in … }
  /// ```
  /// Draw all random numbers of a sample from its generator. Draws from a generator that threads
  /// share, such as Swift's default one or libtorch's, differ from run to run.
  ///
  /// - Parameters:
  ///   - dataset: The data set; read on the worker threads.
  ///   - batchSampler: Chooses the samples of each batch.
  ///   - seed: The seed of the transformations; the same on all ranks.
  ///   - workers: The number of worker threads. With 0, ``LoadedBatches/next()`` builds the batch
  ///     on the thread that calls it.
  ///   - prefetch: The maximum number of prefetched batches, at least 1.
  ///   - timeout: The maximum wait for one batch.
  ///   - transform: Transforms one sample with its generator, on a worker thread.
  ///   - collate: Builds a batch from its transformed samples, on a worker thread.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init<Sample>(
    _ dataset: Samples, batches batchSampler: BatchSampler<Indices>, seed: Int, workers: Int = 1,
    prefetch: Int = 2, timeout: Duration = .seconds(600),
    transform: @escaping @Sendable (Samples.Element, inout PhiloxGenerator) throws -> Sample,
    collate: @escaping @Sendable ([Sample]) throws -> Batch
  ) throws(DataLoadingError) where Indices: EpochSampler {
    try self.init(dataset, batchSampler, workers, prefetch, timeout) { sampler in
      let epoch = sampler.position.epoch
      let repetitions = sampler.repetitions()
      return { indices in
        try collate(
          try indices.indices.map { position in
            var generator = PhiloxGenerator(
              seed: seed, epoch: epoch, index: indices[position],
              repetition: repetitions[position])
            return try transform(try dataset[indices[position]], &generator)
          })
      }
    }
  }

  private init(
    _ dataset: Samples, _ batchSampler: BatchSampler<Indices>, _ workers: Int, _ prefetch: Int,
    _ timeout: Duration, builder: @escaping @Sendable (Indices) -> Build
  ) throws(DataLoadingError) {
    guard workers >= 0 else {
      throw DataLoadingError(
        .invalidArgument,
        "workers is \(workers); use 1 or more threads, or 0 for the calling thread")
    }
    guard prefetch >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "prefetch is \(prefetch); use 1 or more")
    }
    self.batchSampler = batchSampler
    self.workers = workers
    self.prefetch = prefetch
    self.timeout = timeout
    self.builder = builder
    sampleCount = dataset.count
  }

  /// Starts loading the batches of an epoch.
  ///
  /// - Parameter first: The number of batches to skip, to resume within an epoch.
  /// - Returns: The batches. The worker threads exit after the last batch, after an error, or soon
  ///   after the result is released, for example when a loop exits early. If the process exits
  ///   while they work, it waits up to a second for their current batches.
  /// - Throws: ``DataLoadingError`` with code `threadRefused`, or `invalidArgument` if `first` is
  ///   negative or the sampler chose an index outside of the data set.
  public func batches(from first: Int = 0) throws(DataLoadingError) -> LoadedBatches<Batch> {
    guard first >= 0 else {
      throw DataLoadingError(
        .invalidArgument, "cannot skip \(first) batches; use 0 or more")
    }
    let indices = Array(batchSampler.batches().dropFirst(first))
    try checkIndices(indices)
    let build = builder(batchSampler.sampler)
    let next = SharedCounter()
    guard workers > 0 else {
      return LoadedBatches {
        let number = next.take()
        return number < indices.count ? try build(indices[number]) : nil
      }
    }
    let queue = OrderedQueue<Result<Batch, any Error>?>(capacity: prefetch)
    // If a thread cannot start, the deinit of `batches` closes the queue, which stops the others.
    let batches = LoadedBatches(queue: queue, timeout: timeout)
    for _ in 0..<workers {
      try startThread(stop: { queue.close() }) {
        while true {
          let number = next.take()
          // Every worker reaches the end; only the first one enqueues `nil`, the end marker.
          guard number < indices.count else {
            if number == indices.count { _ = queue.put(nil, at: number) }
            return
          }
          let result = Result { try build(indices[number]) }
          guard queue.put(result, at: number), case .success = result else { return }
        }
      }
    }
    return batches
  }

  /// Checks that the data set has all samples, before a worker thread reads one.
  private func checkIndices(_ batches: [ArraySlice<Int>]) throws(DataLoadingError) {
    for batch in batches {
      if let wrong = batch.first(where: { !(0..<sampleCount ~= $0) }) {
        throw DataLoadingError(
          .invalidArgument,
          "the sampler chose sample \(wrong), but the data set has \(sampleCount) samples: create "
            + "the sampler with the data set's count")
      }
    }
  }
}

/// Starts a thread that ends before the process does.
private func startThread(
  stop: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () -> Void
) throws(DataLoadingError) {
  do throws(SystemError) {
    try ProcessExit.startThread(name: "loader", stop: stop) {
      LoaderThread.markCurrent()
      body()
    }
  } catch {
    throw DataLoadingError(.threadRefused, error.message)
  }
}

/// A thread-safe counter that starts at 0.
private final class SharedCounter: Sendable {
  private let next = Atomic(0)

  /// Returns the next integer; each integer is returned once.
  func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}
