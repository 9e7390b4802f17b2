internal import DataLoading
internal import Support
package import Torch

/// Decides what a resumed run does with the settings that differ from the snapshot's.
///
/// A pure value: the snapshot's settings and this run's settings determine it. ``ResumeSetting``
/// holds the rules.
package struct ResumePlan {
  /// One of the two runs that are compared.
  package struct Run {
    package var worldSize: Int
    /// The progress of the snapshot, or that at the start of this run.
    package var progress: TrainingProgress
    package var settings: RecordedSettings
    /// Whether the settings were inferred, because the snapshot does not record them.
    package var isInferred = false

    package init(
      worldSize: Int, progress: TrainingProgress, settings: RecordedSettings,
      isInferred: Bool = false
    ) {
      self.worldSize = worldSize
      self.progress = progress
      self.settings = settings
      self.isInferred = isInferred
    }
  }

  /// One decision for each setting that differs or is unknown.
  package private(set) var decisions: [ResumeDecision] = []
  /// Whether schedules continue at the step that follows from the remaining samples, rather than at
  /// the saved step.
  package private(set) var movesSchedules = false

  private let saved: Run
  private let own: Run

  package init(from saved: Run, to own: Run) {
    self.saved = saved
    self.own = own
    comparePositions()
    var unknown: [ResumeSetting] = []
    for setting in ResumeSetting.allCases {
      guard let current = value(of: setting, in: own) else { continue }
      if setting == .hyperparameters, compareHyperparameters() { continue }
      guard let before = value(of: setting, in: saved) else {
        unknown.append(setting)
        if case .adapt = setting.rule { movesSchedules = true }
        continue
      }
      if before != current { decide(setting, before, current) }
    }
    compareOthers()
    refuseLengthThatIsExceeded()
    if !unknown.isEmpty {
      let names = unknown.map(\.rawValue).joined(separator: ", ")
      decisions.append(
        ResumeDecision(
          setting: names, saved: nil, current: nil, outcome: .unknown,
          consequence: "the snapshot does not record them; this run's values apply"))
    }
  }

  /// The decisions that prevent resuming.
  var refusals: [ResumeDecision] { decisions.filter { $0.outcome == .refused } }

  private mutating func decide(_ setting: ResumeSetting, _ before: String, _ current: String) {
    if setting == .hyperparameters, saved.isInferred {
      // A hyperparameter may be a counter, which only a recorded configuration can tell apart.
      add(
        setting, before, current, .retained,
        "the snapshot's values apply, because it does not record which of them were settings")
      return
    }
    switch setting.rule {
    case .refuse(let remedy): add(setting, before, current, .refused, remedy)
    case .use(let consequence): add(setting, before, current, .used, consequence)
    case .adapt(let consequence):
      guard own.settings.run != nil || own.settings.schedules.isEmpty else {
        // Without the loop's settings the number of remaining steps is unknown.
        add(
          setting, before, current, .retained,
          "\(consequence); the schedule continues at the snapshot's step, because this loop does "
            + "not state its RunSettings")
        return
      }
      add(setting, before, current, .adapted, consequence)
      movesSchedules = true
    }
  }

  private mutating func add(
    _ setting: ResumeSetting, _ before: String?, _ current: String?,
    _ outcome: ResumeDecision.Outcome, _ consequence: String
  ) {
    decisions.append(
      ResumeDecision(
        setting: setting.rawValue, saved: before, current: current, outcome: outcome,
        consequence: consequence))
  }

  /// The number of samples and their order determine what the position in the data means.
  private mutating func comparePositions() {
    let position = own.progress.position
    do {
      try position.checkCompatibility(with: saved.progress.position)
    } catch {
      let isOtherData = saved.progress.position.datasetCount != position.datasetCount
      add(isOtherData ? .data : .order, nil, nil, .refused, "\(error)")
    }
  }

  /// Compares the hyperparameters by name, and returns whether both runs have optimizers.
  ///
  /// A snapshot of an earlier version lacks those that it did not know.
  private mutating func compareHyperparameters() -> Bool {
    let names = Set(own.settings.optimizers.keys).intersection(saved.settings.optimizers.keys)
    var before: [String] = []
    var current: [String] = []
    for name in names.sorted() {
      guard let mine = own.settings.optimizers[name]?.merged,
        let theirs = saved.settings.optimizers[name]?.merged
      else { continue }
      for key in theirs.keys.sorted() where theirs[key] != mine[key] {
        before.append("\(key) \(theirs[key]?.plainText ?? "not set")")
        current.append("\(key) \(mine[key]?.plainText ?? "not set")")
      }
    }
    if !before.isEmpty {
      decide(.hyperparameters, before.joined(separator: ", "), current.joined(separator: ", "))
    }
    return !names.isEmpty
  }

  private mutating func compareOthers() {
    guard let own = own.settings.run?.others, let saved = saved.settings.run?.others else { return }
    for name in Set(own.keys).union(saved.keys).sorted() where own[name] != saved[name] {
      guard case .use(let consequence) = ResumeSetting.other.rule else { continue }
      decisions.append(
        ResumeDecision(
          setting: name, saved: saved[name] ?? "not set", current: own[name] ?? "not set",
          outcome: .used, consequence: consequence))
    }
  }

  /// A run that ends before the snapshot's position would return weights of a longer training.
  private mutating func refuseLengthThatIsExceeded() {
    guard let length = own.settings.run?.length else { return }
    let progress = saved.progress
    let isExceeded =
      switch length {
      case .epochs(let epochs):
        progress.epoch > epochs
          || progress.epoch == epochs && !progress.position.isAtStartOfEpoch
      case .steps(let steps): progress.step > steps
      }
    guard isExceeded else { return }
    decisions.removeAll { $0.setting == ResumeSetting.length.rawValue }
    add(
      .length, value(of: .length, in: saved), "\(length)", .refused,
      "the snapshot is at step \(progress.step) in epoch \(progress.epoch + 1), beyond the end of "
        + "this run; train for longer, or start over in another folder")
  }

  /// Returns the value of a setting as text; `nil` if the run does not state it.
  private func value(of setting: ResumeSetting, in run: Run) -> String? {
    let settings = run.settings
    func text(_ value: (OptimizerSettings) -> String?) -> String? {
      let texts = settings.optimizers.sorted { $0.key < $1.key }.compactMap { name, optimizer in
        value(optimizer).map { settings.optimizers.count == 1 ? $0 : "\(name) \($0)" }
      }
      return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
    switch setting {
    case .ranks: return "\(run.worldSize)"
    case .batchSize: return settings.run.map { "\($0.batchSize)" }
    case .gradientAccumulation: return settings.run.map { "\($0.gradientAccumulation)" }
    case .length: return settings.run.map { "\($0.length)" }
    case .precision: return settings.run.map { $0.precision.rawValue }
    case .clipping:
      return settings.run.map { $0.maxGradientNorm.map { "\($0)" } ?? "none" }
    case .data: return settings.run?.dataKey
    case .order, .other: return nil
    case .optimizer: return text(\.kind)
    case .learningRate: return text { list($0.learningRates) }
    case .weightDecay: return text { list($0.weightDecays) }
    case .hyperparameters:
      return text { optimizer in
        optimizer.merged.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plainText)" }
          .joined(separator: ", ")
      }
    case .schedule: return schedule(in: run)
    case .scaler:
      let scalers = settings.scalers.sorted { $0.key < $1.key }.map { _, scaler in
        "growth \(scaler.growthFactor) after \(scaler.growthInterval) steps, backoff "
          + "\(scaler.backoffFactor)"
      }
      return scalers.isEmpty ? "none" : scalers.joined(separator: ", ")
    }
  }

  private func schedule(in run: Run) -> String? {
    let schedules = run.settings.schedules.sorted { $0.key < $1.key }.map(\.value)
    if schedules.isEmpty { return "none" }
    if schedules.contains(where: { $0.values == nil }) { return nil }
    return schedules.map { schedule in
      let values = (schedule.values ?? [:]).sorted { $0.key < $1.key }
      return values.isEmpty
        ? "a function of the step" : values.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }.joined(separator: "; ")
  }

  /// Formats one value per parameter group; equal values appear once.
  private func list(_ values: [Double]) -> String {
    Set(values).count == 1 ? "\(values[0])" : "\(values)"
  }
}

