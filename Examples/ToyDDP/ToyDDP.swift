import ArgumentParser
import Lockstep

/// Trains a linear model on many ranks, one per device, which it starts itself.
///
/// `ToySingle` is the same program for one process.
@main
struct ToyDDP: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toy-ddp", abstract: "Train a linear model on random samples, on many ranks.")

  @Option(help: "Number of passes over the samples.") var totalEpochs = 50
  @Option(help: "Save a checkpoint every N epochs.") var saveEvery = 10
  @Option(help: "Samples per step and rank.") var batchSize = 32
  @Option(help: "Number of ranks. (default: one per GPU; without GPUs, one per processor)")
  var nproc: Int?
  @Option(help: "Write a timeline of all ranks to this file, for https://ui.perfetto.dev.")
  var trace: String?

  func validate() throws {
    guard totalEpochs > 0, saveEvery > 0, batchSize > 0, nproc ?? 1 > 0 else {
      throw ValidationError("every count must be at least 1")
    }
  }

  func run() throws {
    let gpus = Device.cudaDeviceCount
    try spawn(processes: nproc ?? (gpus > 0 ? gpus : DeviceCount.processors)) { _ in
      withWorker { try train($0) }
    }
  }

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
    let optimizer = SGD(model.parameters, learningRate: 1e-3)

    for epoch in 0..<totalEpochs {
      print("[\(name)] Epoch \(epoch) | Batchsize: \(batchSize) | Steps: \(loader.count)")
      loader.batchSampler.sampler.setEpoch(epoch)
      let batches = try loader.batches()
      while let (inputs, targets) = try batches.next() {
        optimizer.zeroGrad()
        let outputs = try parallel(inputs.to(device))
        try mseLoss(outputs, targets.to(device)).backward()
        try trace.measure("optimizer") { try optimizer.step() }
      }
      if worker.isMain, epoch % saveEvery == 0 {
        try PyTorchFile.write(model.stateDict, path: "checkpoint.pt")
        print("Epoch \(epoch) | Training checkpoint saved at checkpoint.pt")
      }
    }
    if let path = self.trace, let trace {
      try trace.write(to: path, group: group)
      if worker.isMain {
        print("Trace saved at \(path) | Overlapped: \(trace.overlappedShare ?? 0)")
      }
    }
  }
}
