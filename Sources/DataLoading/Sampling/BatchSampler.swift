/// Groups the indices of a sampler into batches.
public struct BatchSampler<Base: Sampler>: Sendable {
  /// The sampler of the indices; set its epoch here.
  public var sampler: Base

  /// The number of samples in a batch.
  public let batchSize: Int

  /// Whether to drop an incomplete last batch.
  public let dropLast: Bool

  /// The number of batches in an epoch.
  public var count: Int {
    let isLastFull = sampler.count.isMultiple(of: batchSize)
    return sampler.count / batchSize + (dropLast || isLastFull ? 0 : 1)
  }

  /// Creates a batch sampler.
  ///
  /// - Parameters:
  ///   - sampler: The sampler of the indices.
  ///   - batchSize: The number of samples in a batch, at least 1.
  ///   - dropLast: Whether to drop an incomplete last batch.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init(_ sampler: Base, batchSize: Int, dropLast: Bool = false) throws(DataLoadingError) {
    guard batchSize >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "the batch size is \(batchSize); a batch needs at least 1 sample")
    }
    self.sampler = sampler
    self.batchSize = batchSize
    self.dropLast = dropLast
  }

  /// Returns the indices of each batch, in order.
  public func batches() -> [ArraySlice<Int>] {
    let indices = sampler.indices()
    return (0..<count).map { batch in
      indices[batch * batchSize..<min((batch + 1) * batchSize, indices.count)]
    }
  }
}
