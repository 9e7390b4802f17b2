extension GradientScaler {
  /// What a scaler starts from and goes on from; the defaults are PyTorch's.
  public struct State: Codable, Equatable, Sendable {
    /// The number that losses are multiplied by.
    public var scale: Double
    /// What the scale is multiplied by after enough good steps.
    public var growthFactor: Double
    /// What the scale is multiplied by after a step that was skipped.
    public var backoffFactor: Double
    /// How many good steps in a row make the scale grow.
    public var growthInterval: Int
    /// How many good steps there have been in a row.
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
        scale > 0 && Float(scale).isFinite, "scale is \(scale); it must be above 0 and a float32")
      try require(growthFactor > 1, "growthFactor is \(growthFactor); it must be above 1")
      try require(
        backoffFactor > 0 && backoffFactor < 1,
        "backoffFactor is \(backoffFactor); it must lie between 0 and 1")
      try require(
        growthInterval >= 1, "growthInterval is \(growthInterval); it must be at least 1")
      try require(growthTracker >= 0, "growthTracker is \(growthTracker); it must be at least 0")
    }
  }
}

extension GradientScaler: Stateful {
  /// The scale, its factors and its counter.
  public func captureState() throws(TorchError) -> Torch.State {
    var values = Torch.State()
    try values.set(state, for: "scaler")
    return values
  }

  /// Goes on from a state; factors that make no sense are refused, and nothing has changed then.
  public func restoreState(_ state: Torch.State) throws(TorchError) {
    try load(try state.value("scaler", as: State.self))
  }
}
