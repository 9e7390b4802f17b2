internal import Support
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
public struct DataLoader<Samples: Dataset, Indices: Sampler, Batch: Sendable>: Sendable {
  /// The batch sampler; set the epoch on its sampler.
  public var batchSampler: BatchSampler<Indices>

  /// The number of batches in an epoch.
  public var count: Int { batchSampler.count }

  private let dataset: Samples
  private let workers: Int
  private let prefetch: Int
  private let timeout: Duration
  private let collate: @Sendable ([Samples.Element]) throws -> Batch

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - dataset: The data set; read on the worker threads.
  ///   - batchSampler: Chooses the samples of each batch.
  ///   - workers: The number of worker threads, at least 1.
  ///   - prefetch: The maximum number of prefetched batches, at least 1.
  ///   - timeout: The maximum wait for one batch.
  ///   - collate: Builds a batch from its samples, on a worker thread.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init(
    _ dataset: Samples, batches batchSampler: BatchSampler<Indices>, workers: Int = 1,
    prefetch: Int = 2, timeout: Duration = .seconds(600),
    collate: @escaping @Sendable ([Samples.Element]) throws -> Batch
  ) throws(DataLoadingError) {
    guard workers >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "workers is \(workers); use 1 or more")
    }
    guard prefetch >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "prefetch is \(prefetch); use 1 or more")
    }
    self.dataset = dataset
    self.batchSampler = batchSampler
    self.workers = workers
    self.prefetch = prefetch
    self.timeout = timeout
    self.collate = collate
  }

  /// Starts loading the batches of an epoch.
  ///
  /// - Parameter first: The number of batches to skip, to resume within an epoch.
  /// - Returns: The batches. The worker threads exit after the last batch, after an error, or soon
  ///   after the result is released, for example when a loop exits early. If the process exits
  ///   while they work, it waits up to a second for their current batches.
  /// - Throws: ``DataLoadingError`` with code `threadRefused`.
  public func batches(from first: Int = 0) throws(DataLoadingError) -> LoadedBatches<Batch> {
    let queue = OrderedQueue<Result<Batch, any Error>?>(capacity: prefetch)
    let indices = Array(batchSampler.batches().dropFirst(first))
    let dataset = dataset
    let collate = collate
    let next = SharedCounter()
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
          let result = Result { try collate(try indices[number].map { try dataset[$0] }) }
          guard queue.put(result, at: number), case .success = result else { return }
        }
      }
    }
    return batches
  }
}

/// Starts a thread that ends before the process does.
private func startThread(
  stop: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () -> Void
) throws(DataLoadingError) {
  do throws(SystemError) {
    try ProcessExit.startThread(name: "loader", stop: stop, body)
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
