internal import DataParallel
package import Support
internal import Torch

/// The settings of an optimizer as the program chose them, before a schedule changed the rates.
package struct OptimizerSettings: Codable, Equatable {
  /// The type of the optimizer, such as `AdamW`; `nil` if it was not recorded.
  ///
  /// For a `ZeroRedundancyOptimizer`, the type of the optimizer that it shards: a snapshot contains
  /// the same state with and without it.
  package var kind: String?
  /// The learning rate of each parameter group; with a schedule, its base rate.
  package var learningRates: [Double]
  /// The weight decay of each parameter group.
  package var weightDecays: [Double]
  /// The hyperparameters that all groups share, such as `momentum`.
  package var hyperparameters: [String: JSONValue]
  /// Whether a schedule sets the learning rates.
  package var isScheduled: Bool

  package init(
    kind: String?, learningRates: [Double], weightDecays: [Double],
    hyperparameters: [String: JSONValue], isScheduled: Bool
  ) {
    self.kind = kind
    self.learningRates = learningRates
    self.weightDecays = weightDecays
    self.hyperparameters = hyperparameters
    self.isScheduled = isScheduled
  }
}

/// The settings of a learning rate schedule.
package struct ScheduleSettings: Codable, Equatable {
  /// The base rate of each parameter group.
  package var baseRates: [Double]
  /// The settings by name; `nil` if they were not recorded.
  package var values: [String: String]?

  package init(baseRates: [Double], values: [String: String]?) {
    self.baseRates = baseRates
    self.values = values
  }
}

extension OptimizerSettings {
  /// Captures the settings of an optimizer.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer.
  ///   - schedule: The schedule that sets its learning rates, if any.
  /// - Throws: ``TorchError`` if the state of the optimizer cannot be captured.
  init(_ optimizer: any Optimizer, schedule: LearningRateScheduler?) throws(TorchError) {
    let kindOwner = (optimizer as? any OptimizerWrapper)?.wrapped ?? optimizer
    kind = OptimizerSettings.name(of: type(of: kindOwner))
    learningRates = schedule?.baseRates ?? optimizer.groups.map(\.learningRate)
    weightDecays = optimizer.groups.map(\.weightDecay)
    hyperparameters = try optimizer.stateDict().hyperparameters
    isScheduled = schedule != nil
  }

  private static func name(of type: any Optimizer.Type) -> String { "\(type)" }
}
