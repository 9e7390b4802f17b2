import ArgumentParser
import Lockstep

/// What the user chooses; the defaults are those of the published job.
struct Options: ParsableArguments {
  @Option(help: "Folder of a pretrained model: config.json, model.safetensors, tokenizer files.")
  var model: String

  @Option(
    help: """
      Folder of reviews, in halves train and test: CSV, TSV, JSON lines or Parquet files (train.csv) with \
      text and label (0 or 1), a save_to_disk folder, or aclImdb's own tree.
      """)
  var data: String

  @Option(help: "Folder to save the trained model and its tokenizer in.")
  var output: String?

  @Option(help: "Folder to keep tokenized reviews in. (default: ~/.cache/lockstep/reviews)")
  var cache: String?

  @Option(help: "Threads that make batches ahead, on each rank.")
  var workers = 1

  @Option(help: "Passes over the training reviews.")
  var epochs = 4

  @Option(help: "Reviews per step and rank.")
  var batchSize = 8

  @Option(help: "Longest sequence in tokens; what is longer is cut.")
  var maxLength = 512

  @Option(help: "Learning rate at its highest.")
  var learningRate = 2e-5

  @Option(help: "Steps in which the learning rate rises; then it falls linearly to 0.")
  var warmupSteps = 0

  @Option(help: "Weight decay of AdamW; biases and LayerNorm are never decayed.")
  var weightDecay = 0.0

  @Option(help: "Dropout probability, instead of the model's own.")
  var dropout: Double?

  @Option(help: "Seed of everything random.")
  var seed = 42

  @Option(help: "Train on so many reviews, chosen at random; default: all.")
  var trainSamples: Int?

  @Option(help: "Evaluate on so many reviews, chosen at random; default: all, 0: no evaluation.")
  var evalSamples: Int?

  @Option(help: "Type of the forward passes; weights and their updates are fp32.")
  var precision = PrecisionChoice.fp32

  @Option(help: "Scale gradients down to this norm where theirs is larger; default: never.")
  var maxGradNorm: Double?

  @Option(help: "Batches per step: one larger batch in the memory of a small one.")
  var gradientAccumulation = 1

  @Flag(help: "Pad every batch to --max-length instead of to its longest review.")
  var padToMaxLength = false

  @Option(help: "cpu, cuda (each rank takes its own GPU) or cuda:K.")
  var device = "cpu"

  @Option(help: "Longest wait for the other ranks, in seconds.")
  var timeout = 600

  @Option(help: "Folder of snapshots, from which the same command goes on; default: none are made.")
  var snapshots: String?

  @Option(help: "Epochs from one snapshot to the next. (default: 1)")
  var saveEvery: Int?

  @Option(help: "Also so many steps from one snapshot to the next.")
  var saveEverySteps: Int?

  @Option(help: "Also so many seconds from one snapshot to the next.")
  var saveEverySeconds: Int?

  @Option(help: "How many of the newest snapshots are kept. (default: 3)")
  var keepLast: Int?

  @Option(help: "Folder for metrics.jsonl and event files, for tensorboard --logdir (rank 0).")
  var logDir: String?

  @Option(help: "File that shows each rank's first steps in time, for https://ui.perfetto.dev.")
  var trace: String?

  @Option(help: "File for one JSON object per step and a last one for the whole run (rank 0).")
  var json: String?

  func validate() throws {
    func atLeast(_ minimum: Int, _ value: Int?, _ name: String) throws {
      guard let value, value < minimum else { return }
      throw ValidationError("--\(name) is \(value); it must be at least \(minimum)")
    }
    func atMost(_ maximum: Int, _ value: Int, _ name: String) throws {
      guard value > maximum else { return }
      throw ValidationError("--\(name) is \(value); it must be at most \(maximum)")
    }
    try atLeast(1, epochs, "epochs")
    try atMost(1_000_000, epochs, "epochs")
    try atLeast(1, batchSize, "batch-size")
    try atMost(1_000_000, batchSize, "batch-size")
    try atLeast(3, maxLength, "max-length")
    try atLeast(0, warmupSteps, "warmup-steps")
    try atLeast(0, seed, "seed")
    try atLeast(1, trainSamples, "train-samples")
    try atLeast(0, evalSamples, "eval-samples")
    try atLeast(1, timeout, "timeout")
    try atLeast(1, workers, "workers")
    try atMost(1024, workers, "workers")
    try atLeast(1, gradientAccumulation, "gradient-accumulation")
    let saving = [
      ("save-every", saveEvery), ("save-every-steps", saveEverySteps),
      ("save-every-seconds", saveEverySeconds), ("keep-last", keepLast),
    ]
    for (name, value) in saving {
      try atLeast(1, value, name)
      guard value == nil || snapshots != nil else {
        throw ValidationError("--\(name) says nothing without --snapshots FOLDER")
      }
    }
    if let maxGradNorm, !(maxGradNorm > 0) {
      throw ValidationError("--max-grad-norm is \(maxGradNorm); it must be above 0")
    }
    guard learningRate >= 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate is \(learningRate); it must be 0 or more")
    }
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw ValidationError("--weight-decay is \(weightDecay); it must be 0 or more")
    }
    if let dropout, !(0..<1).contains(dropout) {
      throw ValidationError("--dropout is \(dropout); it must be at least 0 and less than 1")
    }
  }
}

/// The precisions that this program offers.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
  case fp32, bf16

  var precision: Precision { self == .bf16 ? .bfloat16 : .float32 }
}
