import DataLoading
import Foundation
import ProcessHarness
import Support
import Testing
import Torch
import Training

/// The decisions as values, and loops that are written by hand.
@Suite struct ResumePlanTests {
  private func run(
    _ worldSize: Int = 1, _ settings: RunSettings? = RunSettings(.epochs(4)), rate: Double = 0.1
  ) -> ResumePlan.Run {
    var recorded = RecordedSettings(run: settings)
    recorded.optimizers["optimizer"] = OptimizerSettings(
      kind: "AdamW", learningRates: [rate, rate], weightDecays: [0.1, 0],
      hyperparameters: ["epsilon": .number(1e-8)], isScheduled: true)
    recorded.schedules["schedule"] = ScheduleSettings(baseRates: [rate, rate], values: [:])
    return ResumePlan.Run(
      worldSize: worldSize, progress: TrainingProgress(SamplerPosition(datasetCount: 9, seed: 1)),
      settings: recorded)
  }

  @Test func equalSettingsNeedNoDecision() {
    let plan = ResumePlan(from: run(), to: run())
    #expect(plan.decisions.isEmpty && !plan.movesSchedules)
  }

  @Test func decisionIsOneLineWithBothValues() {
    let plan = ResumePlan(from: run(), to: run(rate: 0.25))
    #expect(
      plan.decisions.map(\.description) == [
        "learning rate: 0.1 in the snapshot, 0.25 now; the new rate applies, multiplied by the "
          + "schedule"
      ])
    #expect(!plan.movesSchedules)
  }

  @Test(arguments: [1, 3, 8]) func onlyAnotherWorldSizeMovesTheSchedule(worldSize: Int) {
    let plan = ResumePlan(from: run(), to: run(worldSize))
    #expect(plan.movesSchedules == (worldSize != 1))
    #expect(plan.decisions.map(\.outcome) == (worldSize == 1 ? [] : [.adapted]))
  }

  @Test func loopWithoutSettingsRetainsTheStepAndSaysSo() {
    let plan = ResumePlan(from: run(1, nil), to: run(2, nil))
    #expect(!plan.movesSchedules)
    #expect(plan.decisions.map(\.outcome) == [.retained])
    #expect(plan.decisions.first?.consequence.contains("does not state its RunSettings") == true)
  }

  /// Both runs start with step 0, so the saved step continues; a new epsilon applies.
  @Test(arguments: [0.5, 0.25]) func counterAmongHyperparametersContinues(epsilon: Double) throws {
    func with(_ epsilon: Double) -> ResumePlan.Run {
      var run = run()
      run.settings.optimizers["optimizer"]?.hyperparameters = [
        "epsilon": .number(epsilon), "step": .integer(0),
      ]
      return run
    }
    let group = OptimizerState.Group(learningRate: 0.03, weightDecay: 0.1, parameters: [])
    let saved = OptimizerState(
      groups: [group, group], hyperparameters: ["epsilon": .number(0.5), "step": .integer(120)])
    let plan = ResumePlan(from: with(0.5), to: with(epsilon))
    let state = try OptimizerState(try plan.adjusted(State(saved), of: "optimizer", nil))
    #expect(state.hyperparameters == ["epsilon": .number(epsilon), "step": .integer(120)])
    #expect(state.groups.map(\.learningRate) == [0.03, 0.03])
    #expect(plan.decisions.map(\.setting) == (epsilon == 0.5 ? [] : ["optimizer settings"]))
  }

  @Test func settingsSurviveCoding() throws {
    var settings = RunSettings(
      .steps(7), gradientAccumulation: 2, precision: .bfloat16, maxGradientNorm: 1.5,
      dataKey: ContentKey(), others: ["dropout": "0.1"])
    settings.batchSize = 5
    for settings in [settings, RunSettings(.epochs(3))] {
      let recorded = run(1, settings).settings
      let data = try JSONEncoder().encode(recorded)
      #expect(try JSONDecoder().decode(RecordedSettings.self, from: data) == recorded)
    }
  }

  @Test func guideListsEverySetting() throws {
    let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
    let guide = try String(
      contentsOfFile: "\(root)/Documentation/Lockstep.docc/ResumingWithOtherOptions.md",
      encoding: .utf8)
    for setting in ResumeSetting.allCases {
      #expect(guide.contains("| \(setting.rawValue) |"), "\(setting.rawValue)")
    }
  }

  /// A loop without a Trainer: the rates, the decay and the betas are those of the new run.
  @Test func partsOfAHandwrittenLoopObeyTheNewRun() throws {
    let folder = try TestFolder()
    let options = Snapshots.Options(lockTimeout: .zero, warn: { _ in }, inform: { _ in })
    do {
      let job = try SnapshotJob()
      let snapshots = try Snapshots(folder.path, options: options)
      try snapshots.resume(&job.progress, job.parts)
      try job.run(steps: 4)
      try snapshots.save(job.progress, job.parts)
    }
    let job = try SnapshotJob()
    let optimizer = AdamW(
      [ParameterGroup(job.model.parameters, learningRate: 0.4, weightDecay: 0.5)],
      betas: (0.8, 0.9))
    let scheduler = LearningRateScheduler(
      optimizer, factor: LinearSchedule(numTrainingSteps: 1000).factor)
    let snapshots = try Snapshots(folder.path, options: options)
    let resumed = try #require(
      try snapshots.resume(
        &job.progress, ["model": job.model, "optimizer": optimizer, "schedule": scheduler]))
    #expect(scheduler.stepCount == 4)
    #expect(abs(optimizer.groups[0].learningRate - 0.4 * 996 / 1000) < 1e-12)
    #expect(optimizer.groups[0].weightDecay == 0.5)
    #expect(optimizer.groups[0][.betas] == [0.8, 0.9])
    #expect(
      resumed.decisions.map(\.setting) == ["learning rate", "weight decay", "optimizer settings"])
  }

  @Test func handwrittenLoopWithSettingsMovesItsSchedule() throws {
    let folder = try TestFolder()
    let options = Snapshots.Options(lockTimeout: .zero, warn: { _ in }, inform: { _ in })
    func loader(_ job: SnapshotJob, batchSize: Int) throws -> DataLoader<
      InMemoryDataset<Int>, DistributedSampler, [Int]
    > {
      try DataLoader(
        InMemoryDataset(Array(0..<20)), batches: BatchSampler(job.sampler, batchSize: batchSize)
      ) { $0 }
    }
    do {
      let job = try SnapshotJob()
      let snapshots = try Snapshots(folder.path, options: options)
      try snapshots.resume(
        &job.progress, job.parts, loader(job, batchSize: 3), settings: RunSettings(.epochs(5)))
      try job.run(steps: 10)  // 7 steps of up to 3 samples in each epoch of 20 samples
      try snapshots.save(job.progress, job.parts)
    }
    for (batchSize, total, left) in [(3, 35, 25), (10, 10, 8), (1, 100, 71), (20, 5, 4)] {
      let job = try SnapshotJob()
      let snapshots = try Snapshots(folder.path, options: options)
      let resumed = try snapshots.resume(
        &job.progress, job.parts, loader(job, batchSize: batchSize),
        settings: RunSettings(.epochs(5)))
      #expect(job.scheduler.stepCount == total - left, "batch size \(batchSize)")
      #expect(resumed?.decisions.isEmpty == (batchSize == 3))
    }
  }
}
