internal import Torch

/// The encoder with its pooler, under Hugging Face's parameter names.
///
/// Devlin et al. 2019, "BERT".
final class BertModel: Module {
  let embeddings: BertEmbeddings
  let encoder: BertEncoder
  let pooler: BertPooler

  init(_ configuration: BertConfiguration) {
    embeddings = BertEmbeddings(configuration)
    encoder = BertEncoder(configuration)
    pooler = BertPooler(configuration)
  }

  /// Returns the pooled first token, `[batch, hiddenSize]`.
  func forward(_ batch: TokenBatch) -> Tensor {
    if isPacking ?? prefersPackedSequences(on: batch.inputIDs.device),
      let packed = batch.packed ?? PackedTokens(batch)
    {
      return pooler(
        encoder(
          BertLayerInput(
            hidden: embeddings.packed(packed), layout: .packed(packed), isFirstOnly: true)))
    }
    let mask = batch.attentionMask?.unsqueezed(at: 1).unsqueezed(at: 1)
    let input = BertLayerInput(hidden: embeddings(batch), layout: .padded(mask: mask))
    return pooler(encoder(input).selected(along: 1, at: 0))
  }

  /// Whether padding is left out, on the CPU with this package's own kernels: the same function; `nil` where
  /// that is faster.
  var isPacking: Bool?
}

/// The layers, one after the other.
final class BertEncoder: Module {
  let layer: [BertLayer]

  init(_ configuration: BertConfiguration) {
    layer = (0..<configuration.layerCount).map { _ in BertLayer(configuration) }
  }

  func forward(_ input: BertLayerInput) -> Tensor {
    // What only the first tokens are asked of is the last layer; it needs all that the others give.
    layer.enumerated().reduce(input.hidden) { hidden, next in
      next.element(
        BertLayerInput(
          hidden: hidden, layout: input.layout,
          isFirstOnly: input.isFirstOnly && next.offset == layer.count - 1))
    }
  }
}

/// A dense layer over the first token.
final class BertPooler: Module {
  let dense: Linear

  init(_ configuration: BertConfiguration) {
    dense = Linear(uninitialized: configuration.hiddenSize, configuration.hiddenSize)
  }

  func forward(_ firstBD: Tensor) -> Tensor { dense(firstBD).tanh() }
}
