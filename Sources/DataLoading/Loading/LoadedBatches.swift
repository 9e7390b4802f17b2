internal import Support

/// The batches of one epoch, loaded by a ``DataLoader``.
///
/// Not thread-safe.
public final class LoadedBatches<Batch: Sendable> {
  /// Where the batches are built.
  private enum Source {
    case threads(OrderedQueue<Result<Batch, any Error>?>, timeout: Duration)
    case caller(() throws -> Batch?)
  }

  private let source: Source
  private var isFinished = false

  /// The total time that ``next()`` has waited for batches.
  public private(set) var waitTime = Duration.zero

  /// Creates the batches that worker threads put into a queue.
  init(queue: OrderedQueue<Result<Batch, any Error>?>, timeout: Duration) {
    source = .threads(queue, timeout: timeout)
  }

  /// Creates batches that are built on the thread of the caller.
  init(_ build: @escaping () throws -> Batch?) {
    source = .caller(build)
  }

  deinit { close() }

  /// Waits for the next batch and returns it, or `nil` at the end of the epoch.
  ///
  /// - Throws: The error of the data set, the transformation or `collate` for this batch, or
  ///   ``DataLoadingError`` with code `timedOut`; after an error there are no more batches.
  public func next() throws -> Batch? {
    if isFinished { return nil }
    let start = ContinuousClock.now
    defer { waitTime += ContinuousClock.now - start }
    do {
      let batch = try take()
      isFinished = batch == nil
      return batch
    } catch {
      isFinished = true
      close()
      throw error
    }
  }

  private func take() throws -> Batch? {
    switch source {
    case .caller(let build): return try build()
    case .threads(let queue, let timeout):
      guard let taken = queue.take(timeout: timeout) else {
        throw DataLoadingError(
          .timedOut,
          "no batch arrived within \(timeout): check that the samples can be read, or raise the "
            + "loader's timeout")
      }
      return try taken?.get()
    }
  }

  private func close() {
    if case .threads(let queue, _) = source { queue.close() }
  }
}
