import DataLoading
import Torch
import Transformers

/// A review as the model reads it, and whether it is good.
struct Review: Sendable {
  var tokens: [Int32]
  var label: Int
}

/// Reviews of equal length, ready for the model.
struct ReviewBatch: Sendable {
  var tokens: TokenBatch
  var labels: Tensor
  var count: Int { labels.count }

  /// Pads reviews and makes tensors of them.
  init(_ reviews: [Review], paddingID: Int32, to length: PaddedLength) throws {
    let ids = try PaddedRows<Int64>(reviews.map(\.tokens), padding: paddingID, to: length)
    let isPadded = reviews.contains { $0.tokens.count < ids.columns }
    let mask = reviews.flatMap { review in
      (0..<ids.columns).map { $0 < review.tokens.count }
    }
    tokens = TokenBatch(
      inputIDs: Tensor(ids.values, shape: ids.shape),
      attentionMask: isPadded ? Tensor(mask, shape: ids.shape) : nil)
    labels = Tensor(reviews.map { Int64($0.label) })
  }
}

/// Reads and tokenizes one half of the data set.
func loadReviews(
  _ name: String, samples: Int?, options: Options, tokenizer: WordPieceTokenizer
) throws -> InMemoryDataset<Review> {
  let table = try DelimitedTable(contentsOf: "\(options.data)/\(name).csv")
  let texts = try table.texts(ofColumn: "text")
  let labels = try table.labels(ofColumn: "label", using: LabelMap(["0", "1"]))
  if let samples, samples > texts.count {
    throw JobError(
      description: "\(samples) reviews asked for, but '\(table.path)' has \(texts.count)")
  }
  let chosen =
    samples.map { Array(randomPermutation(texts.count, seed: options.seed).prefix($0)) }
    ?? Array(texts.indices)
  return InMemoryDataset(
    chosen.map { row in
      Review(
        tokens: tokenizer.encode(texts[row], maxLength: options.maxLength).ids, label: labels[row])
    })
}
