internal import Support
package import Torch

/// The settings that a snapshot records: those of the run, its optimizers and its schedules.
package struct RecordedSettings: Codable, Equatable {
  /// The settings of the run; `nil` if the program did not state them.
  package var run: RunSettings?
  /// The settings of each optimizer, by the name of its part.
  package var optimizers: [String: OptimizerSettings] = [:]
  /// The settings of each schedule, by the name of its part.
  package var schedules: [String: ScheduleSettings] = [:]
  /// The settings of each gradient scaler, by the name of its part.
  package var scalers: [String: GradientScaler.State] = [:]

  /// Creates settings without parts.
  package init(run: RunSettings?) { self.run = run }
}

extension RecordedSettings {
  /// Captures the settings of a run before its parts are restored.
  init(run: RunSettings?, parts: SnapshotParts) throws(TorchError) {
    self.run = run
    let schedulers = parts.compactMapValues { $0 as? LearningRateScheduler }
    for (name, part) in parts {
      switch part {
      case let optimizer as any GroupedOptimizer:
        optimizers[name] = try OptimizerSettings(
          optimizer, schedule: schedulers.values.first { $0.optimizer === optimizer })
      case let scheduler as LearningRateScheduler:
        schedules[name] = ScheduleSettings(
          baseRates: scheduler.baseRates, values: scheduler.settings)
      case let scaler as GradientScaler: scalers[name] = scaler.state
      default: break
      }
    }
  }

  /// Infers settings from the parts of a snapshot that does not record them.
  ///
  /// The kind of a part follows from the names of its values. A learning rate without a schedule is
  /// the current one, because the configured one is unknown.
  init(inferredFrom parts: [String: SnapshotManifest.Values]) {
    for (name, values) in parts {
      if let rates = try? values["base rates"]?.decoded(as: [Double].self), values["steps"] != nil {
        schedules[name] = ScheduleSettings(baseRates: rates, values: nil)
      } else if let scaler = try? values["scaler"]?.decoded(as: GradientScaler.State.self) {
        scalers[name] = scaler
      }
    }
    for (name, values) in parts {
      guard let state = try? OptimizerState(State(values: values)) else { continue }
      let current = state.groups.map(\.learningRate)
      let schedule = schedules.values.first { $0.baseRates.count == current.count }
      optimizers[name] = OptimizerSettings(
        kind: nil, learningRates: schedule?.baseRates ?? current,
        weightDecays: state.groups.map(\.weightDecay), hyperparameters: state.hyperparameters,
        groupHyperparameters: OptimizerSettings.others(of: state), isScheduled: schedule != nil)
    }
  }
}
