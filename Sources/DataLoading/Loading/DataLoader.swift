/// Makes batches of a data set ahead of their use, on a thread of its own.
///
/// Batches come in the sampler's order, and are the same ones whatever the threads do.
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
  private let prefetch: Int
  private let timeout: Duration
  private let collate: @Sendable ([Samples.Element]) throws -> Batch

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - dataset: Where the samples come from; read on the loader's thread.
  ///   - batchSampler: Which samples make up each batch.
  ///   - prefetch: How many batches may wait for their use, at least 1.
  ///   - timeout: The longest wait for one batch.
  ///   - collate: Makes a batch of its samples, on the loader's thread.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init(
    _ dataset: Samples, batches batchSampler: BatchSampler<Indices>, prefetch: Int = 2,
    timeout: Duration = .seconds(600),
    collate: @escaping @Sendable ([Samples.Element]) throws -> Batch
  ) throws(DataLoadingError) {
    guard prefetch >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "prefetch is \(prefetch); at least 1 batch has to be made ahead")
    }
    self.dataset = dataset
    self.batchSampler = batchSampler
    self.prefetch = prefetch
    self.timeout = timeout
    self.collate = collate
  }

  /// Starts to load the batches of an epoch.
  ///
  /// - Parameter first: How many batches to pass over, for an epoch that goes on in its middle.
  /// - Returns: The batches, to be taken one by one. The thread ends when they are through, when one
  ///   fails, or soon after the last reference to them is gone, as when a loop is left early.
  /// - Throws: ``DataLoadingError`` with code `threadRefused`.
  public func batches(from first: Int = 0) throws(DataLoadingError) -> LoadedBatches<Batch> {
    let queue = BoundedQueue<Result<Batch, any Error>?>(capacity: prefetch)
    let indices = batchSampler.batches().dropFirst(first)
    let (dataset, collate) = (dataset, collate)
    try LoaderThread.start {
      for batch in indices {
        let result = Result { try collate(try batch.map { try dataset[$0] }) }
        guard queue.append(result), case .success = result else { return }
      }
      _ = queue.append(nil)
    }
    return LoadedBatches(queue: queue, timeout: timeout)
  }
}
