public import DataLoading
internal import Support
public import Torch

extension TrainerOptions {
  /// Returns the number of batches per optimizer step.
  ///
  /// It is ``gradientAccumulation``, or the number that makes a step consume ``globalBatchSize``
  /// samples on all ranks together.
  ///
  /// - Parameters:
  ///   - batchSize: The number of samples in a batch of one rank.
  ///   - worldSize: The number of ranks.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: The number of batches that each rank accumulates.
  /// - Throws: ``TorchError`` with code `invalidArgument` if ``globalBatchSize`` is not a multiple
  ///   of `batchSize * worldSize`; the message names the nearest sizes.
  public func accumulation(
    batchSize: Int, worldSize: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws(TorchError) -> Int {
    guard let globalBatchSize else { return gradientAccumulation }
    Support.require(
      batchSize >= 1 && worldSize >= 1,
      "cannot accumulate batches of \(batchSize) on \(worldSize) ranks: both must be 1 or more",
      file: file, line: line)
    let share = batchSize * worldSize
    if globalBatchSize.isMultiple(of: share) { return globalBatchSize / share }
    let above = (globalBatchSize / share + 1) * share
    let nearest = above > share ? "\(above - share) or \(above)" : "\(above)"
    var remedy = "use a globalBatchSize of \(nearest)"
    if globalBatchSize.isMultiple(of: worldSize) {
      let perRank = globalBatchSize / worldSize
      let below = (1...perRank).last { $0 < batchSize && perRank.isMultiple(of: $0) }
      let over = (1...perRank).first { $0 > batchSize && perRank.isMultiple(of: $0) }
      let sizes = [below, over].compactMap { $0.map { "\($0)" } }.joined(separator: " or ")
      remedy += ", or batches of \(sizes)"
    }
    throw TorchError(
      .invalidArgument,
      "trainer: globalBatchSize is \(globalBatchSize), which cannot be divided into batches of "
        + "\(batchSize) on \(worldSize) \(worldSize == 1 ? "rank" : "ranks"): \(remedy)")
  }

  /// Returns the total number of optimizer steps, for a learning rate schedule.
  ///
  /// - Parameters:
  ///   - loader: This rank's batches, as for `fit(_:loss:)`.
  ///   - worldSize: The number of ranks.
  /// - Returns: The number of steps, including those that the gradient scaler skips.
  /// - Throws: The error of ``accumulation(batchSize:worldSize:file:line:)``.
  public func stepCount<Samples, Indices, Batch>(
    for loader: DataLoader<Samples, Indices, Batch>, worldSize: Int
  ) throws(TorchError) -> Int {
    let accumulation = try accumulation(
      batchSize: loader.batchSampler.batchSize, worldSize: worldSize)
    return stepCount(batchesPerEpoch: loader.count, accumulation: accumulation)
  }

  func stepCount(batchesPerEpoch: Int, accumulation: Int) -> Int {
    switch length {
    case .epochs(let epochs): epochs * ((batchesPerEpoch + accumulation - 1) / accumulation)
    case .steps(let steps): steps
    }
  }
}
