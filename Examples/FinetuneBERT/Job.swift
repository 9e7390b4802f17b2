import Foundation
import Lockstep

/// The job of one rank: load, train, evaluate, save, report.
struct Job {
  let options: Options
  let worker: WorkerContext
  var group: any ProcessGroup { worker.group }
  var device: Device { worker.device }
  var isMain: Bool { worker.isMain }
  /// The request to stop; `nil` without snapshots, because a stopped job could not resume.
  var stopRequest: StopRequest? { options.snapshots == nil ? nil : worker.stopRequest }

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    manualSeed(UInt64(options.seed))
    try group.requireEqual(options.shared)
    try checkOutput()
    let tokenizer = try WordPieceTokenizer(contentsOf: options.model)
    let model = try loadModel()
    let train = try loadReviews(
      "train", samples: options.trainSamples, options: options, tokenizer: tokenizer,
      isMain: isMain)
    try checkReviewCount(train.count)
    let evaluation =
      options.evalSamples == 0
      ? nil
      : try loadReviews(
        "test", samples: options.evalSamples, options: options, tokenizer: tokenizer,
        isMain: isMain)
    try group.requireEqual([
      "training reviews:": "\(train.count)", "test reviews:": "\(evaluation?.count ?? 0)",
    ])
    let parallel = try DistributedDataParallel(model, group: group)

    // The model was created with the common seed; dropout differs per rank.
    manualSeed(UInt64(options.seed) + UInt64(group.rank))
    let training = try TrainingRun(self, parallel, train, paddingID: tokenizer.paddingID)
    if isMain, let resumed = training.resumed {
      say("Resuming from step \(resumed.step) in epoch \(resumed.epoch), \(resumed.path)")
    }
    let report = try Report(
      options: options, worker: worker, resumedStep: training.resumed?.step,
      preparation: clock.now - start, parameterCount: model.parameters.map(\.count).reduce(0, +))
    guard let summary = try training.run(report) else { try worker.exitStopped() }
    let scores = try evaluation.map {
      try evaluate(model, on: $0, paddingID: tokenizer.paddingID)
    }
    let fingerprints = try group.allGather([Int64(bitPattern: model.stateDict.fingerprint)])
    if isMain, let output = options.output { try save(model, tokenizer, to: output) }
    try group.barrier()
    if isMain {
      try report.finish(
        summary, scores,
        fingerprints: fingerprints.map { UInt64(bitPattern: $0[0]) }, total: clock.now - start)
    }
  }

  private func save(
    _ model: BertForSequenceClassification, _ tokenizer: WordPieceTokenizer, to output: String
  ) throws {
    do {
      try model.savePretrained(to: output)
      try tokenizer.save(to: output)
    } catch {
      let rescue =
        options.snapshots.map {
          "The trained weights are in the newest snapshot in '\($0)': free disk space and run the "
            + "same command again; it evaluates and saves them without training"
        } ?? "The trained weights are lost: pass --snapshots FOLDER to retain them"
      throw JobError(description: "cannot save the trained model: \(error). \(rescue)")
    }
  }

  private func loadModel() throws -> BertForSequenceClassification {
    let (model, report) = try pretrained()
    guard options.maxLength <= model.configuration.maxPositions else {
      throw JobError(
        description: "--max-length is \(options.maxLength), but the model accepts at most "
          + "\(model.configuration.maxPositions) tokens")
    }
    if isMain {
      if options.reinitializeHead {
        say("the classifier is initialized randomly, because of --reinitialize-head")
      }
      list("newly initialized weights", report.missingKeys)
      list("unused weights in the file", report.unexpectedKeys)
    }
    model.move(to: device)
    return model
  }

  private func pretrained() throws -> (BertForSequenceClassification, LoadReport) {
    do {
      return try BertForSequenceClassification.pretrained(
        at: options.model, labelCount: 2, reinitializesHead: options.reinitializeHead
      ) { configuration in
        guard let dropout = options.dropout else { return }
        configuration.hiddenDropout = dropout
        configuration.attentionDropout = dropout
      }
    } catch let error as TransformersError where error.code == .headMismatch {
      throw JobError(
        description: "\(error). Pass --reinitialize-head to train a new classifier")
    }
  }

  private func list(_ title: String, _ names: [String]) {
    guard !names.isEmpty else { return }
    let more = names.count > 8 ? ", … (\(names.count) in total)" : ""
    say("\(title): \(names.prefix(8).joined(separator: ", "))\(more)")
  }

  /// Throws before training if the output folder is not writable.
  private func checkOutput() throws {
    guard isMain, let output = options.output else { return }
    var reason: String?
    do {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      if access(output, W_OK) != 0 { reason = String(cString: strerror(errno)) }
    } catch {
      reason = (error as NSError).localizedDescription
    }
    guard let reason else { return }
    throw JobError(
      description: "cannot write to the folder '\(output)' given with --output: \(reason)")
  }

  private func checkReviewCount(_ count: Int) throws {
    guard count >= group.worldSize else {
      throw JobError(
        description: "\(count) training reviews are fewer than the \(group.worldSize) ranks: start "
          + "fewer ranks or use more reviews")
    }
  }
}
