public import Collectives
public import DataLoading
public import Torch

extension RegressionReport {
  /// Evaluates a regression model on all ranks; every sample counts once.
  ///
  /// - Parameters:
  ///   - loader: This rank's batches.
  ///   - group: The ranks that share the evaluation.
  ///   - predict: Returns a batch's predictions and its targets, one element for each sample. Runs
  ///     without gradients.
  /// - Returns: The same report on every rank. A rank without samples is not an error.
  /// - Throws: Errors of the data set and of `predict`; ``TrainingError`` with code `notFinite` on
  ///   all ranks if a prediction is NaN; ``CollectiveError`` if a peer is lost or times out.
  public static func evaluating<Samples, Batch>(
    _ loader: DataLoader<Samples, EvaluationSampler, Batch>, on group: any ProcessGroup,
    _ predict: (Batch) throws -> (predictions: Tensor, targets: Tensor)
  ) throws -> RegressionReport {
    var predictions: [Double] = []
    var targets: [Double] = []
    let batches = try loader.batches()
    while let batch = try batches.next() {
      let result = try noGrad { try predict(batch) }
      predictions += result.predictions.to(.float64).array(of: Double.self)
      targets += result.targets.to(.float64).array(of: Double.self)
    }
    let count = try group.allReduce([targets.count])[0]
    let all = try group.gatherInOrder(predictions, count: count)
    if let sample = all.firstIndex(where: \.isNaN) {
      throw TrainingError(
        .notFinite,
        "the model's prediction for sample \(sample) is NaN: check the weights and that sample's "
          + "data")
    }
    return RegressionReport(
      predictions: all, targets: try group.gatherInOrder(targets, count: count))
  }
}
