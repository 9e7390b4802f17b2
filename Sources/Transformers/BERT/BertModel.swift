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
    let mask = batch.attentionMask?.unsqueezed(at: 1).unsqueezed(at: 1)
    return pooler(encoder(BertLayerInput(hiddenBSD: embeddings(batch), mask: mask)))
  }
}

/// The layers, one after the other.
final class BertEncoder: Module {
  let layer: [BertLayer]

  init(_ configuration: BertConfiguration) {
    layer = (0..<configuration.layerCount).map { _ in BertLayer(configuration) }
  }

  func forward(_ input: BertLayerInput) -> Tensor {
    layer.reduce(input.hiddenBSD) { hiddenBSD, layer in
      layer(BertLayerInput(hiddenBSD: hiddenBSD, mask: input.mask))
    }
  }
}

/// A dense layer over the first token.
final class BertPooler: Module {
  let dense: Linear

  init(_ configuration: BertConfiguration) {
    dense = Linear(uninitialized: configuration.hiddenSize, configuration.hiddenSize)
  }

  func forward(_ hiddenBSD: Tensor) -> Tensor {
    dense(hiddenBSD.selected(along: 1, at: 0)).tanh()
  }
}
