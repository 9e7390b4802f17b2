import ArgumentParser
import Lockstep

/// Trains a recurrent network to predict the next value of a noisy series; stops when it no longer
/// improves.
///
/// Shapes in names: B windows, T values of a window, C channels.
@main
struct GRURegression: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gru-regression",
    abstract: "Predict the next value of a noisy series with a GRU, on one or many ranks.")

  @Option(help: "Values of the series.") var length = 4000
  @Option(help: "Values that the model sees.") var window = 32
  @Option(help: "Standard deviation of the noise.") var noise = 0.1
  @Option(help: "Maximum number of passes over the training windows.") var epochs = 50
  @Option(help: "Epochs without a better validation loss before training stops.") var patience = 3
  @Option(help: "Windows per step and rank.") var batchSize = 32
  @Option(help: "Channels of the hidden state.") var hiddenSize = 32
  @Option(help: "Learning rate.") var learningRate = 3e-3
  @Option(help: "Print the loss every N steps.") var logEvery = 50
  @Option(help: "Random seed.") var seed = 42
  @Option(help: "Save the best weights to this file.") var save: String?

  func validate() throws {
    let counts = [window, epochs, patience, batchSize, hiddenSize, logEvery]
    guard counts.allSatisfy({ $0 > 0 }), seed >= 0, noise >= 0, learningRate >= 0 else {
      throw ValidationError("counts must be at least 1, all other numbers at least 0")
    }
  }

  func run() { withWorker { try train($0) } }

  private func train(_ worker: WorkerContext) throws {
    manualSeed(UInt64(seed))  // all ranks have the same series, weights and order of windows
    let time = 0.1 * Tensor.arange(length)
    let series = time.sin() + 0.5 * (2.3 * time).sin() + noise * Tensor.randn([length])
    let trainingLength = length * 4 / 5
    let globalBatch = batchSize * worker.worldSize
    guard trainingLength - window >= globalBatch, length - trainingLength > window else {
      throw ValidationError("--length is too small for the window and the batch of all ranks")
    }
    let training = series[..<trainingLength].unfold(dimension: 0, size: window + 1, step: 1)
    let validation = series[trainingLength...].unfold(dimension: 0, size: window + 1, step: 1)

    let model = Forecaster(hiddenSize: hiddenSize)
    model.move(to: worker.device)
    let parallel = try DistributedDataParallel(model, group: worker.group)
    let optimizer = Adam(model.parameters, learningRate: learningRate)
    var best = (loss: Double.infinity, epoch: 0, weights: model.stateDict)
    let stepsPerEpoch = training.shape[0] / globalBatch
    for epoch in 1...epochs {
      let order = Tensor.randperm(training.shape[0])[..<(stepsPerEpoch * globalBatch)]
      let batches = order.view([stepsPerEpoch, worker.worldSize, batchSize])[.all, worker.rank]
      for (index, batch) in batches.unbind().enumerated() {
        let windows = training[batch].to(worker.device)
        optimizer.zeroGrad()
        let loss = mseLoss(try parallel(windows[.all, ..<window]), windows[.all, -1])
        try loss.backward()
        try optimizer.step()
        let step = (epoch - 1) * stepsPerEpoch + index + 1
        if step % logEvery == 0 {
          let mean = loss.detach()
          try worker.group.allReduce(mean, .average)
          if worker.isMain { print("step \(step)  loss \(mean.item)") }
        }
      }
      // The sum over the ranks is the same on each rank, so all decide the same.
      let loss = try validationLoss(of: model, validation, worker)
      if worker.isMain { print("epoch \(epoch)  validation loss \(loss)") }
      if loss < best.loss {
        best = (loss, epoch, model.stateDict.mapValues { $0.detach().clone() })
      } else if epoch - best.epoch == patience {
        if worker.isMain { print("stopped: no better validation loss for \(patience) epochs") }
        break
      }
    }
    try model.loadStateDict(best.weights)
    guard worker.isMain else { return }
    if let save { try PyTorchFile.write(model.stateDict, path: save) }
    print("best epoch \(best.epoch)  validation loss \(best.loss)")
  }

  /// The mean squared error over all validation windows, of which each rank predicts its part.
  private func validationLoss(
    of model: Forecaster, _ validation: Tensor, _ worker: WorkerContext
  ) throws -> Double {
    let windows = validation[.slice(start: worker.rank, step: worker.worldSize)].to(worker.device)
    let sum = try noGrad {
      mseLoss(try model(windows[.all, ..<window]), windows[.all, -1], reduction: .sum)
    }
    try worker.group.allReduce(sum)
    return sum.item / Double(validation.shape[0])
  }
}

/// Predicts the value that follows a window.
final class Forecaster: Module {
  let gru: GRU
  let head: Linear

  init(hiddenSize: Int) {
    gru = GRU(1, hiddenSize, batchFirst: true)
    head = Linear(hiddenSize, 1)
  }

  func forward(_ windowsBT: Tensor) throws -> Tensor {
    let (outputBTC, _) = try gru(windowsBT.unsqueeze(dim: -1))
    return try head(outputBTC[.all, -1]).squeeze(dim: -1)
  }
}
