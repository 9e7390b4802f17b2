internal import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences, D hidden size,
// N heads, H size of a head.

/// The memory layout of hidden vectors.
enum BertLayout {
  /// `[B, S, D]`; the mask, bool `[B, 1, 1, S]`, is false for keys that are padding.
  case padded(mask: Tensor?)
  /// `[T, D]`, without padding.
  case packed(PackedSequences)
}

/// The input of a layer.
struct BertLayerInput {
  var hidden: Tensor
  var layout: BertLayout
  /// Whether the layer returns only the first token of each packed sequence, `[B, D]`.
  var isFirstTokenOnly = false

  /// The vectors of the tokens that the layer returns.
  var queries: Tensor {
    guard isFirstTokenOnly, case .packed(let sequences) = layout else { return hidden }
    return hidden.rows(sequences.firstRows)
  }

  /// The layout of ``queries`` and of the layer's output.
  var queryLayout: BertLayout {
    guard isFirstTokenOnly, case .packed(let sequences) = layout else { return layout }
    return .packed(sequences.firstRowsOnly)
  }
}

/// One encoder layer: attention and a feed-forward network, each with a residual and a LayerNorm.
final class BertLayer: Module {
  let attention: BertAttention
  let intermediate: BertIntermediate
  let output: BertOutput

  init(_ configuration: BertConfiguration) {
    attention = BertAttention(configuration)
    intermediate = BertIntermediate(configuration)
    output = BertOutput(configuration.intermediateSize, configuration)
  }

  func forward(_ input: BertLayerInput) throws -> Tensor {
    let attended = try attention(input)
    let layout = input.queryLayout
    return try output((intermediate((attended, layout)), residual: attended, layout))
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

  func forward(_ input: BertLayerInput) throws -> Tensor {
    let queries = input.queries
    let context = try attention((queries, input))
    return try output((context, residual: queries, input.queryLayout))
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

  /// Attends from `queries` to all tokens of their sequence.
  func forward(_ input: (queries: Tensor, all: BertLayerInput)) throws -> Tensor {
    let query = try query(input.queries)
    let hidden = input.all.hidden
    switch input.all.layout {
    case .padded(let mask):
      return padded(query, try key(hidden), try value(hidden), mask)
    case .packed(let sequences):
      return packedAttention(
        query: query, key: try key(hidden), value: try value(hidden),
        boundaries: sequences.boundaries, headCount: headCount,
        dropout: dropout.effectiveProbability)
    }
  }

  private func padded(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: Tensor?) -> Tensor {
    let shape = query.shape
    func heads(_ projectedBSD: Tensor) -> Tensor {
      projectedBSD.reshape([shape[0], shape[1], headCount, shape[2] / headCount])
        .transpose(1, 2)
    }
    let contextBNSH = scaledDotProductAttention(
      heads(query), heads(key), heads(value), attnMask: mask, dropoutP: dropout.effectiveProbability
    )
    return contextBNSH.transpose(1, 2).reshape(shape)
  }
}

/// The first half of the feed-forward network: maps `[…, D]` to `[…, intermediateSize]`.
final class BertIntermediate: Module {
  let dense: Linear
  private let activation: BertActivation

  init(_ configuration: BertConfiguration) {
    dense = Linear(uninitialized: configuration.hiddenSize, configuration.intermediateSize)
    activation = configuration.activation
  }

  func forward(_ input: (hidden: Tensor, layout: BertLayout)) throws -> Tensor {
    let raw = try dense(input.hidden)
    if case .packed = input.layout, activation == .gelu { return raw.packedGELU() }
    return activation(raw)
  }
}

/// Projects to the hidden size, adds the residual and applies LayerNorm.
final class BertOutput: Module {
  let dense: Linear
  @Named var norm: LayerNorm
  let dropout: Dropout

  init(_ inputs: Int, _ configuration: BertConfiguration) {
    dense = Linear(uninitialized: inputs, configuration.hiddenSize)
    _norm = Named(
      LayerNorm(configuration.hiddenSize, eps: configuration.layerNormEpsilon), as: "LayerNorm")
    dropout = Dropout(configuration.hiddenDropout)
  }

  func forward(_ input: (Tensor, residual: Tensor, layout: BertLayout)) throws -> Tensor {
    let projected = try dense(input.0)
    switch input.layout {
    case .padded:
      return try norm(dropout(projected) + input.residual)
    case .packed(let sequences):
      return norm.packed(
        projected, dropout: dropout, residual: input.residual, boundaries: sequences.boundaries)
    }
  }
}
