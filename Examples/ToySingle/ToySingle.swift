import ArgumentParser
import Lockstep

/// Trains a linear model in one process.
///
/// `ToyDDP` is the same program for many ranks.
@main
struct ToySingle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toy-single", abstract: "Train a linear model on random samples.")

  @Option(help: "Number of passes over the samples.") var totalEpochs = 50
  @Option(help: "Save a checkpoint every N epochs.") var saveEvery = 10
  @Option(help: "Samples per step.") var batchSize = 32

  func validate() throws {
    guard totalEpochs > 0, saveEvery > 0, batchSize > 0 else {
      throw ValidationError("every count must be at least 1")
    }
  }

  func run() throws {
    let device = try Device(localRank: 0)
    let name = device == .cpu ? "CPU0" : "GPU0"

    manualSeed(0)
    let samples = InMemoryDataset(
      (0..<2048).map { _ in (Tensor.rand([1, 20]), Tensor.rand([1, 1])) })
    let sampler = RandomSampler(count: samples.count)
    var loader = try DataLoader(samples, batches: BatchSampler(sampler, batchSize: batchSize)) {
      (Tensor.cat($0.map(\.0)), Tensor.cat($0.map(\.1)))
    }
    let model = Linear(20, 1)
    model.move(to: device)
    let optimizer = SGD(model.parameters, learningRate: 1e-3)

    for epoch in 0..<totalEpochs {
      print("[\(name)] Epoch \(epoch) | Batchsize: \(batchSize) | Steps: \(loader.count)")
      loader.batchSampler.sampler.setEpoch(epoch)
      let batches = try loader.batches()
      while let (inputs, targets) = try batches.next() {
        optimizer.zeroGrad()
        let outputs = try model(inputs.to(device))
        try mseLoss(outputs, targets.to(device)).backward()
        try optimizer.step()
      }
      if epoch % saveEvery == 0 {
        try PyTorchFile.write(model.stateDict, path: "checkpoint.pt")
        print("Epoch \(epoch) | Training checkpoint saved at checkpoint.pt")
      }
    }
  }
}
