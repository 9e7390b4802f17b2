/// The rest of an epoch's batches on one rank.
struct EpochBatches<Batch> {
  /// The number of batches.
  var count: Int
  /// Returns the sizes of up to `limit` batches, starting at a batch.
  var sizes: (_ first: Int, _ limit: Int) -> [Int]
  /// Returns how far the position advances in a step with this number of samples on this rank.
  var advance: (_ samples: Int) -> Int
  /// Returns the next batch; `nil` if there is none.
  var next: () throws -> Batch?
}
