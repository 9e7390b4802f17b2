import Torch

nonisolated(unsafe) let attentionCalls: [String: ModuleFactory] = [
  "MultiheadAttention": { given in
    let attention = MultiheadAttention(
      try given.int(0, "embed_dim"), try given.int(1, "num_heads"),
      dropout: try given.double(2, "dropout", default: 0),
      bias: try given.bool(3, "bias", default: true),
      addBiasKV: try given.bool(4, "add_bias_kv", default: false),
      addZeroAttn: try given.bool(5, "add_zero_attn", default: false),
      kdim: try given.optionalInt(6, "kdim"), vdim: try given.optionalInt(7, "vdim"),
      batchFirst: try given.bool(8, "batch_first", default: false))
    return ModuleCall(attention) { attention, inputs in
      let (output, weights) = try attention(
        inputs.tensor(0, "query"), inputs.tensor(1, "key"), inputs.tensor(2, "value"),
        keyPaddingMask: inputs.optionalTensor(3, "key_padding_mask"),
        needWeights: inputs.bool(4, "need_weights", default: true),
        attnMask: inputs.optionalTensor(5, "attn_mask"),
        averageAttnWeights: inputs.bool(6, "average_attn_weights", default: true),
        isCausal: inputs.bool(7, "is_causal", default: false))
      return [output] + [weights].compactMap { $0 }
    }
  },
  "TransformerEncoderLayer": { given in
    let layer = try LayerArguments(given)
    return ModuleCall(
      TransformerEncoderLayer(
        dModel: layer.dModel, nhead: layer.nhead, dimFeedforward: layer.dimFeedforward,
        dropout: layer.dropout, activation: layer.activation, layerNormEps: layer.layerNormEps,
        batchFirst: layer.batchFirst, normFirst: layer.normFirst, bias: layer.bias)
    ) { layer, inputs in
      [
        try layer(
          inputs.tensor(0, "src"), srcMask: inputs.optionalTensor(1, "src_mask"),
          srcKeyPaddingMask: inputs.optionalTensor(2, "src_key_padding_mask"),
          isCausal: inputs.bool(3, "is_causal", default: false))
      ]
    }
  },
  "TransformerDecoderLayer": { given in
    let layer = try LayerArguments(given)
    return ModuleCall(
      TransformerDecoderLayer(
        dModel: layer.dModel, nhead: layer.nhead, dimFeedforward: layer.dimFeedforward,
        dropout: layer.dropout, activation: layer.activation, layerNormEps: layer.layerNormEps,
        batchFirst: layer.batchFirst, normFirst: layer.normFirst, bias: layer.bias)
    ) { layer, inputs in
      [
        try layer(
          inputs.tensor(0, "tgt"), inputs.tensor(1, "memory"),
          tgtMask: inputs.optionalTensor(2, "tgt_mask"),
          memoryMask: inputs.optionalTensor(3, "memory_mask"),
          tgtKeyPaddingMask: inputs.optionalTensor(4, "tgt_key_padding_mask"),
          memoryKeyPaddingMask: inputs.optionalTensor(5, "memory_key_padding_mask"),
          tgtIsCausal: inputs.bool(6, "tgt_is_causal", default: false),
          memoryIsCausal: inputs.bool(7, "memory_is_causal", default: false))
      ]
    }
  },
  "TransformerEncoder": { given in
    guard let layer = try given.module(0, "encoder_layer") as? TransformerEncoderLayer else {
      throw Mismatch(description: "encoder_layer is another module")
    }
    let encoder = TransformerEncoder(
      layer, numLayers: try given.int(1, "num_layers"), norm: try given.norm(2))
    return ModuleCall(encoder) { encoder, inputs in
      [
        try encoder(
          inputs.tensor(0, "src"), mask: inputs.optionalTensor(1, "mask"),
          srcKeyPaddingMask: inputs.optionalTensor(2, "src_key_padding_mask"),
          isCausal: inputs.optionalBool(3, "is_causal"))
      ]
    }
  },
  "TransformerDecoder": { given in
    guard let layer = try given.module(0, "decoder_layer") as? TransformerDecoderLayer else {
      throw Mismatch(description: "decoder_layer is another module")
    }
    let decoder = TransformerDecoder(
      layer, numLayers: try given.int(1, "num_layers"), norm: try given.norm(2))
    return ModuleCall(decoder) { decoder, inputs in
      [
        try decoder(
          inputs.tensor(0, "tgt"), inputs.tensor(1, "memory"),
          tgtMask: inputs.optionalTensor(2, "tgt_mask"),
          memoryMask: inputs.optionalTensor(3, "memory_mask"),
          tgtKeyPaddingMask: inputs.optionalTensor(4, "tgt_key_padding_mask"),
          memoryKeyPaddingMask: inputs.optionalTensor(5, "memory_key_padding_mask"),
          tgtIsCausal: inputs.optionalBool(6, "tgt_is_causal"),
          memoryIsCausal: inputs.bool(7, "memory_is_causal", default: false))
      ]
    }
  },
  "Transformer": { given in
    let model = Transformer(
      dModel: try given.int(0, "d_model", default: 512),
      nhead: try given.int(1, "nhead", default: 8),
      numEncoderLayers: try given.int(2, "num_encoder_layers", default: 6),
      numDecoderLayers: try given.int(3, "num_decoder_layers", default: 6),
      dimFeedforward: try given.int(4, "dim_feedforward", default: 2048),
      dropout: try given.double(5, "dropout", default: 0.1), activation: try given.activation(6),
      layerNormEps: try given.double(9, "layer_norm_eps", default: 1e-5),
      batchFirst: try given.bool(10, "batch_first", default: false),
      normFirst: try given.bool(11, "norm_first", default: false),
      bias: try given.bool(12, "bias", default: true))
    return ModuleCall(model) { model, inputs in
      [
        try model(
          inputs.tensor(0, "src"), inputs.tensor(1, "tgt"),
          srcMask: inputs.optionalTensor(2, "src_mask"),
          tgtMask: inputs.optionalTensor(3, "tgt_mask"),
          memoryMask: inputs.optionalTensor(4, "memory_mask"),
          srcKeyPaddingMask: inputs.optionalTensor(5, "src_key_padding_mask"),
          tgtKeyPaddingMask: inputs.optionalTensor(6, "tgt_key_padding_mask"),
          memoryKeyPaddingMask: inputs.optionalTensor(7, "memory_key_padding_mask"),
          srcIsCausal: inputs.optionalBool(8, "src_is_causal"),
          tgtIsCausal: inputs.optionalBool(9, "tgt_is_causal"),
          memoryIsCausal: inputs.bool(10, "memory_is_causal", default: false))
      ]
    }
  },
]

