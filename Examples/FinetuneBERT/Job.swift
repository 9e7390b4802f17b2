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
    let texts = try ReviewTexts(options)
    let model = try loadModel(labelCount: texts.classes.count)
    let train = try loadReviews(
      texts.train, "train", samples: options.trainSamples, options: options, tokenizer: tokenizer,
      isMain: isMain)
    try checkReviewCount(train.count)
    let evaluation = try texts.test.map {
      try loadReviews(
        $0, "test", samples: options.evalSamples, options: options, tokenizer: tokenizer,
        isMain: isMain)
    }
    for (split, reviews) in [("train", train), ("test", evaluation)] {
      try reviews.map { try checkTokens(of: $0, split, tokenizer, model.configuration) }
    }
    try group.requireEqual([
      "training reviews:": "\(train.count)", "test reviews:": "\(evaluation?.count ?? 0)",
    ])
    let parallel = try DistributedDataParallel(model, group: group)

    // The model was created with the common seed; dropout differs per rank.
    manualSeed(UInt64(options.seed) + UInt64(group.rank))
    let training = try TrainingRun(
      self, parallel, train, paddingID: tokenizer.paddingID,
      dataKey: contentKey(
        of: texts.train, samples: options.trainSamples, tokenizer: tokenizer, options: options))
    if isMain, let resumed = training.resumed {
      say("Resuming from step \(resumed.step) in epoch \(resumed.epoch), \(resumed.path)")
    }
    let report = try Report(
      options: options, worker: worker, resumedStep: training.resumed?.step,
      preparation: clock.now - start, parameterCount: model.parameters.map(\.count).reduce(0, +))
    guard let summary = try training.run(report) else { try worker.exitStopped() }
    // Everything below can fail; the trained weights are saved first.
    if isMain, let output = options.output {
      try save(model, tokenizer, labels: texts.classes, to: output)
    }
    try group.barrier()
    try training.writeTrace()
    let scores = try evaluation.map {
      do {
        return try evaluate(model, on: $0, paddingID: tokenizer.paddingID)
      } catch {
        if isMain { say("The evaluation failed after the training. \(savedWeights)") }
        throw error
      }
    }
    let fingerprints = try group.allGather([Int64(bitPattern: model.stateDict.fingerprint)])
    if isMain {
      try report.finish(
        summary, scores, classes: texts.classes,
        fingerprints: fingerprints.map { UInt64(bitPattern: $0[0]) }, total: clock.now - start)
    }
  }

  /// A sentence that says where the trained weights are.
  private var savedWeights: String {
    if let output = options.output { return "The trained model is saved in '\(output)'." }
    if let snapshots = options.snapshots {
      return "The trained weights are in the newest snapshot in '\(snapshots)'."
    }
    return "The trained weights are lost: pass --output FOLDER or --snapshots FOLDER to save them."
  }

  private func save(
    _ model: BertForSequenceClassification, _ tokenizer: WordPieceTokenizer, labels: [String],
    to output: String
  ) throws {
    do {
      try model.savePretrained(to: output, labels: labels)
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

  private func loadModel(labelCount: Int) throws -> BertForSequenceClassification {
    let (model, report) = try withOptionRemedy {
      try BertForSequenceClassification.pretrained(
        at: options.model, labelCount: labelCount, reinitializesHead: options.reinitializeHead,
        fromScratch: options.fromScratch, configure: configure)
    }
    guard options.maxLength <= model.configuration.maxPositions else {
      throw JobError(
        description: "--max-length is \(options.maxLength), but the model accepts at most "
          + "\(model.configuration.maxPositions) tokens")
    }
    if isMain {
      if options.fromScratch {
        say("all weights are initialized randomly, because of --from-scratch")
      } else {
        if options.reinitializeHead {
          say("the classifier is initialized randomly, because of --reinitialize-head")
        }
        list("newly initialized weights", report.missingKeys)
      }
      list("unused weights in the file", report.unexpectedKeys)
    }
    model.move(to: device)
    return model
  }

  /// Adds the option that is the remedy to an error about the model folder.
  private func withOptionRemedy<Result>(_ load: () throws -> Result) throws -> Result {
    do {
      return try load()
    } catch let error as TransformersError where error.code == .headMismatch {
      throw JobError(
        description: "\(error). Pass --reinitialize-head to train a new classifier")
    } catch let error as TransformersError where error.code == .noFittingWeights {
      throw JobError(description: "\(error). Pass --from-scratch to train from random weights")
    }
  }

  private func configure(_ configuration: inout BertConfiguration) {
    guard let dropout = options.dropout else { return }
    configuration.hiddenDropout = dropout
    configuration.attentionDropout = dropout
  }

  /// Throws before training if a review has a token without a row in the embedding.
  private func checkTokens(
    of reviews: Reviews, _ split: String, _ tokenizer: WordPieceTokenizer,
    _ configuration: BertConfiguration
  ) throws {
    let rows = configuration.vocabularySize
    // Scans the reviews only if the tokenizer has such tokens.
    guard tokenizer.vocabularySize > rows else { return }
    for index in 0..<reviews.count {
      guard let id = try reviews[index].ids.first(where: { $0 >= rows }) else { continue }
      throw JobError(
        description: "a review of the \(split) split contains the token "
          + "'\(tokenizer.token(withID: Int32(id)) ?? "")' with id \(id), but the embedding of the "
          + "model in '\(options.model)' has only \(rows) rows: use the tokenizer that belongs to "
          + "the model")
    }
    if isMain {
      say(
        "the tokenizer has ids up to \(tokenizer.vocabularySize - 1), the embedding \(rows) rows; "
          + "no review of the \(split) split needs the missing ones")
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
