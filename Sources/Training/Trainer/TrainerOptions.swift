public import Torch

/// How long and how a ``Trainer`` trains.
public struct TrainerOptions: Sendable {
  /// When training ends.
  public enum Length: Sendable, Equatable {
    /// After so many passes over the data.
    case epochs(Int)
    /// After so many steps of the optimizer, in the middle of an epoch if need be.
    case steps(Int)
  }

  /// When training ends.
  public var length: Length

  /// How many batches make one step.
  ///
  /// Their gradients add up on each rank and are averaged over the ranks once. The last step of an
  /// epoch takes what is left.
  public var gradientAccumulation: Int

  /// The norm that gradients are scaled down to; `.infinity` measures it only, `nil` not even that.
  public var maxGradientNorm: Double?

  /// Whether a loss or a gradient norm that is infinite or no number ends training, before weights
  /// that it spoiled are saved.
  ///
  /// The norm is looked at only with ``maxGradientNorm``. A step that the gradient scaler skipped does
  /// not count. On a GPU the next step has been made by then.
  public var stopsAtNonFinite: Bool

  /// The type in which forward passes run.
  public var precision: Precision

  /// What the gradient scaler starts from, with ``Precision/float16``.
  public var scaler: GradientScaler.State

  /// Creates options.
  public init(
    _ length: Length, gradientAccumulation: Int = 1, maxGradientNorm: Double? = nil,
    stopsAtNonFinite: Bool = true, precision: Precision = .float32,
    scaler: GradientScaler.State = GradientScaler.State()
  ) {
    self.length = length
    self.gradientAccumulation = gradientAccumulation
    self.maxGradientNorm = maxGradientNorm
    self.stopsAtNonFinite = stopsAtNonFinite
    self.precision = precision
    self.scaler = scaler
  }

  /// The number of steps of the whole training, which a learning rate schedule needs to know.
  ///
  /// - Parameter batchesPerEpoch: The loader's `count`.
  /// - Returns: How often the optimizer is asked for a step, skipped ones included.
  public func stepCount(batchesPerEpoch: Int) -> Int {
    switch length {
    case .epochs(let epochs):
      epochs * ((batchesPerEpoch + gradientAccumulation - 1) / gradientAccumulation)
    case .steps(let steps): steps
    }
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
    if let maxGradientNorm {
      try require(
        maxGradientNorm > 0, "maxGradientNorm is \(maxGradientNorm); it must be greater than 0")
    }
  }
}
