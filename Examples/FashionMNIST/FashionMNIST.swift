import ArgumentParser
import Foundation
import Lockstep

/// Trains a small convolutional network to classify images of clothes, on the ranks that the
/// launcher starts.
@main
struct FashionMNIST: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fashion-mnist",
    abstract: "Train a small convolutional network on Fashion-MNIST, on one or many ranks.",
    discussion: """
      Example, after Scripts/fetch-fashion-mnist:
        lockstep run --nproc-per-node 2 fashion-mnist --report report.json
      """)

  static let classes = [
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot",
  ]

  @Option(help: "Folder of the images, with the file names of MNIST.")
  var data = ".data/fashion-mnist"
  @Option(help: "Number of passes over the training images.") var epochs = 5
  @Option(help: "Images per step and rank.") var batchSize = 64
  @Option(help: "Peak learning rate.") var learningRate = 2e-3
  @Option(help: "Threads per rank that prefetch batches.") var workers = 1
  @Option(help: "Random seed.") var seed = 42
  @Option(help: "Seconds to wait for the other ranks.") var timeout = 600
  @Option(help: "Save snapshots to this folder and resume from the newest.") var snapshots: String?
  @Option(help: "Write the evaluation to this file, as JSON.") var report: String?

  func validate() throws {
    guard epochs > 0, batchSize > 0, workers > 0, timeout > 0, seed >= 0, learningRate >= 0 else {
      throw ValidationError("counts must be at least 1, seed and learning rate at least 0")
    }
  }

  func run() {
    withWorker(timeout: .seconds(timeout)) { try train($0) }
  }

  private func train(_ worker: WorkerContext) throws {
    let group = worker.group
    let device = worker.device
    guard FileManager.default.fileExists(atPath: data) else {
      throw ValidationError(
        "there is no folder '\(data)': Scripts/fetch-fashion-mnist downloads it")
    }
    let classCount = Self.classes.count
    let images = try LabeledImages(at: data, split: "train", classCount: classCount)
    let test = try LabeledImages(at: data, split: "t10k", classCount: classCount)
    guard min(images.height, images.width) >= 4, test.height == images.height,
      test.width == images.width
    else {
      throw ValidationError(
        "the images in '\(data)' are \(images.height) × \(images.width) and "
          + "\(test.height) × \(test.width); they must have the same size, at least 4 × 4")
    }
    try group.requireEqual([
      "--epochs": "\(epochs)", "--batch-size": "\(batchSize)", "--seed": "\(seed)",
      "--learning-rate": "\(learningRate)", "images:": "\(images.count), \(test.count)",
    ])
    manualSeed(UInt64(seed))
    let model = FashionNetwork(height: images.height, width: images.width, classCount: classCount)
    model.move(to: device)
    let parallel = try DistributedDataParallel(model, group: group)
    manualSeed(UInt64(seed + group.rank))

    let loader = try loader(
      images,
      DistributedSampler(
        count: images.count, worldSize: group.worldSize, rank: group.rank, seed: seed))
    let options = TrainerOptions(.epochs(epochs))
    let optimizer = AdamW(model.parameters, learningRate: learningRate, weightDecay: 0)
    let trainer = try Trainer(parallel, optimizer, options: options)
    let schedule = LinearSchedule(
      numWarmupSteps: 0, numTrainingSteps: options.stepCount(batchesPerEpoch: loader.count))
    trainer.schedule = LearningRateScheduler(optimizer, schedule)
    if worker.isMain { trainer.callbacks = [progress(images.count, group.worldSize)] }
    if let snapshots {
      try trainer.resume(from: Snapshots(snapshots, group: group), loader)
      trainer.stop = worker.stopRequest
    }
    let outcome = try trainer.fit(loader) { model, batch in
      crossEntropy(try model(batch.pixels.to(device)), batch.labels.to(device))
    }
    if outcome == .stopRequested { try worker.exitStopped() }

    model.eval()
    let sampler = try EvaluationSampler(
      count: test.count, worldSize: group.worldSize, rank: group.rank)
    // The newest snapshot contains the trained model.
    func exitIfStopRequested() {
      if snapshots != nil, worker.stopRequest.isRequested { StopRequest.exit() }
    }
    let result: ClassificationReport
    do {
      result = try ClassificationReport.evaluating(self.loader(test, sampler), on: group) {
        exitIfStopRequested()
        return (try model($0.pixels.to(device)), $0.labels)
      }
    } catch {
      exitIfStopRequested()  // other ranks may have exited because of the same request
      throw error
    }
    guard worker.isMain else { return }
    print(result)
    let names = Self.classes.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
    print("classes: \(names)\nweights: \(String(model.stateDict.fingerprint, radix: 16))")
    if let report { try JSONEncoder().encode(result).write(to: URL(fileURLWithPath: report)) }
  }

  private struct Batch: Sendable {
    var pixels: Tensor
    var labels: Tensor
  }

  /// Loads pixels, shape `[batch, 1, height, width]`, normalized to mean 0 and standard deviation 1
  /// over the data set.
  private func loader<Indices: Sampler>(
    _ images: LabeledImages, _ sampler: Indices
  ) throws -> DataLoader<LabeledImages, Indices, Batch> {
    let height = images.height
    let width = images.width
    return try DataLoader(
      images, batches: BatchSampler(sampler, batchSize: batchSize), workers: workers,
      prefetch: 2 * workers
    ) { samples in
      let pixels = samples.flatMap { $0.pixels.map { (Float($0) / 255 - 0.286) / 0.353 } }
      return Batch(
        pixels: Tensor(pixels, shape: [samples.count, 1, height, width]),
        labels: Tensor(samples.map(\.label)))
    }
  }

  private func progress(_ images: Int, _ worldSize: Int) -> TrainerCallback {
    var bar: ProgressBar<ContinuousClock>?
    return TrainerCallback(
      epochStarted: {
        bar = ProgressBar("epoch \($0.epoch + 1)/\(epochs)", total: images, unit: "images")
      },
      stepEnded: {
        bar?.advance(by: $0.samples * worldSize, fields: [.init("loss", $0.loss)])
      },
      epochEnded: {
        bar?.finish()
        print("epoch \($0.epoch + 1): average loss \(String(format: "%.4f", $0.loss))")
      })
  }
}
