import Torch

/// The learning rates and momenta of a schedule.
///
/// The entry is {schedule, arguments, rates, steps, metrics}: the name of the schedule, its
/// arguments by PyTorch's names, the base rate of each group, the number of steps, and for
/// ReduceLROnPlateau the metric of each step. The result is {rates, momenta}, each a list of a list
/// of numbers, one for each group.
struct ScheduleRun {
  private let entry: PickleValue
  private let optimizer: SGD

  init(_ entry: PickleValue) throws {
    self.entry = entry
    let rates = (entry["rates"]?.elements ?? []).compactMap(\.doubleValue)
    optimizer = SGD(
      rates.map { ParameterGroup([Tensor.zeros([1])], learningRate: $0) }, momentum: 0.9)
  }

  func run() throws -> PickleValue {
    var rates: [PickleValue] = []
    var momenta: [PickleValue] = []
    func record() {
      rates.append(.list(optimizer.groups.map { .float($0.learningRate) }))
      momenta.append(.list(optimizer.groups.map { .float($0[.momentum]) }))
    }
    let arguments = Arguments(entry["arguments"] ?? [:])
    if entry["schedule"]?.stringValue == "ReduceLROnPlateau" {
      let scheduler = arguments.plateau(optimizer)
      for metric in entry["metrics"]?.elements ?? [] {
        scheduler.step(metric.doubleValue ?? 0)
        record()
      }
    } else {
      let schedule = try makeSchedule(entry)
      let scheduler = LearningRateScheduler(optimizer, schedule)
      for _ in 0..<(entry["steps"]?.intValue ?? 0) {
        record()
        scheduler.step()
      }
      try checkJumps(schedule, rates)
    }
    return ["rates": .list(rates), "momenta": .list(momenta)]
  }

  /// A scheduler that is set to a step has the rates of one that took the steps.
  private func checkJumps(_ schedule: any LearningRateSchedule, _ rates: [PickleValue]) throws {
    let bases = (entry["rates"]?.elements ?? []).compactMap(\.doubleValue)
    for step in [0, 1, 7, rates.count - 1] {
      let other = SGD(
        bases.map { ParameterGroup([Tensor.zeros([1])], learningRate: $0) }, momentum: 0.9)
      LearningRateScheduler(other, schedule).stepCount = step
      let expected = (rates[step].elements ?? []).compactMap(\.doubleValue)
      guard other.groups.map(\.learningRate) == expected else {
        throw Mismatch(
          description: "a jump to step \(step) gives \(other.groups.map(\.learningRate)), not "
            + "\(expected)")
      }
    }
  }
}

/// Arguments by PyTorch's names.
struct Arguments {
  private let value: PickleValue

  init(_ value: PickleValue) { self.value = value }

  func double(_ name: String, _ other: Double) -> Double { value[name]?.doubleValue ?? other }

  func int(_ name: String, _ other: Int) -> Int { value[name]?.intValue ?? other }

  func optionalInt(_ name: String) -> Int? { value[name]?.intValue }

  func bool(_ name: String, _ other: Bool) -> Bool { value[name]?.boolValue ?? other }

  func ints(_ name: String) -> [Int] { (value[name]?.elements ?? []).compactMap(\.intValue) }

  func text(_ name: String, _ other: String) -> String { value[name]?.stringValue ?? other }

  func groups(_ name: String, _ other: Double) -> GroupValues {
    if let elements = value[name]?.elements {
      return GroupValues(elements.compactMap(\.doubleValue))
    }
    return GroupValues(double(name, other))
  }

  func plateau(_ optimizer: SGD) -> ReduceLROnPlateau {
    ReduceLROnPlateau(
      optimizer, mode: .init(rawValue: text("mode", "min")) ?? .min, factor: double("factor", 0.1),
      patience: int("patience", 10), threshold: double("threshold", 1e-4),
      thresholdMode: .init(rawValue: text("threshold_mode", "rel")) ?? .rel,
      cooldown: int("cooldown", 0), minLearningRate: groups("min_lr", 0), eps: double("eps", 1e-8))
  }
}

