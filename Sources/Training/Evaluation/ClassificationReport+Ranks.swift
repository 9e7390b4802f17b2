public import Collectives
public import DataLoading
public import Torch

extension ClassificationReport {
  /// Evaluates a classifier on all ranks; every sample counts once.
  ///
  /// ```swift
  /// model.eval()
  /// let report = try ClassificationReport.evaluating(loader, on: group) { batch in
  ///   (model(batch.images), batch.labels)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - loader: This rank's batches.
  ///   - group: The ranks that share the evaluation.
  ///   - classify: Returns a batch's logits, shape `[samples, classes]`, and its labels, shape
  ///     `[samples]`. Runs without gradients.
  /// - Returns: The same report on every rank. A rank without samples is not an error; if no rank
  ///   has samples, all scores are 0.
  /// - Throws: Errors of the data set and of `classify`; ``TrainingError`` with code `notFinite` if
  ///   a logit is NaN; ``CollectiveError`` if a peer is lost or times out.
  public static func evaluating<Samples, Batch>(
    _ loader: DataLoader<Samples, EvaluationSampler, Batch>, on group: any ProcessGroup,
    _ classify: (Batch) throws -> (logits: Tensor, labels: Tensor)
  ) throws -> ClassificationReport {
    var predictions: [Int] = []
    var labels: [Int] = []
    var scores: [Double] = []
    var classCount = 0
    let batches = try loader.batches()
    while let batch = try batches.next() {
      let (logits, targets) = try noGrad { try classify(batch) }
      let rows = logits.to(.float64).array(of: Double.self)
      classCount = logits.shape[1]
      labels += targets.array(of: Int.self)
      for start in stride(from: 0, to: rows.count, by: classCount) {
        let row = rows[start..<start + classCount]
        predictions.append((row.firstIndex(of: row.max() ?? 0) ?? start) - start)
        // NaN is reported after the gather below, so that no rank waits for this one.
        scores.append(row.contains { $0.isNaN } ? .nan : (row.last ?? 0) - (row.first ?? 0))
      }
    }
    let count = try group.allReduce([labels.count])[0]
    classCount = try group.allReduce([classCount], .max)[0]
    let all = try group.gatherInOrder(scores, count: count)
    if let sample = all.firstIndex(where: \.isNaN) {
      throw TrainingError(
        .notFinite,
        "the model's output for sample \(sample) is NaN: check the weights and that sample's data"
      )
    }
    return ClassificationReport(
      predictions: try group.gatherInOrder(predictions, count: count),
      labels: try group.gatherInOrder(labels, count: count), classCount: classCount,
      scores: classCount == 2 ? all : nil)
  }
}
