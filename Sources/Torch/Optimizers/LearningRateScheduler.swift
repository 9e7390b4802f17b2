/// Sets the learning rates of an optimizer from a schedule, like PyTorch's `LambdaLR`.
public final class LearningRateScheduler {
  /// The settings of the schedule by name, such as `warm-up steps`.
  ///
  /// A snapshot records them to report what a resumed run changed.
  public let settings: [String: String]

  package let optimizer: any Optimizer
  /// The learning rate of each parameter group that the factors multiply.
  package private(set) var baseRates: [Double]
  private let factor: (Int) -> Double

  /// The number of completed steps.
  ///
  /// Set it when training resumes with another number of steps per epoch.
  public var stepCount = 0 { didSet { apply() } }

  /// Creates a scheduler and sets the learning rates of step 0.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer to control. Its current learning rates become the base rates.
  ///   - settings: The settings of the schedule by name, for snapshots.
  ///   - factor: Returns the factor of the base rates at a step, such as
  ///     `LinearSchedule(totalSteps: n).factor`.
  public init(
    _ optimizer: any Optimizer, settings: [String: String] = [:],
    factor: @escaping (Int) -> Double
  ) {
    self.optimizer = optimizer
    self.settings = settings
    self.factor = factor
    baseRates = optimizer.groups.map(\.learningRate)
    apply()
  }

  /// Creates a scheduler of a linear schedule and sets the learning rates of step 0.
  public convenience init(_ optimizer: any Optimizer, schedule: LinearSchedule) {
    self.init(
      optimizer,
      settings: [
        "linear, warm-up steps": "\(schedule.warmupSteps)", "total steps": "\(schedule.totalSteps)",
      ], factor: schedule.factor)
  }

  /// Advances to the next step; call it after ``Optimizer/step()``.
  public func step() { stepCount += 1 }

  private func apply() {
    for (index, rate) in baseRates.enumerated() {
      optimizer.groups[index].learningRate = rate * factor(stepCount)
    }
  }
}

extension LearningRateScheduler: Stateful {
  /// Captures the number of steps and the base rates, but not the factor function.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(stepCount, for: "steps")
    try state.set(baseRates, for: "base rates")
    return state
  }

  /// Restores a state and sets the learning rates of its step.
  public func restoreState(_ state: State) throws(TorchError) {
    let steps = try state.value("steps", as: Int.self)
    let rates = try state.value("base rates", as: [Double].self)
    guard rates.count == baseRates.count else {
      throw TorchError(
        .mismatch,
        "the schedule was saved for \(rates.count) parameter groups, but the optimizer has "
          + "\(baseRates.count)")
    }
    baseRates = rates
    stepCount = steps
  }
}
