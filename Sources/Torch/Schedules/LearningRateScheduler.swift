internal import Support

/// Sets the learning rates of an optimizer from a schedule.
///
/// ```swift
/// let scheduler = LearningRateScheduler(optimizer, StepLR(stepSize: 30, gamma: 0.1))
/// for epoch in 0..<90 {
///   …                       // steps of the optimizer
///   scheduler.step()
/// }
/// ```
///
/// The schedules have PyTorch's names, such as ``StepLR`` and ``OneCycleLR``, or those of
/// transformers' `get_scheduler`, such as ``CosineSchedule``.
public final class LearningRateScheduler {
  /// The schedule.
  public let schedule: any LearningRateSchedule

  package let optimizer: any GroupedOptimizer
  /// The learning rate of each parameter group before the first step.
  package private(set) var baseRates: [Double]

  /// The number of completed steps.
  ///
  /// Set it when training resumes with another number of steps per epoch.
  public var stepCount: Int {
    get { count }
    set {
      let isNext = newValue == count + 1
      count = newValue
      apply(isNext: isNext)
    }
  }
  private var count = 0

  /// Creates a scheduler and sets the learning rates of step 0.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer to control. Its current learning rates become the base rates.
  ///   - schedule: The schedule.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: If the schedule changes the momentum, the optimizer has one, or betas.
  public init(
    _ optimizer: any GroupedOptimizer, _ schedule: some LearningRateSchedule,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.optimizer = optimizer
    self.schedule = schedule
    baseRates = optimizer.groups.map(\.learningRate)
    let lacking = optimizer.groups.indices.first {
      schedule.momentum(at: 0, group: $0) != nil && !optimizer.groups[$0].hasMomentum
    }
    require(
      lacking == nil,
      "the schedule changes the momentum, but \(type(of: optimizer)) has neither a momentum nor "
        + "betas: pass cycleMomentum: false", file: file, line: line)
    apply(isNext: false)
  }

  /// Creates a scheduler of a function and sets the learning rates of step 0, like PyTorch's
  /// `LambdaLR`.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer to control. Its current learning rates become the base rates.
  ///   - settings: The settings of the schedule by name, for snapshots.
  ///   - factor: Returns the factor of the base rates at a step.
  public convenience init(
    _ optimizer: any GroupedOptimizer, settings: [String: String] = [:],
    factor: @escaping (Int) -> Double
  ) {
    self.init(optimizer, LambdaLR(settings: settings, factor))
  }

  /// The settings of the schedule by name, such as `warm-up steps`.
  ///
  /// A snapshot records them to report what a resumed run changed.
  public var settings: [String: String] { schedule.settings }

  /// Advances to the next step; call it after ``Optimizer/step()``.
  public func step() { stepCount += 1 }

  /// Sets the rates and the momenta of the current step.
  ///
  /// - Parameter isNext: Whether the groups have the rates of the previous step.
  private func apply(isNext: Bool) {
    for (index, base) in baseRates.enumerated() {
      var rate = isNext ? optimizer.groups[index].learningRate : base
      let first = isNext || !schedule.dependsOnPreviousRate ? count : 0
      for step in Swift.min(first, count)...count {
        rate = schedule.rate(at: step, after: rate, base: base, group: index)
      }
      optimizer.groups[index].learningRate = rate
      if let momentum = schedule.momentum(at: count, group: index) {
        optimizer.groups[index].setMomentum(momentum)
      }
    }
  }
}

extension ParameterGroup {
  /// Whether the group has a momentum, or betas.
  fileprivate var hasMomentum: Bool { value(of: .momentum) != nil || value(of: .betas) != nil }

  /// Sets the momentum, or the first beta.
  fileprivate mutating func setMomentum(_ momentum: Double) {
    if var betas = value(of: .betas) {
      betas[0] = momentum
      self[.betas] = betas
    } else {
      self[.momentum] = momentum
    }
  }
}

extension LearningRateScheduler: Stateful {
  /// Captures the number of steps and the base rates, but not the schedule.
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
    count = steps
    apply(isNext: false)
  }
}
