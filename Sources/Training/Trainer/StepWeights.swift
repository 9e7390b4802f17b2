internal import Collectives

/// The weights of a step's batches, by which their losses contribute to the gradient.
struct StepWeights {
  /// The weights of this rank's batches so far.
  private(set) var values: [Double] = []
  /// The divisor of the losses before the total is known, which keeps gradients at a mean's size.
  private(set) var divisor = 1.0

  /// Whether a ``WeightedLoss`` stated the weights.
  private(set) var isStated = false

  var sum: Double { values.reduce(0, +) }

  /// Adds a batch whose loss is a mean over its samples.
  mutating func append(samples: Int) { values.append(Double(samples)) }

  /// Adds a batch whose loss states its weight.
  mutating func append(_ weight: Double) {
    isStated = true
    if values.isEmpty, weight.isFinite, weight > 0 { divisor = weight }
    values.append(weight)
  }

  /// Returns the sum of the weights of all ranks; call it after the step's last forward pass.
  ///
  /// - Throws: ``TrainingError`` with code `invalidArgument` on all ranks if a weight is negative
  ///   or not finite, or all are 0.
  func total(over group: any ProcessGroup, step: Int) throws -> Double {
    let wrong = values.first { !($0.isFinite && $0 >= 0) }
    let ranks = try group.allGather([sum, wrong ?? 0, wrong == nil ? 0 : 1])
    if let rank = ranks.firstIndex(where: { $0[2] == 1 }) {
      throw TrainingError(
        .invalidArgument,
        "a loss of step \(step) on rank \(rank) has weight \(ranks[rank][1]): weights must be "
          + "finite and at least 0")
    }
    let total = ranks.reduce(0) { $0 + $1[0] }
    guard total > 0 else {
      throw TrainingError(
        .invalidArgument,
        "all losses of step \(step) have weight 0 on all ranks: check that the batches have tokens "
          + "or samples that count")
    }
    return total
  }
}