extension ResumePlan {
  /// Returns the state to restore to a part: the saved state with the settings that were decided.
  ///
  /// - Parameters:
  ///   - state: The saved state.
  ///   - name: The name of the part.
  ///   - span: The steps of this run; `nil` if they are unknown.
  /// - Returns: The state, which shares tensors with the saved one.
  /// - Throws: ``TorchError`` with code `mismatch` if the state is of another kind.
  package func adjusted(_ state: State, of name: String, _ span: ScheduleSpan?) throws(TorchError)
    -> State
  {
    if let optimizer = own.settings.optimizers[name] { return try adjusted(state, optimizer, name) }
    if let schedule = own.settings.schedules[name] {
      var state = state
      try state.set(schedule.baseRates, for: "base rates")
      if movesSchedules, let span { try state.set(span.position, for: "steps") }
      return state
    }
    if let scaler = own.settings.scalers[name] {
      var state = state
      var merged = try state.value("scaler", as: GradientScaler.State.self)
      merged.growthFactor = scaler.growthFactor
      merged.backoffFactor = scaler.backoffFactor
      merged.growthInterval = scaler.growthInterval
      try state.set(merged, for: "scaler")
      return state
    }
    return state
  }

  /// Whether a part may be missing in the snapshot or in this run: a schedule or a scaler.
  func isOptional(_ name: String) -> Bool {
    own.settings.schedules[name] != nil || saved.settings.schedules[name] != nil
      || own.settings.scalers[name] != nil || saved.settings.scalers[name] != nil
  }

  private func adjusted(
    _ state: State, _ own: OptimizerSettings, _ name: String
  ) throws(TorchError) -> State {
    guard let saved = saved.settings.optimizers[name] else { return state }
    var adjusted = try OptimizerState(state)
    // Another number of groups is an error of the optimizer, which names the difference.
    guard adjusted.groups.count == own.learningRates.count else { return state }
    for index in adjusted.groups.indices {
      // Rates that the program changed during training are retained if it starts from equal ones.
      if saved.learningRates != own.learningRates || saved.isScheduled != own.isScheduled {
        adjusted.groups[index].learningRate = own.learningRates[index]
      }
      if saved.weightDecays != own.weightDecays {
        adjusted.groups[index].weightDecay = own.weightDecays[index]
      }
    }
    if !self.saved.isInferred {
      for (name, value) in own.hyperparameters where saved.hyperparameters[name] != value {
        adjusted.hyperparameters[name] = value
      }
      for (index, group) in (own.groupHyperparameters ?? []).enumerated() {
        for (name, value) in group where saved.value(of: name, inGroup: index) != value {
          adjusted.groups[index].hyperparameters[name] = value
        }
      }
    }
    return try State(adjusted)
  }
}
