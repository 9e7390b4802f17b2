extension Options {
  /// The choices that decide about the result, for whoever compares runs.
  var hyperparameters: [String: String] {
    [
      "model": model, "epochs": "\(epochs)", "batch size per rank": "\(batchSize)",
      "max length": "\(maxLength)", "learning rate": "\(learningRate)",
      "warm-up steps": "\(warmupSteps)", "weight decay": "\(weightDecay)", "seed": "\(seed)",
      "dropout": dropout.map { "\($0)" } ?? "the model's",
      "training reviews": trainSamples.map { "\($0)" } ?? "all",
    ]
  }
}
