internal import Torch

// Shapes in names: B batch, S tokens of a sequence, D hidden size, N heads, H size of a head.

/// Word, position and segment vectors, summed, normalised, and thinned out in training.
final class BertEmbeddings: Module {
  @Named var words: Embedding
  @Named var positions: Embedding
  @Named var tokenTypes: Embedding
  @Named var norm: LayerNorm
  let dropout: Dropout

  init(_ configuration: BertConfiguration) {
    let size = configuration.hiddenSize
    _words = Named(
      Embedding(
        uninitialized: configuration.vocabularySize, size, paddingIndex: configuration.paddingToken),
      as: "word_embeddings")
    _positions = Named(
      Embedding(uninitialized: configuration.maxPositions, size), as: "position_embeddings")
    _tokenTypes = Named(
      Embedding(uninitialized: configuration.tokenTypeCount, size), as: "token_type_embeddings")
    _norm = Named(LayerNorm(size, epsilon: configuration.layerNormEpsilon), as: "LayerNorm")
    dropout = Dropout(configuration.hiddenDropout)
  }

  /// Returns `[B, S, D]`.
  func forward(_ batch: TokenBatch) -> Tensor {
    let tokenCount = batch.inputIDs.shape[1]
    // The order is Hugging Face's, so that the bits are, and the order in which gradients come.
    let sumBSD =
      words(batch.inputIDs) + segment(batch.tokenTypeIDs)
      + positions.weight.narrowed(along: 0, to: 0..<tokenCount)
    return dropout(norm(sumBSD))
  }

  /// Returns `[T, D]`.
  func packed(_ batch: PackedTokens) -> Tensor {
    let sumTD =
      words(batch.inputIDs) + segment(batch.tokenTypeIDs) + positions(batch.positions)
    return dropout.packed(norm(sumTD), boundaries: batch.boundaries)
  }

  private func segment(_ tokenTypeIDs: Tensor?) -> Tensor {
    tokenTypeIDs.map { tokenTypes($0) } ?? tokenTypes.weight.narrowed(along: 0, to: 0..<1)
  }
}
