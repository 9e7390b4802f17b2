internal import Support
internal import Synchronization

/// Makes batches of a data set ahead of their use, on threads of its own.
///
/// Batches come in the sampler's order, and are the same ones whatever the number of threads: each batch is
/// made by one of them, from the samples that the sampler chose.
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
  /// Which samples make up each batch; set the sampler's epoch here.
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
  ///   - dataset: Where the samples come from; read on the loader's threads.
  ///   - batchSampler: Which samples make up each batch.
  ///   - workers: How many threads make batches, at least 1.
  ///   - prefetch: How many batches may wait for their use, at least 1.
  ///   - timeout: The longest wait for one batch.
  ///   - collate: Makes a batch of its samples, on one of the loader's threads.
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

  /// Starts to load the batches of an epoch.
  ///
  /// - Parameter first: How many batches to pass over, for an epoch that goes on in its middle.
  /// - Returns: The batches, to be taken one by one. The threads end when they are through, when one
  ///   fails, or soon after the last reference to them is gone, as when a loop is left early.
  /// - Throws: ``DataLoadingError`` with code `threadRefused`.
  public func batches(from first: Int = 0) throws(DataLoadingError) -> LoadedBatches<Batch> {
    let queue = OrderedQueue<Result<Batch, any Error>?>(capacity: prefetch)
    let indices = Array(batchSampler.batches().dropFirst(first))
    let (dataset, collate) = (dataset, collate)
    let next = SharedCounter()
    // Made first: if a thread is refused, it goes away and closes the queue, which ends the others.
    let batches = LoadedBatches(queue: queue, timeout: timeout)
    for _ in 0..<workers {
      try startThread {
        while true {
          let number = next.take()
          // Every worker comes to the end, the first one says so.
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

/// Starts a thread that ends on its own.
private func startThread(_ body: @escaping @Sendable () -> Void) throws(DataLoadingError) {
  do throws(SystemError) {
    try NativeThread.start(body).detach()
  } catch {
    throw DataLoadingError(.threadRefused, error.message)
  }
}

/// Counts from 0, for any number of threads.
private final class SharedCounter: Sendable {
  private let next = Atomic(0)

  /// Returns the next integer; each is returned once.
  func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}
