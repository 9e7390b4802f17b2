internal import Support

/// The batches of one epoch, as a ``DataLoader`` makes them.
///
/// For one thread at a time.
public final class LoadedBatches<Batch: Sendable> {
  private let queue: OrderedQueue<Result<Batch, any Error>?>
  private let timeout: Duration
  private var isFinished = false

  /// The time that ``next()`` has waited for batches so far: what the loader holds its user up.
  public private(set) var waited = Duration.zero

  init(queue: OrderedQueue<Result<Batch, any Error>?>, timeout: Duration) {
    self.queue = queue
    self.timeout = timeout
  }

  deinit { queue.close() }

  /// Waits for the next batch and returns it, or `nil` at the end.
  ///
  /// - Throws: What the data set or the collation threw while it made this batch, or
  ///   ``DataLoadingError`` with code `timedOut`; after either there are no more batches.
  public func next() throws -> Batch? {
    if isFinished { return nil }
    let start = ContinuousClock.now
    let taken = queue.take(timeout: timeout)
    waited += ContinuousClock.now - start
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
