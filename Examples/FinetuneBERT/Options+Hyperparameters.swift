extension Options {
  /// The options that determine the result, recorded with the metrics to compare runs.
  var hyperparameters: [String: String] {
    [
      "model": model, "epochs": "\(epochs)", "batch size per rank": "\(batchSize)",
      "max length": "\(maxLength)", "learning rate": "\(learningRate)",
      "warm-up steps": "\(warmupSteps)", "weight decay": "\(weightDecay)", "seed": "\(seed)",
      "dropout": dropout.map { "\($0)" } ?? "the model's",
      "training reviews": trainSamples.map { "\($0)" } ?? "all",
    ]
  }

  /// Options that training depends on and that a snapshot records beside those of the `Trainer`.
  var snapshotSettings: [String: String] {
    ["max length": "\(maxLength)", "dropout": dropout.map { "\($0)" } ?? "the model's"]
  }

  /// The options that must be equal on all ranks.
  var shared: [String: String] {
    func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "not given" }
    return [
      "--epochs": "\(epochs)", "--batch-size": "\(batchSize)", "--max-length": "\(maxLength)",
      "--learning-rate": "\(learningRate)", "--warmup-steps": "\(warmupSteps)",
      "--weight-decay": "\(weightDecay)", "--dropout": text(dropout), "--seed": "\(seed)",
      "--train-samples": text(trainSamples), "--eval-samples": text(evalSamples),
      "--from-scratch": "\(fromScratch)", "--label-name": "\(labelName)",
      "--precision": precision.rawValue, "--max-grad-norm": text(maxGradNorm),
      "--gradient-accumulation": "\(gradientAccumulation)",
      "--pad-to-max-length": "\(padToMaxLength)",
      "--reinitialize-head": "\(reinitializeHead)",
      "--snapshots": snapshots == nil ? "not given" : "given", "--save-every": text(saveEvery),
      "--save-every-steps": text(saveEverySteps), "--save-every-seconds": text(saveEverySeconds),
    ]
  }
}
