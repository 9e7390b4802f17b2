internal import Support

/// The batches of one epoch, loaded by a ``DataLoader``.
///
/// Not thread-safe.
public final class LoadedBatches<Batch: Sendable> {
  private let queue: OrderedQueue<Result<Batch, any Error>?>
  private let timeout: Duration
  private var isFinished = false

  /// The total time that ``next()`` has waited for batches.
  public private(set) var waitTime = Duration.zero

  init(queue: OrderedQueue<Result<Batch, any Error>?>, timeout: Duration) {
    self.queue = queue
    self.timeout = timeout
  }

  deinit { queue.close() }

  /// Waits for the next batch and returns it, or `nil` at the end of the epoch.
  ///
  /// - Throws: The error of the data set or of `collate` for this batch, or ``DataLoadingError``
  ///   with code `timedOut`; after an error there are no more batches.
  public func next() throws -> Batch? {
    if isFinished { return nil }
    let start = ContinuousClock.now
    let taken = queue.take(timeout: timeout)
    waitTime += ContinuousClock.now - start
    switch taken {
    case .some(.some(.success(let batch))): return batch
    case .some(.some(.failure(let error))):
      isFinished = true
      queue.close()
      throw error
    case .some(.none):
      isFinished = true
      return nil
    case .none:
      isFinished = true
      queue.close()
      throw DataLoadingError(
        .timedOut,
        "no batch arrived within \(timeout): check that the samples can be read, or raise the "
          + "loader's timeout")
    }
  }
}
