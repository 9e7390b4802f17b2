import ArgumentParser
import Lockstep

/// Trains a residual network to classify the images of Fashion-MNIST.
///
/// Shapes in names: B images, C channels, H rows, W columns.
@main
struct ResNetExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resnet",
    abstract: "Train a residual network on Fashion-MNIST, on one or many ranks.")

  @Option(help: "Folder of the images, with the file names of MNIST.")
  var data = ".data/fashion-mnist"
  @Option(help: "Number of passes over the training images.") var epochs = 3
  @Option(help: "Images per step and rank.") var batchSize = 64
  @Option(help: "Channels of the first layer.") var channels = 16
  @Option(help: "Learning rate of the first step.") var learningRate = 0.05
  @Option(help: "Print the loss every N steps.") var logEvery = 100
  @Option(help: "Random seed.") var seed = 42
  @Option(help: "Save the weights to this file.") var save: String?

  func validate() throws {
    guard [epochs, batchSize, channels, logEvery].allSatisfy({ $0 > 0 }), seed >= 0,
      learningRate >= 0
    else {
      throw ValidationError("counts must be at least 1, seed and learning rate at least 0")
    }
  }

  func run() { withWorker { try train($0) } }

  private func train(_ worker: WorkerContext) throws {
    let images = try LabeledImages(at: data, split: "train", classCount: 10)
    let sampler = try DistributedSampler(
      count: images.count, worldSize: worker.worldSize, rank: worker.rank, seed: seed)
    var loader = try loader(images, sampler)

    manualSeed(UInt64(seed))  // all ranks start with the same weights
    let model = ResNet(channels: channels, classCount: 10)
    model.move(to: worker.device)
    let parallel = try DistributedDataParallel(model, group: worker.group)
    let optimizer = SGD(
      model.parameters, learningRate: learningRate, momentum: 0.9, weightDecay: 5e-4)
    let scheduler = LearningRateScheduler(
      optimizer, CosineAnnealingLR(tMax: epochs * loader.count))

    var step = 0
    for epoch in 0..<epochs {
      model.train()
      loader.batchSampler.sampler.setEpoch(epoch)
      let batches = try loader.batches()
      while let (pixels, labels) = try batches.next() {
        optimizer.zeroGrad()
        let loss = crossEntropy(
          try parallel(pixels.to(worker.device)), labels.to(worker.device))
        try loss.backward()
        try optimizer.step()
        scheduler.step()
        step += 1
        if step % logEvery == 0 {
          let mean = loss.detach()
          try worker.group.allReduce(mean, .average)
          if worker.isMain { print("step \(step)  loss \(mean.item)") }
        }
      }
      let accuracy = try accuracy(of: model, worker)
      if worker.isMain { print("epoch \(epoch + 1)  accuracy \(accuracy)") }
    }
    if let save, worker.isMain { try PyTorchFile.write(model.stateDict, path: save) }
  }

  /// The share of the test images that the model classifies correctly; each rank tests its part.
  private func accuracy(of model: ResNet, _ worker: WorkerContext) throws -> Double {
    let images = try LabeledImages(at: data, split: "t10k", classCount: 10)
    let sampler = try EvaluationSampler(
      count: images.count, worldSize: worker.worldSize, rank: worker.rank)
    let correct = Tensor.zeros([], dtype: .int64)
    let batches = try loader(images, sampler).batches()
    model.eval()
    while let (pixels, labels) = try batches.next() {
      let logits = try noGrad { try model(pixels.to(worker.device)) }
      correct.add_((logits.argmax(dim: 1).to(.cpu) .== labels).sum())
    }
    try worker.group.allReduce(correct)
    return correct.item / Double(images.count)
  }

  /// Loads pixels, shape `[B, 1, H, W]`, with mean 0 and standard deviation 1, and labels.
  private func loader<Indices: Sampler>(
    _ images: LabeledImages, _ sampler: Indices
  ) throws -> DataLoader<LabeledImages, Indices, (Tensor, Tensor)> {
    let shape = [-1, 1, images.height, images.width]
    return try DataLoader(images, batches: BatchSampler(sampler, batchSize: batchSize)) { samples in
      let pixels = Tensor(samples.flatMap(\.pixels)).reshape(shape).to(.float32)
      return ((pixels / 255 - 0.286) / 0.353, Tensor(samples.map(\.label)))
    }
  }
}

/// Three stages; the second and the third halve the resolution and double the channels.
///
/// He, Zhang, Ren and Sun 2016, "Deep Residual Learning for Image Recognition".
final class ResNet: Module {
  let stem: Sequential
  let stages: Sequential
  let head: Linear

  init(channels: Int, classCount: Int) {
    stem = Sequential(
      Conv2d(1, channels, kernelSize: 3, padding: 1, bias: false), BatchNorm2d(channels), ReLU())
    stages = Sequential(
      ResidualBlock(channels, channels), ResidualBlock(channels, 2 * channels, stride: 2),
      ResidualBlock(2 * channels, 4 * channels, stride: 2))
    head = Linear(4 * channels, classCount)
  }

  func forward(_ pixelsB1HW: Tensor) throws -> Tensor {
    let featuresBCHW = try stages(stem(pixelsB1HW))
    return try head(featuresBCHW.mean(dim: [2, 3]))
  }
}

/// Adds the output of two convolutions to their input.
final class ResidualBlock: Module {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d
  let shortcut: Sequential

  init(_ inputs: Int, _ outputs: Int, stride: Int = 1) {
    conv1 = Conv2d(inputs, outputs, kernelSize: 3, stride: stride, padding: 1, bias: false)
    bn1 = BatchNorm2d(outputs)
    conv2 = Conv2d(outputs, outputs, kernelSize: 3, padding: 1, bias: false)
    bn2 = BatchNorm2d(outputs)
    shortcut = Sequential()
    if stride != 1 || inputs != outputs {
      shortcut.append(Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false))
      shortcut.append(BatchNorm2d(outputs))
    }
  }

  func forward(_ xBCHW: Tensor) throws -> Tensor {
    let hiddenBCHW = try bn1(conv1(xBCHW)).relu()
    return try (bn2(conv2(hiddenBCHW)) + shortcut(xBCHW)).relu()
  }
}
