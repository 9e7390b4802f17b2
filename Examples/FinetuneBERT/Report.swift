import Foundation
import Lockstep

/// The output of rank 0: metrics and JSON lines during training, and a summary at the end.
final class Report {
  private let options: Options
  private let group: any ProcessGroup
  private let restarts: Int
  private let preparation: Duration
  private let parameterCount: Int
  private let file: FileHandle?
  private let metrics: MetricsFolder?

  init(
    options: Options, worker: WorkerContext, resumedStep: Int?, preparation: Duration,
    parameterCount: Int
  ) throws {
    self.options = options
    group = worker.group
    restarts = worker.restartCount
    self.preparation = preparation
    self.parameterCount = parameterCount
    // Steps that are repeated after a restart replace those of the previous attempt.
    let firstStep = resumedStep ?? (restarts > 0 ? 0 : nil)
    metrics =
      worker.isMain
      ? try options.logDir.map { try MetricsFolder($0, resumedStep: firstStep) } : nil
    if firstStep == nil { try metrics?.record(hyperparameters: options.hyperparameters) }
    guard worker.isMain, let path = options.json else {
      file = nil
      return
    }
    // FileManager.createFile would replace a link, a pipe or a device by a regular file.
    let mode = firstStep == nil ? O_TRUNC : O_APPEND
    let descriptor = open(path, O_WRONLY | O_CREAT | mode | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw JobError(
        description: "cannot write the file '\(path)' given with --json: "
          + String(cString: strerror(errno)))
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Records a step.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - samples: The number of samples on all ranks.
  ///   - seconds: The duration of the step.
  ///   - communication: The seconds that backward waited for other ranks.
  ///   - averaging: Metrics of gradient averaging; empty if the step was not measured.
  /// - Throws: ``JobError``, or an error of `MetricsFolder`, if a file cannot be written.
  func step(
    _ step: TrainingStep, samples: Int, seconds: Double, communication: Double,
    averaging: [String: Double]
  ) throws {
    let rate = Double(samples) / seconds
    try metrics?.record(
      StepMetrics(
        loss: step.loss, learningRate: step.learningRate, gradientNorm: step.gradientNorm,
        samplesPerSecond: rate, restarts: restarts
      ).scalars.merging(averaging) { $1 }, step: step.step)
    struct Line: Encodable {
      var step: Int
      var epoch: Int
      var loss: Double
      var samples: Int
      var seconds: Double
      var processor_seconds: Double
      var phases: [String: Double]
    }
    let phases = step.phases
    try write(
      Line(
        step: step.step, epoch: step.epoch, loss: step.loss, samples: samples, seconds: seconds,
        processor_seconds: ProcessUsage.now.seconds,
        phases: [
          "data": phases.data / .seconds(1), "forward": phases.forward / .seconds(1),
          "backward": phases.backward / .seconds(1) - communication,
          "communication": communication, "optimizer": phases.update / .seconds(1),
        ]))
  }

  func finish(
    _ summary: TrainingRun.Summary, _ scores: ClassificationReport?, classes: [String],
    fingerprints: [UInt64], total: Duration
  ) throws {
    try writeSummary(summary, scores)
    if let scores, let output = options.output { try write(scores, to: output) }
    let rate = Double(summary.samples) / summary.seconds
    var lines = [
      "",
      "Results",
      "  training     "
        + (summary.steps == 0
          ? "already complete; "
          : "\(summary.samples) reviews in \(fixed(summary.seconds, 1)) s, "
            + "\(fixed(rate, 1)) samples/s on \(group.worldSize) ranks; ")
        + "average loss \(summary.epochLosses.map { fixed($0, 4) }.joined(separator: ", "))",
    ]
    if group.worldSize > 1, let share = summary.overlappedShare {
      lines.append(
        "  overlap      \(fixed(100 * share, 0)) % of communication overlapped the backward pass")
    }
    if summary.steps > 0 {
      lines.append(
        "  waiting      \(fixed(100 * summary.dataWaitSeconds / summary.seconds, 2)) % of the"
          + " training time, for batches")
    }
    if let scores {
      lines.append(
        "  accuracy     \(fixed(scores.accuracy, 4)): \(scores.correctCount) of \(scores.samples)"
          + " test reviews, each counted once")
    }
    lines.append(
      "  time         \(fixed(total / .seconds(1), 1)) s in total, "
        + "\(fixed(preparation / .seconds(1), 1)) s of it to load the model and the reviews")
    for (rank, fingerprint) in fingerprints.enumerated() {
      lines.append("  weights      rank \(rank): \(hex(fingerprint))")
    }
    lines.append("  model        \(parameterCount) parameters, libtorch \(Runtime.libtorchVersion)")
    if let scores {
      let names = classes.enumerated().map { "class \($0): \($1)" }.joined(separator: ", ")
      lines += ["Classification report (\(names))"]
      lines += scores.description.split(separator: "\n").map { "  \($0)" }
    }
    let files = [
      options.output.map { "  \($0)/   model and tokenizer, for Hugging Face and for --model" },
      options.trace.map { "  \($0)   timeline of each rank, for https://ui.perfetto.dev" },
      options.snapshots.map { "  \($0)/   snapshots; the same command resumes from the newest" },
    ].compactMap(\.self)
    if !files.isEmpty { lines += ["Files"] + files }
    lines += [
      "What to try next",
      "  all reviews at full length: omit --train-samples, --eval-samples and --max-length",
      "  other options: finetune-bert --help",
    ]
    say(lines.joined(separator: "\n"))
    guard Set(fingerprints).count == 1 else {
      throw CollectiveError(
        .mismatch,
        "the ranks ended with different weights (see above): this is a bug in Lockstep; please "
          + "report it")
    }
  }

  private func writeSummary(
    _ summary: TrainingRun.Summary, _ scores: ClassificationReport?
  ) throws {
    struct Line: Encodable {
      var summary: Content
      struct Content: Encodable {
        var world_size: Int
        var threads: Int
        var libtorch: String
        var preparation_seconds: Double
        var steps: Int
        var samples: Int
        var seconds: Double
        var samples_per_second: Double
        var peak_bytes: Int
        var data_wait_seconds: Double
        var overlapped_share: Double?
        var accuracy: Double?
      }
    }
    try write(
      Line(
        summary: .init(
          world_size: group.worldSize, threads: Runtime.threadCount,
          libtorch: Runtime.libtorchVersion, preparation_seconds: preparation / .seconds(1),
          steps: summary.steps, samples: summary.samples, seconds: summary.seconds,
          samples_per_second: Double(summary.samples) / summary.seconds,
          peak_bytes: ProcessUsage.now.peakBytes, data_wait_seconds: summary.dataWaitSeconds,
          overlapped_share: summary.overlappedShare, accuracy: scores?.accuracy)))
  }

  /// Writes the scores beside the model, under the file name of Hugging Face's `Trainer`.
  private func write(_ scores: ClassificationReport, to output: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let path = "\(output)/eval_results.json"
    do {
      try encoder.encode(scores).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw JobError(
        description: "cannot write the file '\(path)': \((error as NSError).localizedDescription)")
    }
  }

  private func write(_ line: some Encodable) throws {
    guard let file else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let bytes = try encoder.encode(line) + Data("\n".utf8)
    do {
      try file.write(contentsOf: bytes)
    } catch {
      throw JobError(
        description: "cannot write the file '\(options.json ?? "")' given with --json: "
          + (error as NSError).localizedDescription)
    }
  }
}

/// The resources that this process has used so far.
private struct ProcessUsage {
  /// User and system time of all threads.
  var seconds: Double
  /// The peak resident memory.
  var peakBytes: Int

  static var now: ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return ProcessUsage(
      seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakBytes: usage.ru_maxrss * 1024)
  }
}

/// Prints a line and flushes it, because output to a launcher's pipe is buffered.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// Formats a number with a fixed number of decimals.
func fixed(_ number: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", number)
}

private func hex(_ number: UInt64) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
