internal import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences, D hidden size.

/// The sum of word, position and segment embeddings, with LayerNorm and dropout applied.
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
        uninitialized: configuration.vocabularySize, size,
        paddingIdx: configuration.paddingToken),
      as: "word_embeddings")
    _positions = Named(
      Embedding(uninitialized: configuration.maxPositions, size), as: "position_embeddings")
    _tokenTypes = Named(
      Embedding(uninitialized: configuration.tokenTypeCount, size), as: "token_type_embeddings")
    _norm = Named(LayerNorm(size, eps: configuration.layerNormEpsilon), as: "LayerNorm")
    dropout = Dropout(configuration.hiddenDropout)
  }

  /// Returns `[B, S, D]`.
  func forward(_ tokens: PaddedTokens) throws -> Tensor {
    let tokenCount = tokens.inputIDs.shape[1]
    // Add in Hugging Face's order. Another order would change the rounding and the order in which
    // gradients are accumulated.
    let sumBSD =
      try words(tokens.inputIDs) + segment(tokens.tokenTypeIDs)
      + positions.weight.narrow(dim: 0, start: 0, length: tokenCount)
    return try dropout(norm(sumBSD))
  }

  /// Returns `[T, D]`.
  func packed(_ tokens: PackedTokens) throws -> Tensor {
    let sumTD =
      try words(tokens.inputIDs) + segment(tokens.tokenTypeIDs) + positions(tokens.positions)
    return try dropout.packed(norm(sumTD), boundaries: tokens.sequences.boundaries)
  }

  private func segment(_ tokenTypeIDs: Tensor?) throws -> Tensor {
    try tokenTypeIDs.map { try tokenTypes($0) }
      ?? tokenTypes.weight.narrow(dim: 0, start: 0, length: 1)
  }
}
