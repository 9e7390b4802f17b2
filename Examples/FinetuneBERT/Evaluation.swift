import Foundation
import Lockstep

extension Job {
  /// Evaluates the model on all ranks.
  ///
  /// Every review is counted once, whatever the number of ranks. The result is the same on all
  /// ranks.
  func evaluate(
    _ model: BertForSequenceClassification, on reviews: Reviews, paddingID: Int32
  ) throws -> ClassificationReport {
    let sampler = try EvaluationSampler(
      count: reviews.count, worldSize: group.worldSize, rank: group.rank)
    model.eval()
    do {
      return try .evaluating(
        options.loader(reviews, sampler, paddingID: paddingID), on: group
      ) { batch in
        exitIfStopRequested()
        let logits = try options.precision.value.run(on: device) {
          try model(batch.tokens.to(device))
        }
        return (logits, batch.labels)
      }
    } catch {
      exitIfStopRequested()  // other ranks may have exited because of the same request
      throw error
    }
  }

  /// Exits during the evaluation; the newest snapshot contains the trained model.
  private func exitIfStopRequested() {
    if stopRequest?.isRequested == true { StopRequest.exit() }
  }
}
