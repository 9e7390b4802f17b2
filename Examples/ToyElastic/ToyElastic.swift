import ArgumentParser
import Lockstep

/// Trains a linear model on the ranks that a launcher starts.
///
/// When started again, it resumes from the newest snapshot. `ToyDDP` is the same program without a
/// launcher and without snapshots.
@main
struct ToyElastic: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toy-elastic",
    abstract: "Train a linear model on random samples, and resume after failures.",
    discussion: """
      Start it with a launcher; the same command resumes a job that was stopped:
        lockstep run --nproc-per-node 2 --max-restarts 3 toy-elastic
      """)

  @Option(help: "Number of passes over the samples.") var totalEpochs = 50
  @Option(help: "Save a snapshot every N epochs.") var saveEvery = 10
  @Option(help: "Also save a snapshot every N steps.") var saveEverySteps: Int?
  @Option(help: "Samples per step and rank.") var batchSize = 32
  @Option(help: "Folder for snapshots.") var snapshots = "snapshots"
  @Option(help: "Write metrics.jsonl and TensorBoard event files to this folder.")
  var logDir: String?
  @Option(help: "Write a timeline of all ranks to this file, for https://ui.perfetto.dev.")
  var trace: String?

  func validate() throws {
    guard totalEpochs > 0, saveEvery > 0, saveEverySteps ?? 1 > 0, batchSize > 0 else {
      throw ValidationError("every count must be at least 1")
    }
  }

  func run() { withWorker { try train($0) } }

  func train(_ worker: WorkerContext) throws {
    let group = worker.group
    let device = worker.device
    let name = device == .cpu ? "CPU\(group.rank)" : "GPU\(group.rank)"

    manualSeed(0)
    let samples = InMemoryDataset(
      (0..<2048).map { _ in (Tensor.rand([1, 20]), Tensor.rand([1, 1])) })
    let sampler = try DistributedSampler(
      count: samples.count, worldSize: group.worldSize, rank: group.rank)
    var loader = try DataLoader(samples, batches: BatchSampler(sampler, batchSize: batchSize)) {
      (Tensor.cat($0.map(\.0)), Tensor.cat($0.map(\.1)))
    }
    let model = Linear(20, 1)
    model.move(to: device)
    let parallel = try DistributedDataParallel(model, group: group)
    let trace = trace.map { _ in Trace(rank: group.rank) }
    parallel.record(in: trace)
    let optimizer = SGD(model.parameters, learningRate: 1e-3, momentum: 0.9)
    let schedule = LearningRateScheduler(
      optimizer, LinearSchedule(numTrainingSteps: totalEpochs * loader.count))

    let folder = try Snapshots(
      snapshots, group: group,
      options: .init(policy: SnapshotPolicy(epochs: saveEvery, steps: saveEverySteps)))
    let parts: SnapshotParts = ["model": parallel, "optimizer": optimizer, "schedule": schedule]
    var progress = TrainingProgress(sampler.position)
    // If the options or the world size changed, the schedule is adapted to the remaining samples.
    let resumed = try folder.resume(
      &progress, parts, loader, settings: RunSettings(.epochs(totalEpochs)))
    if let resumed, worker.isMain {
      print("Resuming from step \(resumed.step) in epoch \(resumed.epoch), \(resumed.path)")
    }
    let metrics =
      try worker.isMain
      ? logDir.map { try MetricsFolder($0, resumedStep: progress.step) } : nil
    while progress.epoch < totalEpochs {
      try loader.batchSampler.sampler.setPosition(progress.position)
      print(
        "[\(name)] Epoch \(progress.epoch) | Batchsize: \(batchSize) | Steps: \(loader.count)")
      let batches = try loader.batches()
      while let (inputs, targets) = try batches.next() {
        optimizer.zeroGrad()
        let outputs = try parallel(inputs.to(device))
        let loss = mseLoss(outputs, targets.to(device))
        try loss.backward()
        try trace.measure("optimizer") { try optimizer.step() }
        schedule.step()
        try metrics?.record(
          ["train/loss": loss.item, "job/restarts": Double(worker.restartCount)],
          step: progress.step)
        progress.finishStep(samples: inputs.shape[0] * group.worldSize)
        if try worker.shouldStop() { try stop(worker, folder, progress, parts) }
        try folder.saveIfDue(progress, parts)
      }
      progress.finishEpoch()
      if try folder.saveIfDue(progress, parts), worker.isMain {
        print("Epoch \(progress.epoch - 1) | Training snapshot saved at \(snapshots)")
      }
    }
    if let path = self.trace, let trace {
      try trace.write(to: path, group: group)
      if worker.isMain {
        print("Trace saved at \(path) | Overlapped: \(trace.overlappedShare ?? 0)")
      }
    }
    try folder.finish()
    if worker.isMain {
      print("Finished | Weights \(String(model.stateDict.fingerprint, radix: 16))")
    }
  }

  /// Saves a snapshot and exits with the code that tells the launcher not to restart the workers.
  private func stop(
    _ worker: WorkerContext, _ folder: Snapshots, _ progress: TrainingProgress,
    _ parts: SnapshotParts
  ) throws -> Never {
    try folder.save(progress, parts)
    try folder.finish()
    if worker.isMain { print("Stopped after step \(progress.step) | Training snapshot saved") }
    try worker.exitStopped()
  }
}
