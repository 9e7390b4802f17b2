import DataLoading
import Foundation
import Tokenizers
import Transformers

// Reads, tokenizes and caches reviews as finetune-bert does, or maps the cache of an earlier run:
//
//   PrepareReviews MODEL DATA SPLIT CACHE
//
// Prints one JSON object: the number of reviews, the number of tokens, and the seconds from the
// program's start until the data is ready, without the time to count tokens.

let clock = ContinuousClock()
let start = clock.now
let arguments = CommandLine.arguments
guard arguments.count == 5 else { fatalError("usage: PrepareReviews MODEL DATA SPLIT CACHE") }
let tokenizer = try WordPieceTokenizer(contentsOf: arguments[1])
let texts = try LabeledTexts(at: arguments[2], split: arguments[3], classes: ["neg", "pos"])
let reviews = try texts.map(cachedIn: arguments[4], key: texts.contentKey()) { review in
  LabeledTokens(ids: tokenizer.encode(review.text, maxLength: 512).ids, label: review.label)
}
let seconds = (clock.now - start) / .seconds(1)
let tokens = try (0..<reviews.count).reduce(0) { $0 + (try reviews[$1].ids.count) }
print("{\"reviews\": \(reviews.count), \"tokens\": \(tokens), \"seconds\": \(seconds)}")
