import Foundation
import Lockstep

/// Tokenized reviews in a memory-mapped cache file.
typealias Reviews = CachedDataset<LabeledTokens>

/// Tokenizes a split of the data set, unless it is in the cache.
///
/// The first rank on each host tokenizes and writes the cache file; the others wait for it.
func loadReviews(
  _ texts: LabeledTexts, _ split: String, samples: Int?, options: Options,
  tokenizer: WordPieceTokenizer, isMain: Bool
) throws -> Reviews {
  if isMain { say(texts.summary) }
  if let samples, samples > texts.count {
    throw JobError(
      description: "the \(split) split of '\(options.data)' has \(texts.count) reviews, fewer than "
        + "the \(samples) requested: request fewer, or all")
  }
  let chosen =
    samples.map { Array(randomPermutation(texts.count, seed: options.seed).prefix($0)) }
    ?? Array(0..<texts.count)
  var key = try contentKey(of: texts, samples: samples, tokenizer: tokenizer, options: options)
  // Change this text whenever the tokenization of reviews changes.
  key.add("finetune-bert 2, at most \(options.maxLength) tokens")
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
      description: "\(error): free disk space, or pass a writable folder with --cache")
  }
}

/// Returns the fingerprint of the chosen reviews and of the tokenizer's files.
func contentKey(
  of texts: LabeledTexts, samples: Int?, tokenizer: WordPieceTokenizer, options: Options
) throws -> ContentKey {
  var key = try texts.contentKey()
  key.add(samples.map { "\($0) reviews, seed \(options.seed)" } ?? "all reviews")
  for path in tokenizer.sourcePaths { try key.add(fileAt: path) }
  return key
}

/// Token ids and labels of some reviews, ready for the model.
struct ReviewBatch: Sendable {
  var tokens: TokenBatch
  var labels: Tensor

  /// Packs reviews one after the other, without padding.
  init(packing reviews: [LabeledTokens]) throws {
    tokens = try TokenBatch(packing: reviews.map(\.ids))
    labels = Tensor(reviews.map { Int64($0.label) })
  }

  /// Pads reviews to `length` tokens.
  init(padding reviews: [LabeledTokens], to length: Int, with paddingID: Int32) throws {
    let ids = try PaddedRows<Int64>(reviews.map(\.ids), padding: paddingID, to: .fixed(length))
    let mask = reviews.flatMap { review in (0..<length).map { $0 < review.ids.count } }
    tokens = TokenBatch(
      inputIDs: Tensor(ids.values, shape: ids.shape),
      attentionMask: mask.contains(false) ? Tensor(mask, shape: ids.shape) : nil)
    labels = Tensor(reviews.map { Int64($0.label) })
  }
}

extension Options {
  /// Prefetches the batches that a sampler chooses.
  func loader<Indices: Sampler>(
    _ reviews: Reviews, _ sampler: Indices, paddingID: Int32
  ) throws -> DataLoader<Reviews, Indices, ReviewBatch> {
    try DataLoader(
      reviews, batches: BatchSampler(sampler, batchSize: batchSize), workers: workers,
      prefetch: 2 * workers
    ) { [padToMaxLength, maxLength] reviews in
      padToMaxLength
        ? try ReviewBatch(padding: reviews, to: maxLength, with: paddingID)
        : try ReviewBatch(packing: reviews)
    }
  }

  /// The folder of cached reviews.
  var cacheFolder: String {
    if let cache { return cache }
    let environment = ProcessInfo.processInfo.environment
    let caches = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
    return "\(caches)/lockstep/reviews"
  }
}
