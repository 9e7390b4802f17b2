internal import Torch

// Shapes in names: B batch, S tokens of a sequence, D hidden size, N heads, H size of a head.

/// What a layer needs: hidden vectors `[B, S, D]`, and which keys take part, bool `[B, 1, 1, S]`.
struct BertLayerInput {
  var hiddenBSD: Tensor
  var mask: Tensor?
}

/// One encoder layer: attention, then a feed-forward part, each added to its input and normalised.
final class BertLayer: Module {
  let attention: BertAttention
  let intermediate: BertIntermediate
  let output: BertOutput

  init(_ configuration: BertConfiguration) {
    attention = BertAttention(configuration)
    intermediate = BertIntermediate(configuration)
    output = BertOutput(configuration.intermediateSize, configuration)
  }

  func forward(_ input: BertLayerInput) -> Tensor {
    let attendedBSD = attention(input)
    return output((intermediate(attendedBSD), residual: attendedBSD))
  }
}

/// Attention and its output projection.
final class BertAttention: Module {
  @Named var attention: BertSelfAttention
  let output: BertOutput

  init(_ configuration: BertConfiguration) {
    _attention = Named(BertSelfAttention(configuration), as: "self")
    output = BertOutput(configuration.hiddenSize, configuration)
  }

  func forward(_ input: BertLayerInput) -> Tensor {
    output((attention(input), residual: input.hiddenBSD))
  }
}

/// Multi-head attention of a sequence with itself.
final class BertSelfAttention: Module {
  let query: Linear
  let key: Linear
  let value: Linear
  let dropout: Dropout
  private let headCount: Int

  init(_ configuration: BertConfiguration) {
    let size = configuration.hiddenSize
    headCount = configuration.headCount
    query = Linear(uninitialized: size, size)
    key = Linear(uninitialized: size, size)
    value = Linear(uninitialized: size, size)
    dropout = Dropout(configuration.attentionDropout)
  }

  func forward(_ input: BertLayerInput) -> Tensor {
    let shape = input.hiddenBSD.shape
    func heads(_ projectedBSD: Tensor) -> Tensor {
      projectedBSD.reshaped([shape[0], shape[1], headCount, shape[2] / headCount])
        .transposed(1, 2)
    }
    let contextBNSH = scaledDotProductAttention(
      query: heads(query(input.hiddenBSD)), key: heads(key(input.hiddenBSD)),
      value: heads(value(input.hiddenBSD)), mask: input.mask,
      dropout: dropout.effectiveProbability)
    return contextBNSH.transposed(1, 2).reshaped(shape)
  }
}

/// The first half of the feed-forward part: `[…, D]` to `[…, intermediateSize]`.
final class BertIntermediate: Module {
  let dense: Linear
  private let activation: BertActivation

  init(_ configuration: BertConfiguration) {
    dense = Linear(uninitialized: configuration.hiddenSize, configuration.intermediateSize)
    activation = configuration.activation
  }

  func forward(_ hiddenBSD: Tensor) -> Tensor { activation(dense(hiddenBSD)) }
}

/// Projects to the hidden size, adds the residual and normalises.
final class BertOutput: Module {
  let dense: Linear
  @Named var norm: LayerNorm
  let dropout: Dropout

  init(_ inputs: Int, _ configuration: BertConfiguration) {
    dense = Linear(uninitialized: inputs, configuration.hiddenSize)
    _norm = Named(
      LayerNorm(configuration.hiddenSize, epsilon: configuration.layerNormEpsilon), as: "LayerNorm")
    dropout = Dropout(configuration.hiddenDropout)
  }

  func forward(_ input: (Tensor, residual: Tensor)) -> Tensor {
    norm(dropout(dense(input.0)) + input.residual)
  }
}
