extension GradientScaler {
  /// The state of a gradient scaler.
  ///
  /// The defaults are those of PyTorch.
  public struct State: Codable, Equatable, Sendable {
    /// The factor by which losses are multiplied.
    public var scale: Double
    /// The factor by which the scale is multiplied after `growthInterval` consecutive finite steps.
    public var growthFactor: Double
    /// The factor by which the scale is multiplied after a skipped step.
    public var backoffFactor: Double
    /// The number of consecutive finite steps after which the scale grows.
    public var growthInterval: Int
    /// The current number of consecutive finite steps.
    public var growthTracker: Int

    /// Creates a state.
    public init(
      scale: Double = 65536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
      growthInterval: Int = 2000, growthTracker: Int = 0
    ) {
      self.scale = scale
      self.growthFactor = growthFactor
      self.backoffFactor = backoffFactor
      self.growthInterval = growthInterval
      self.growthTracker = growthTracker
    }

    func validate() throws(TorchError) {
      func require(_ condition: Bool, _ message: String) throws(TorchError) {
        guard condition else { throw TorchError(.invalidArgument, "gradient scaler: \(message)") }
      }
      try require(
        scale > 0 && Float(scale).isFinite,
        "scale is \(scale); it must be positive and finite in float32")
      try require(growthFactor > 1, "growthFactor is \(growthFactor); it must be greater than 1")
      try require(
        backoffFactor > 0 && backoffFactor < 1,
        "backoffFactor is \(backoffFactor); it must be between 0 and 1")
      try require(
        growthInterval >= 1, "growthInterval is \(growthInterval); it must be at least 1")
      try require(growthTracker >= 0, "growthTracker is \(growthTracker); it must be at least 0")
    }
  }
}

extension GradientScaler: Stateful {
  /// Captures the scale, its factors and the growth tracker.
  public func captureState() throws(TorchError) -> Torch.State {
    var values = Torch.State()
    try values.set(state, for: "scaler")
    return values
  }

  /// Restores a state.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the state is invalid. The scaler is
  ///   then unchanged.
  public func restoreState(_ state: Torch.State) throws(TorchError) {
    try load(try state.value("scaler", as: State.self))
  }
}
