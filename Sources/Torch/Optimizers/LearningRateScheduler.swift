/// Sets the learning rates of an optimizer from a schedule, step by step.
public final class LearningRateScheduler {
  private let optimizer: any Optimizer
  private var baseRates: [Double]
  private let factor: (Int) -> Double

  /// The number of steps made so far; a training that goes on with steps of another size sets it anew.
  public var stepCount = 0 { didSet { apply() } }

  /// Takes the optimizer's present learning rates as base, and sets those of step 0.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates are set.
  ///   - factor: The factor of the base rate at a step, such as
  ///     `LinearSchedule(totalSteps: n).factor`.
  public init(_ optimizer: any Optimizer, factor: @escaping (Int) -> Double) {
    self.optimizer = optimizer
    self.factor = factor
    baseRates = optimizer.groups.map(\.learningRate)
    apply()
  }

  /// Goes on to the next step; call it after ``Optimizer/step()``.
  public func step() { stepCount += 1 }

  private func apply() {
    for (index, rate) in baseRates.enumerated() {
      optimizer.groups[index].learningRate = rate * factor(stepCount)
    }
  }
}

extension LearningRateScheduler: Stateful {
  /// The number of steps and the base rates; the function itself is the program's.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(stepCount, for: "steps")
    try state.set(baseRates, for: "base rates")
    return state
  }

  /// Goes on from a state, and sets the rates of its step.
  public func restoreState(_ state: State) throws(TorchError) {
    let steps = try state.value("steps", as: Int.self)
    let rates = try state.value("base rates", as: [Double].self)
    guard rates.count == baseRates.count else {
      throw TorchError(
        .mismatch,
        "the schedule was saved for \(rates.count) groups of parameters, the optimizer has "
          + "\(baseRates.count)")
    }
    baseRates = rates
    stepCount = steps
  }
}
