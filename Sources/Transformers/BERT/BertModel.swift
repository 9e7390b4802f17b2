internal import Torch

/// The encoder and its pooler, with Hugging Face's parameter names.
///
/// Devlin et al. 2019, "BERT".
final class BertModel: Module {
  let embeddings: BertEmbeddings
  let encoder: BertEncoder
  let pooler: BertPooler
  private let paddingToken: Int

  init(_ configuration: BertConfiguration) {
    embeddings = BertEmbeddings(configuration)
    encoder = BertEncoder(configuration)
    pooler = BertPooler(configuration)
    paddingToken = configuration.paddingToken
  }

  /// Returns the pooled first token, `[batch, hiddenSize]`.
  func forward(_ batch: TokenBatch) throws -> Tensor {
    if isPacking ?? prefersPackedSequences(on: batch.device), let tokens = batch.packed {
      let input = BertLayerInput(
        hidden: try embeddings.packed(tokens), layout: .packed(tokens.sequences),
        isFirstTokenOnly: true)
      return try pooler(encoder(input))
    }
    let tokens = batch.padded(with: paddingToken)
    let mask = tokens.attentionMask?.unsqueeze(dim: 1).unsqueeze(dim: 1)
    let input = BertLayerInput(hidden: try embeddings(tokens), layout: .padded(mask: mask))
    return try pooler(encoder(input).select(dim: 1, index: 0))
  }

  /// See ``BertForSequenceClassification/isPacking``.
  var isPacking: Bool?
}

/// The encoder layers, in sequence.
final class BertEncoder: Module {
  let layer: [BertLayer]

  init(_ configuration: BertConfiguration) {
    layer = (0..<configuration.layerCount).map { _ in BertLayer(configuration) }
  }

  func forward(_ input: BertLayerInput) throws -> Tensor {
    // The pooler reads only the first token, so the last layer computes only that token.
    try layer.enumerated().reduce(input.hidden) { hidden, next in
      try next.element(
        BertLayerInput(
          hidden: hidden, layout: input.layout,
          isFirstTokenOnly: input.isFirstTokenOnly && next.offset == layer.count - 1))
    }
  }
}

/// A dense layer with tanh on the first token.
final class BertPooler: Module {
  let dense: Linear

  init(_ configuration: BertConfiguration) {
    dense = Linear(uninitialized: configuration.hiddenSize, configuration.hiddenSize)
  }

  func forward(_ firstBD: Tensor) throws -> Tensor { try dense(firstBD).tanh() }
}
