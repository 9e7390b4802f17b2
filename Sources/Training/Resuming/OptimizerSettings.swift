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
  /// Values of the optimizer that belong to no group, such as a count of steps.
  package var hyperparameters: [String: JSONValue]
  /// The other hyperparameters of each group, such as `momentum`; `nil` in earlier snapshots, which
  /// have them among ``hyperparameters``.
  package var groupHyperparameters: [[String: JSONValue]]?
  /// Whether a schedule sets the learning rates.
  package var isScheduled: Bool

  package init(
    kind: String?, learningRates: [Double], weightDecays: [Double],
    hyperparameters: [String: JSONValue], groupHyperparameters: [[String: JSONValue]]? = nil,
    isScheduled: Bool
  ) {
    self.kind = kind
    self.learningRates = learningRates
    self.weightDecays = weightDecays
    self.hyperparameters = hyperparameters
    self.groupHyperparameters = groupHyperparameters
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
  init(_ optimizer: any GroupedOptimizer, schedule: LearningRateScheduler?) throws(TorchError) {
    let owner: any GroupedOptimizer = (optimizer as? any OptimizerWrapper)?.wrapped ?? optimizer
    kind = OptimizerSettings.name(of: type(of: owner))
    learningRates = schedule?.baseRates ?? optimizer.groups.map(\.learningRate)
    weightDecays = optimizer.groups.map(\.weightDecay)
    let state = try optimizer.stateDict()
    hyperparameters = state.hyperparameters
    groupHyperparameters = OptimizerSettings.others(of: state)
    isScheduled = schedule != nil
  }

  /// The hyperparameters of each group apart from the learning rate and the weight decay.
  static func others(of state: OptimizerState) -> [[String: JSONValue]] {
    state.groups.map { group in
      group.hyperparameters.filter { $0.key != "lr" && $0.key != "weight_decay" }
    }
  }

  /// All hyperparameters by name; one that differs among groups is a list.
  var merged: [String: JSONValue] {
    var merged = hyperparameters.withCurrentNames
    let groups = groupHyperparameters ?? []
    for name in Set(groups.flatMap(\.keys)) {
      let values = groups.compactMap { $0[name] }
      merged[name] = Set(values).count == 1 ? values[0] : .array(values)
    }
    return merged
  }

  /// A hyperparameter of a group.
  func value(of name: String, inGroup index: Int) -> JSONValue? {
    guard let groups = groupHyperparameters, groups.indices.contains(index) else {
      return hyperparameters.withCurrentNames[name]
    }
    return groups[index][name] ?? hyperparameters.withCurrentNames[name]
  }

  private static func name(of type: any GroupedOptimizer.Type) -> String { "\(type)" }
}
