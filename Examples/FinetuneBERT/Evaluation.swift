import Collectives
import DataLoading
import Foundation
import Torch
import Training
import Transformers

/// Evaluation shared out over the ranks: every review is counted once, whatever their number.
struct Evaluation {
  let job: Job
  let model: BertForSequenceClassification
  let paddingID: Int32
  /// There, if all is saved that is needed to go on.
  let stop: StopRequest?

  /// The exact share of reviews that the model classifies correctly, the same on all ranks.
  func accuracy(_ reviews: InMemoryDataset<Review>) throws -> Accuracy {
    let (options, group) = (job.options, job.group)
    let loader = try DataLoader(
      reviews,
      batches: BatchSampler(
        EvaluationSampler(count: reviews.count, worldSize: group.worldSize, rank: group.rank),
        batchSize: options.batchSize)
    ) { [paddingID] in
      try ReviewBatch(
        $0, paddingID: paddingID, to: options.padToMaxLength ? .fixed(options.maxLength) : .longest)
    }
    model.eval()
    var mine = Accuracy(correct: 0, total: 0)
    let batches = try loader.batches()
    while let batch = try batches.next() {
      if stop?.isRequested == true { exit(StopRequest.exitCode) }
      let predicted = withoutGradients {
        options.precision.precision.run(on: job.device) {
          model(batch.tokens.moved(to: job.device)).argmax(along: 1)
        }
      }
      mine.correct += Int(predicted.equal(to: batch.labels.moved(to: job.device)).sum().item)
      mine.total += batch.count
    }
    let sums = try group.allReduce([mine.correct, mine.total])
    return Accuracy(correct: sums[0], total: sums[1])
  }
}

/// How many samples were classified correctly, of how many.
struct Accuracy {
  var correct: Int
  var total: Int
  var value: Double { Double(correct) / Double(total) }
}
