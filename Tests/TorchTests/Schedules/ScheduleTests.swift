import Testing
import Torch

@Suite struct ScheduleTests {
  private func optimizer(_ rates: [Double] = [0.1, 0.5]) -> SGD {
    SGD(rates.map { ParameterGroup([], learningRate: $0) }, momentum: 0.9)
  }

  private func close(_ values: [Double], _ expected: [Double]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  // PyTorch 2.13: the rates of 6 steps of an SGD with lr=1, printed with 6 digits.
  @Test func ratesArePyTorchs() {
    func rates(_ schedule: some LearningRateSchedule) -> [Double] {
      schedule.rates(count: 6, base: 1)
    }
    #expect(
      rates(StepLR(stepSize: 2)).map { ($0 * 1000).rounded() } == [1000, 1000, 100, 100, 10, 10])
    #expect(
      rates(MultiStepLR(milestones: [1, 4, 4], gamma: 0.5)) == [1, 0.5, 0.5, 0.5, 0.125, 0.125])
    #expect(rates(ConstantLR(factor: 0.5, totalIters: 2)) == [0.5, 0.5, 1, 1, 1, 1])
    #expect(
      close(rates(LinearLR(startFactor: 0.5, totalIters: 4)), [0.5, 0.625, 0.75, 0.875, 1, 1]))
    #expect(close(rates(PolynomialLR(totalIters: 4, power: 2)), [1, 0.5625, 0.25, 0.0625, 0, 0]))
    #expect(
      close(
        rates(CosineAnnealingLR(tMax: 4, etaMin: 0.1)),
        [1, 0.868198, 0.55, 0.231802, 0.1, 0.231802]))
    #expect(
      close(
        rates(CosineAnnealingWarmRestarts(t0: 2, tMult: 2)),
        [1, 0.5, 1, 0.853553, 0.5, 0.146447]))
    #expect(
      close(
        rates(CyclicLR(baseLearningRate: 0.1, maxLearningRate: 0.5, stepSizeUp: 2)),
        [0.1, 0.3, 0.5, 0.3, 0.1, 0.3]))
    #expect(
      close(
        rates(OneCycleLR(maxLearningRate: 1, totalSteps: 6, pctStart: 0.5)),
        [0.04, 0.52, 1, 0.750001, 0.250003, 0.000004]))
  }

  @Test func momentumFallsWhileTheRateRises() {
    let sgd = optimizer()
    let scheduler = LearningRateScheduler(
      sgd, CyclicLR(baseLearningRate: [0.1, 1], maxLearningRate: [0.5, 2], stepSizeUp: 2))
    #expect(sgd.groups.map(\.learningRate) == [0.1, 1])
    #expect(sgd.groups.map { $0[.momentum] } == [0.9, 0.9])
    scheduler.step()
    #expect(close(sgd.groups.map(\.learningRate), [0.3, 1.5]))
    #expect(close(sgd.groups.map { $0[.momentum] }, [0.85, 0.85]))
    let adam = AdamW([Tensor]())
    LearningRateScheduler(
      adam, OneCycleLR(maxLearningRate: 1, totalSteps: 6, pctStart: 0.5)
    ).stepCount = 2
    #expect(close(adam.groups[0][.betas], [0.85, 0.999]))
  }

  @Test func aScheduleOfMomentumNeedsAMomentum() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LearningRateScheduler(
        Adagrad([Tensor]()), CyclicLR(baseLearningRate: 0.1, maxLearningRate: 1))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Adagrad has neither a momentum nor betas: pass cycleMomentum: false"))
  }

  @Test func aResumedScheduleContinuesWithTheSameRates() throws {
    let schedule = SequentialLR(
      [
        LinearLR(startFactor: 0.1, totalIters: 3),
        ChainedScheduler([CosineAnnealingLR(tMax: 9, etaMin: 0.01), ExponentialLR(gamma: 0.9)]),
      ], milestones: [3])
    let whole = optimizer()
    let scheduler = LearningRateScheduler(whole, schedule)
    for _ in 0..<5 { scheduler.step() }
    let second = optimizer([7, 9])
    let resumed = LearningRateScheduler(second, schedule)
    resumed.step()
    try resumed.restoreState(scheduler.captureState())
    #expect(resumed.stepCount == 5)
    for _ in 0..<6 {
      #expect(second.groups.map(\.learningRate) == whole.groups.map(\.learningRate))
      scheduler.step()
      resumed.step()
    }
  }

  @Test func theSettingsAreTheDescriptionOfTheValue() {
    let scheduler = LearningRateScheduler(optimizer(), StepLR(stepSize: 3, gamma: 0.5))
    #expect(scheduler.settings == ["schedule": "StepLR(stepSize: 3, gamma: 0.5)"])
    #expect(LearningRateScheduler(optimizer()) { _ in 1 }.settings == [:])
  }

  @Test func transformersNamesAreTheirs() {
    #expect(
      SchedulerType.allCases.map(\.rawValue) == [
        "linear", "cosine", "cosine_with_restarts", "polynomial", "constant",
        "constant_with_warmup", "inverse_sqrt", "cosine_with_min_lr", "cosine_warmup_with_min_lr",
        "warmup_stable_decay",
      ])
    let schedule = SchedulerType.warmupStableDecay.schedule(
      numWarmupSteps: 2, numTrainingSteps: 20, minLearningRateRate: 0.5)
    #expect(schedule.rates(count: 21, base: 1)[2..<18].allSatisfy { $0 == 1 })
    #expect(schedule.rates(count: 21, base: 1)[20] == 0.5)
  }

  @Test func thePlateauReducesTheRateAfterItsPatience() throws {
    let sgd = optimizer([1, 0.25])
    let scheduler = ReduceLROnPlateau(
      sgd, factor: 0.5, patience: 1, minLearningRate: [0, 0.2])
    for metric in [3, 2, 2, 2.0] { scheduler.step(metric) }
    #expect(sgd.groups.map(\.learningRate) == [0.5, 0.2])
    scheduler.step(2)
    // A scheduler with the state continues with the count of the first one.
    let other = optimizer([0.5, 0.2])
    let resumed = ReduceLROnPlateau(other, factor: 0.5, patience: 1)
    try resumed.restoreState(scheduler.captureState())
    resumed.step(2)
    #expect(other.groups.map(\.learningRate) == [0.25, 0.1])
    resumed.step(1.5)
    resumed.step(1.5)
    #expect(other.groups.map(\.learningRate) == [0.25, 0.1])
  }
}
