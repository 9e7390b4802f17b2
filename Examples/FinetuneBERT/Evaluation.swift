import Foundation
import Lockstep

/// Evaluation shared out over the ranks: every review is counted once, whatever their number.
struct Evaluation {
  let job: Job
  let model: BertForSequenceClassification
  let paddingID: Int32
  /// There, if all is saved that is needed to go on.
  let stop: StopRequest?

  /// How well the model classifies reviews, the same on all ranks.
  func report(_ reviews: Reviews) throws -> ClassificationReport {
    let (options, group) = (job.options, job.group)
    let sampler = try EvaluationSampler(
      count: reviews.count, worldSize: group.worldSize, rank: group.rank)
    model.eval()
    do {
      return try .evaluating(
        options.loader(reviews, sampler, paddingID: paddingID), on: group
      ) { batch in
        stopIfRequested()
        let logits = options.precision.precision.run(on: job.device) {
          model(batch.tokens.moved(to: job.device))
        }
        return (logits, batch.labels)
      }
    } catch {
      stopIfRequested()  // the others have stopped while this rank waited for them
      throw error
    }
  }

  private func stopIfRequested() {
    if stop?.isRequested == true { exit(StopRequest.exitCode) }
  }
}
