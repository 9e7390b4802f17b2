internal import Support
public import Torch

/// How long and how a ``Trainer`` trains.
public struct TrainerOptions: Sendable {
  /// The length of training.
  public enum Length: Sendable, Equatable {
    /// A number of passes over the data.
    case epochs(Int)
    /// A number of optimizer steps; training may end within an epoch.
    case steps(Int)
  }

  /// The length of training.
  public var length: Length

  /// The number of batches per optimizer step.
  ///
  /// Each rank accumulates their gradients, which are averaged over the ranks once. The last step
  /// of an epoch uses the batches that are left.
  public var gradientAccumulation: Int

  /// The number of samples per optimizer step on all ranks together; `nil` to use
  /// ``gradientAccumulation``.
  ///
  /// Each rank accumulates `globalBatchSize / (batchSize * worldSize)` batches, so that the steps
  /// and the schedule do not depend on the number of ranks. `fit` and `resume` throw if this is not
  /// a whole number. The last step of an epoch uses the batches that are left.
  public var globalBatchSize: Int?

  /// The number of steps between evaluations, in addition to the one at the end of each epoch.
  ///
  /// `nil` evaluates only at the end of each epoch.
  public var evaluationInterval: Int?

  /// The maximum gradient norm, to which larger gradients are clipped.
  ///
  /// `.infinity` only measures the norm; `nil` does not compute it.
  public var maxGradientNorm: Double?

  /// Whether training fails if a loss or a gradient norm is infinite or NaN.
  ///
  /// The check precedes every snapshot, so that damaged weights are never saved. It covers the norm
  /// only if ``maxGradientNorm`` is set, and ignores steps that the gradient scaler skipped. On a
  /// GPU the next step has already run by then.
  public var stopsAtNonFinite: Bool

  /// The precision of forward passes.
  public var precision: Precision

  /// The initial state of the gradient scaler, for ``Precision/float16``.
  public var scaler: GradientScaler.State

  /// Creates options.
  public init(
    _ length: Length, gradientAccumulation: Int = 1, globalBatchSize: Int? = nil,
    evaluationInterval: Int? = nil, maxGradientNorm: Double? = nil, stopsAtNonFinite: Bool = true,
    precision: Precision = .float32, scaler: GradientScaler.State = GradientScaler.State()
  ) {
    self.length = length
    self.gradientAccumulation = gradientAccumulation
    self.globalBatchSize = globalBatchSize
    self.evaluationInterval = evaluationInterval
    self.maxGradientNorm = maxGradientNorm
    self.stopsAtNonFinite = stopsAtNonFinite
    self.precision = precision
    self.scaler = scaler
  }

  /// Returns the total number of optimizer steps, for a learning rate schedule.
  ///
  /// - Parameters:
  ///   - batchesPerEpoch: The loader's `count`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: The number of steps, including those that the gradient scaler skips.
  /// - Precondition: ``globalBatchSize`` is `nil`; otherwise use ``stepCount(for:worldSize:)``.
  public func stepCount(
    batchesPerEpoch: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    Support.require(
      globalBatchSize == nil,
      "the number of steps with a globalBatchSize depends on the batch size and the number of "
        + "ranks: call stepCount(for: loader, worldSize:)", file: file, line: line)
    return stepCount(batchesPerEpoch: batchesPerEpoch, accumulation: gradientAccumulation)
  }

  func validate() throws(TorchError) {
    func require(_ condition: Bool, _ message: String) throws(TorchError) {
      guard condition else { throw TorchError(.invalidArgument, "trainer: \(message)") }
    }
    switch length {
    case .epochs(let count):
      try require(count >= 0, "cannot train for \(count) epochs; use 0 or more")
    case .steps(let count):
      try require(count >= 0, "cannot train for \(count) steps; use 0 or more")
    }
    try require(
      gradientAccumulation >= 1,
      "gradientAccumulation is \(gradientAccumulation); use 1 or more")
    if let globalBatchSize {
      try require(
        globalBatchSize >= 1, "globalBatchSize is \(globalBatchSize); use 1 or more")
      try require(
        gradientAccumulation == 1,
        "both globalBatchSize and gradientAccumulation are set; globalBatchSize determines the "
          + "accumulation, so set only one of them")
    }
    if let evaluationInterval {
      try require(
        evaluationInterval >= 1, "evaluationInterval is \(evaluationInterval); use 1 or more")
    }
    if let maxGradientNorm {
      try require(
        maxGradientNorm > 0, "maxGradientNorm is \(maxGradientNorm); it must be greater than 0")
    }
  }
}

extension TrainerOptions.Length: CustomStringConvertible {
  /// The number and the unit, such as `4 epochs`.
  public var description: String {
    switch self {
    case .epochs(let count): count == 1 ? "1 epoch" : "\(count) epochs"
    case .steps(let count): count == 1 ? "1 step" : "\(count) steps"
    }
  }
}

extension TrainerOptions.Length: Codable {
  private enum CodingKeys: String, CodingKey { case epochs, steps }

  /// Decodes an object with the member `epochs` or `steps`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self =
      if let epochs = try container.decodeIfPresent(Int.self, forKey: .epochs) {
        .epochs(epochs)
      } else {
        .steps(try container.decode(Int.self, forKey: .steps))
      }
  }

  /// Encodes an object with the member `epochs` or `steps`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .epochs(let count): try container.encode(count, forKey: .epochs)
    case .steps(let count): try container.encode(count, forKey: .steps)
    }
  }
}