/// The arguments of a Transformer layer.
private struct LayerArguments {
  var dModel: Int
  var nhead: Int
  var dimFeedforward: Int
  var dropout: Double
  var activation: TransformerActivation
  var layerNormEps: Double
  var batchFirst: Bool
  var normFirst: Bool
  var bias: Bool

  init(_ given: Arguments) throws {
    dModel = try given.int(0, "d_model")
    nhead = try given.int(1, "nhead")
    dimFeedforward = try given.int(2, "dim_feedforward", default: 2048)
    dropout = try given.double(3, "dropout", default: 0.1)
    activation = try given.activation(4)
    layerNormEps = try given.double(5, "layer_norm_eps", default: 1e-5)
    batchFirst = try given.bool(6, "batch_first", default: false)
    normFirst = try given.bool(7, "norm_first", default: false)
    bias = try given.bool(8, "bias", default: true)
  }
}

extension Arguments {
  /// An activation that PyTorch knows by name, or a module.
  fileprivate func activation(_ index: Int) throws -> TransformerActivation {
    guard let given = value(index, "activation") else { return .relu }
    switch given.stringValue ?? given["function"]?.stringValue {
    case "relu": return .relu
    case "gelu": return .gelu
    case nil:
      guard let module = try module(index, "activation") as? any Module<Tensor, Tensor> else {
        throw Mismatch(description: "the activation is not a module of one tensor")
      }
      return .module(module)
    case let name?: throw Mismatch(description: "the activation \(name) is unknown")
    }
  }

  /// The normalization of a stack of layers, or `nil`.
  fileprivate func norm(_ index: Int) throws -> (any Module<Tensor, Tensor>)? {
    guard let given = value(index, "norm"), !given.isNone else { return nil }
    guard let norm = try module(index, "norm") as? any Module<Tensor, Tensor> else {
      throw Mismatch(description: "norm is not a module of one tensor")
    }
    return norm
  }
}
