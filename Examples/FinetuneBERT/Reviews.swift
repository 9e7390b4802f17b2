import Foundation
import Lockstep

/// Token ids of reviews, mapped from a file that an earlier run or the first rank made.
typealias Reviews = CachedDataset<LabeledTokens>

/// Opens one half of the data set, tokenized.
///
/// The first rank on each machine tokenizes, the others wait for it.
func loadReviews(
  _ split: String, samples: Int?, options: Options, tokenizer: WordPieceTokenizer, isMain: Bool
) throws -> Reviews {
  let texts = try LabeledTexts(at: options.data, split: split, classes: ["neg", "pos"])
  if isMain { say(texts.summary) }
  if let samples, samples > texts.count {
    throw JobError(
      description: "\(samples) reviews asked for, but the \(split) half of '\(options.data)' has "
        + "\(texts.count)")
  }
  let chosen =
    samples.map { Array(randomPermutation(texts.count, seed: options.seed).prefix($0)) }
    ?? Array(0..<texts.count)
  var key = try texts.contentKey()
  // Whoever changes how reviews become numbers changes this text.
  key.add("finetune-bert 1, at most \(options.maxLength) tokens")
  key.add(samples.map { "\($0) reviews, seed \(options.seed)" } ?? "all reviews")
  for name in ["vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"] {
    let path = "\(options.model)/\(name)"
    if FileManager.default.fileExists(atPath: path) { try key.add(fileAt: path) }
  }
  do {
    return try InMemoryDataset(chosen).map(
      cachedIn: options.cacheFolder, key: key, timeout: .seconds(options.timeout),
      progress: ProgressBar.callback("tokenizing \(split)", unit: "reviews")
    ) { row in
      let review = try texts[row]
      return LabeledTokens(
        ids: tokenizer.encode(review.text, maxLength: options.maxLength).ids, label: review.label)
    }
  } catch let error as DataLoadingError where error.code == .fileUnwritable {
    throw JobError(
      description: "\(error); make room there, or name a folder that can be written with --cache")
  }
}

/// Reviews of equal length, ready for the model.
struct ReviewBatch: Sendable {
  var tokens: TokenBatch
  var labels: Tensor

  /// Pads reviews and makes tensors of them.
  init(_ reviews: [LabeledTokens], paddingID: Int32, to length: PaddedLength) throws {
    let ids = try PaddedRows<Int64>(reviews.map(\.ids), padding: paddingID, to: length)
    let isPadded = reviews.contains { $0.ids.count < ids.columns }
    let mask = reviews.flatMap { review in
      (0..<ids.columns).map { $0 < review.ids.count }
    }
    tokens = TokenBatch(
      inputIDs: Tensor(ids.values, shape: ids.shape),
      attentionMask: isPadded ? Tensor(mask, shape: ids.shape) : nil)
    labels = Tensor(reviews.map { Int64($0.label) })
  }
}

extension Options {
  /// The batches that a sampler chooses, made ahead.
  func loader<Indices: Sampler>(
    _ reviews: Reviews, _ sampler: Indices, paddingID: Int32
  ) throws -> DataLoader<Reviews, Indices, ReviewBatch> {
    let length: PaddedLength = padToMaxLength ? .fixed(maxLength) : .longest
    return try DataLoader(
      reviews, batches: BatchSampler(sampler, batchSize: batchSize), workers: workers,
      prefetch: 2 * workers
    ) {
      try ReviewBatch($0, paddingID: paddingID, to: length)
    }
  }

  /// Where tokenized reviews are kept.
  var cacheFolder: String {
    if let cache { return cache }
    let environment = ProcessInfo.processInfo.environment
    let caches = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
    return "\(caches)/lockstep/reviews"
  }
}
