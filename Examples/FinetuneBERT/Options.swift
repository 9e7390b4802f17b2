import ArgumentParser
import Lockstep

/// The command-line options.
///
/// The defaults are those of the Hugging Face job.
struct Options: ParsableArguments {
  @Option(help: "Folder of the pretrained model: config.json, weights, tokenizer files.")
  var model: String

  @Option(
    help: """
      Folder of the reviews: train and test files (CSV, TSV, JSON lines, Parquet) with columns \
      text and label, a save_to_disk folder, or the aclImdb tree.
      """)
  var data: String

  @Option(
    parsing: .singleValue,
    help: """
      Name of a class; repeat it for each class, in the order of the indices. \
      (default: the names that the reviews declare, or neg and pos)
      """)
  var labelName: [String] = []

  @Flag(help: "Initialize the classifier randomly, even if --model contains one.")
  var reinitializeHead = false

  @Flag(help: "Initialize all weights randomly instead of loading them from --model.")
  var fromScratch = false

  @Option(help: "Save the trained model and its tokenizer to this folder.")
  var output: String?

  @Option(help: "Folder that caches tokenized reviews. (default: ~/.cache/lockstep/reviews)")
  var cache: String?

  @Option(help: "Threads per rank that prefetch batches.")
  var workers = 1

  @Option(help: "Number of passes over the training reviews.")
  var epochs = 4

  @Option(help: "Reviews per batch and rank.")
  var batchSize = 8

  @Option(help: "Truncate reviews to N tokens.")
  var maxLength = 512

  @Option(help: "Peak learning rate.")
  var learningRate = 2e-5

  @Option(help: "Steps of linear warm-up; afterwards the learning rate decays linearly to 0.")
  var warmupSteps = 0

  @Option(help: "Weight decay of AdamW; does not apply to biases and LayerNorm.")
  var weightDecay = 0.0

  @Option(help: "Dropout probability. (default: the model's)")
  var dropout: Double?

  @Option(help: "Random seed.")
  var seed = 42

  @Option(help: "Train on N randomly chosen reviews. (default: all)")
  var trainSamples: Int?

  @Option(help: "Evaluate on N randomly chosen reviews; 0 skips the evaluation. (default: all)")
  var evalSamples: Int?

  @Option(help: "Data type of the forward pass; weights and optimizer use fp32.")
  var precision = PrecisionChoice.fp32

  @Option(help: "Clip the gradient norm to this value. (default: no clipping)")
  var maxGradNorm: Double?

  @Option(help: "Accumulate the gradients of N batches per optimizer step.")
  var gradientAccumulation = 1

  @Flag(help: "Pad reviews to --max-length; the model removes the padding where that is faster.")
  var padToMaxLength = false

  @Option(help: "Device: cpu, cuda (one GPU per rank) or cuda:K.")
  var device = "cpu"

  @Option(help: "Seconds to wait for the other ranks.")
  var timeout = 600

  @Option(help: "Save snapshots to this folder and resume from the newest. (default: no snapshots)")
  var snapshots: String?

  @Option(help: "Save a snapshot every N epochs. (default: 1)")
  var saveEvery: Int?

  @Option(help: "Also save a snapshot every N steps.")
  var saveEverySteps: Int?

  @Option(help: "Also save a snapshot every N seconds.")
  var saveEverySeconds: Int?

  @Option(help: "Retain the N newest snapshots. (default: 3)")
  var keepLast: Int?

  @Option(help: "Write metrics.jsonl and TensorBoard event files to this folder.")
  var logDir: String?

  @Option(help: "Write a timeline of the first steps to this file, for https://ui.perfetto.dev.")
  var trace: String?

  @Option(help: "Write one JSON object per step and a summary to this file.")
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
    guard labelName.isEmpty || Set(labelName).count == labelName.count && labelName.count > 1
    else {
      throw ValidationError("--label-name needs at least two names, each given once")
    }
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
        throw ValidationError("--\(name) needs --snapshots FOLDER")
      }
    }
    if let maxGradNorm, !(maxGradNorm > 0) {
      throw ValidationError("--max-grad-norm is \(maxGradNorm); it must be greater than 0")
    }
    guard learningRate >= 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate is \(learningRate); it must be at least 0")
    }
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw ValidationError("--weight-decay is \(weightDecay); it must be at least 0")
    }
    if let dropout, !(0..<1).contains(dropout) {
      throw ValidationError("--dropout is \(dropout); it must be at least 0 and less than 1")
    }
  }
}

/// The values of `--precision`.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
  case fp32, bf16

  var value: Precision { self == .bf16 ? .bfloat16 : .float32 }
}