/// Creates the schedule of an entry, {schedule, arguments, schedules}.
private func makeSchedule(_ entry: PickleValue) throws -> any LearningRateSchedule {
  let name = entry["schedule"]?.stringValue ?? ""
  let a = Arguments(entry["arguments"] ?? [:])
  let warmup = a.int("num_warmup_steps", 0)
  let total = a.int("num_training_steps", 0)
  switch name {
  case "LambdaLR": return LambdaLR { 1 / Double($0 + 1) }
  case "MultiplicativeLR": return MultiplicativeLR { 1 - 1 / Double($0 + 10) }
  case "StepLR": return StepLR(stepSize: a.int("step_size", 0), gamma: a.double("gamma", 0.1))
  case "MultiStepLR":
    return MultiStepLR(milestones: a.ints("milestones"), gamma: a.double("gamma", 0.1))
  case "ConstantLR":
    return ConstantLR(factor: a.double("factor", 1.0 / 3), totalIters: a.int("total_iters", 5))
  case "LinearLR":
    return LinearLR(
      startFactor: a.double("start_factor", 1.0 / 3), endFactor: a.double("end_factor", 1),
      totalIters: a.int("total_iters", 5))
  case "ExponentialLR": return ExponentialLR(gamma: a.double("gamma", 0))
  case "PolynomialLR":
    return PolynomialLR(totalIters: a.int("total_iters", 5), power: a.double("power", 1))
  case "CosineAnnealingLR":
    return CosineAnnealingLR(tMax: a.int("T_max", 0), etaMin: a.double("eta_min", 0))
  case "CosineAnnealingWarmRestarts":
    return CosineAnnealingWarmRestarts(
      t0: a.int("T_0", 0), tMult: a.int("T_mult", 1), etaMin: a.double("eta_min", 0))
  case "OneCycleLR":
    return OneCycleLR(
      maxLearningRate: a.groups("max_lr", 0), totalSteps: a.int("total_steps", 0),
      pctStart: a.double("pct_start", 0.3),
      annealStrategy: .init(rawValue: a.text("anneal_strategy", "cos")) ?? .cos,
      cycleMomentum: a.bool("cycle_momentum", true), baseMomentum: a.groups("base_momentum", 0.85),
      maxMomentum: a.groups("max_momentum", 0.95), divFactor: a.double("div_factor", 25),
      finalDivFactor: a.double("final_div_factor", 1e4), threePhase: a.bool("three_phase", false))
  case "CyclicLR":
    return CyclicLR(
      baseLearningRate: a.groups("base_lr", 0), maxLearningRate: a.groups("max_lr", 0),
      stepSizeUp: a.int("step_size_up", 2000), stepSizeDown: a.optionalInt("step_size_down"),
      mode: .init(rawValue: a.text("mode", "triangular")) ?? .triangular,
      gamma: a.double("gamma", 1), cycleMomentum: a.bool("cycle_momentum", true),
      baseMomentum: a.groups("base_momentum", 0.8), maxMomentum: a.groups("max_momentum", 0.9))
  case "SWALR":
    return SWALR(
      swaLearningRate: a.groups("swa_lr", 0), annealEpochs: a.int("anneal_epochs", 10),
      annealStrategy: .init(rawValue: a.text("anneal_strategy", "cos")) ?? .cos)
  case "SequentialLR":
    return SequentialLR(
      try (entry["schedules"]?.elements ?? []).map(makeSchedule), milestones: a.ints("milestones"))
  case "ChainedScheduler":
    return ChainedScheduler(try (entry["schedules"]?.elements ?? []).map(makeSchedule))
  case "cosine":
    return CosineSchedule(
      numWarmupSteps: warmup, numTrainingSteps: total, numCycles: a.double("num_cycles", 0.5))
  case "cosine_with_restarts":
    return CosineWithRestartsSchedule(
      numWarmupSteps: warmup, numTrainingSteps: total, numCycles: a.int("num_cycles", 1))
  case "polynomial":
    return PolynomialSchedule(
      numWarmupSteps: warmup, numTrainingSteps: total, learningRateEnd: a.double("lr_end", 1e-7),
      power: a.double("power", 1))
  case "inverse_sqrt":
    return InverseSqrtSchedule(numWarmupSteps: warmup, timescale: a.optionalInt("timescale"))
  case "cosine_warmup_with_min_lr":
    let first = a.double("warmup_lr_rate", -1)
    return CosineWarmupWithMinLRSchedule(
      numWarmupSteps: warmup, numTrainingSteps: total,
      minLearningRateRate: a.double("min_lr_rate", 0),
      warmupLearningRateRate: first < 0 ? nil : first)
  case "warmup_stable_decay":
    return WarmupStableDecaySchedule(
      numWarmupSteps: warmup, numTrainingSteps: total, numDecaySteps: a.int("num_decay_steps", 0),
      warmupType: .init(rawValue: a.text("warmup_type", "linear")) ?? .linear,
      decayType: .init(rawValue: a.text("decay_type", "cosine")) ?? .cosine,
      minLearningRateRatio: a.double("min_lr_ratio", 0), numCycles: a.double("num_cycles", 0.5))
  default:
    guard let type = SchedulerType(rawValue: name) else {
      throw Mismatch(description: "there is no schedule \(name)")
    }
    return type.schedule(
      numWarmupSteps: warmup, numTrainingSteps: total,
      minLearningRateRate: a.double("min_lr_rate", 0))
  }
}
