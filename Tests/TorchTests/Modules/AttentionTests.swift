import Testing
import Torch

@Suite struct AttentionTests {
  private func attention(_ batchFirst: Bool = true) -> MultiheadAttention {
    manualSeed(5)
    return MultiheadAttention(8, 2, batchFirst: batchFirst)
  }

  /// A key that is masked has no weight, and its value no influence.
  @Test func paddedKeysHaveNoInfluence() throws {
    let attention = attention()
    let query = Tensor.randn([1, 3, 8])
    let keys = Tensor.randn([1, 4, 8])
    let other = Tensor.cat([keys[.all, ..<3], Tensor.randn([1, 1, 8])], dim: 1)
    let mask = Tensor([false, false, false, true]).reshape([1, 4])
    let (output, weights) = try attention(query, keys, keys, keyPaddingMask: mask)
    let (same, _) = try attention(query, other, other, keyPaddingMask: mask)
    #expect(output.array(of: Float.self) == same.array(of: Float.self))
    let shares = try #require(weights)
    #expect(shares.shape == [1, 3, 4])
    #expect(shares[.ellipsis, 3].array(of: Float.self) == [0, 0, 0])
    for sum in shares.sum(dim: -1).array(of: Float.self) { #expect(abs(sum - 1) < 1e-6) }
  }

  /// The fused kernel and the explicit weights give the same output, with the causal mask and its
  /// hint, too.
  @Test func pathsAgree() throws {
    let attention = attention()
    let x = Tensor.randn([2, 5, 8])
    let causal = Transformer.generateSquareSubsequentMask(5)
    let (explicit, weights) = try attention(x, x, x, attnMask: causal, averageAttnWeights: false)
    #expect(weights?.shape == [2, 2, 5, 5])
    for isCausal in [false, true] {
      let (fused, none) = try attention(
        x, x, x, needWeights: false, attnMask: causal, isCausal: isCausal)
      #expect(none == nil)
      #expect((fused - explicit).abs().max().item < 1e-6)
    }
  }

  @Test func wrongInputsAreRefused() {
    let attention = attention()
    let x = Tensor.zeros([2, 5, 8])
    var causal = MultiheadAttention.Input(x, x, x)
    causal.isCausal = true
    var mask = MultiheadAttention.Input(x, x, x)
    mask.attnMask = Tensor.zeros([4, 5])
    var padding = MultiheadAttention.Input(x, x, x)
    padding.keyPaddingMask = Tensor.zeros([2, 5], dtype: .int64)
    let inputs: [(MultiheadAttention.Input, String)] = [
      (causal, "generateSquareSubsequentMask(5)"), (mask, "[5, 5] or [4, 5, 5]"),
      (padding, "keyPaddingMask has type int64"),
      (.init(x, x, Tensor.zeros([2, 4, 8])), "one value for each key"),
      (.init(x, Tensor.zeros([3, 5, 8]), Tensor.zeros([3, 5, 8])), "equal batches"),
    ]
    for (input, text) in inputs {
      let error = #expect(throws: TorchError.self) {
        try catchingTorchErrors { _ = try attention(input) }
      }
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
  }

  @Test func failureNamesThePathOfTheAttention() {
    let model = Transformer(
      dModel: 8, nhead: 2, numEncoderLayers: 2, numDecoderLayers: 1, dimFeedforward: 16)
    let x = Tensor.zeros([5, 1, 8])
    let error = #expect(throws: TorchError.self) {
      try catchingTorchErrors { _ = try model(x, x, srcMask: Tensor.zeros([4, 4])) }
    }
    #expect(
      error?.message.contains("encoder.layers.0.self_attn (MultiheadAttention of Transformer)")
        == true)
  }

  /// PyTorch copies the layer, so the layers begin equal and share nothing.
  @Test func layersAreCopies() throws {
    let layer = TransformerEncoderLayer(dModel: 8, nhead: 2, dimFeedforward: 16)
    layer.freeze { $0.hasPrefix("linear1") }
    layer.eval()
    let encoder = TransformerEncoder(layer, numLayers: 2, norm: LayerNorm(8))
    #expect(encoder.layers[0].stateDict.fingerprint == layer.stateDict.fingerprint)
    #expect(encoder.layers[1].stateDict.fingerprint == layer.stateDict.fingerprint)
    #expect(!encoder.layers[1].linear1.weight.requiresGrad)
    #expect(encoder.layers[1].linear2.weight.requiresGrad)
    #expect(!encoder.layers[0].dropout.isTraining && !encoder.layers[0].selfAttn.isTraining)
    #expect(encoder.namedParameters.map(\.name).last == "norm.bias")
    noGrad { encoder.layers[0].linear2.weight.fill_(0) }
    #expect(encoder.layers[1].linear2.weight.abs().max().item > 0)
  }

  @Test func activationMayBeAModuleOrAFunction() throws {
    let layer = TransformerEncoderLayer(
      dModel: 4, nhead: 2, dimFeedforward: 8, dropout: 0, activation: .module(Linear(8, 8)))
    let names = layer.namedParameters.map(\.name)
    #expect(names.suffix(2) == ["activation.weight", "activation.bias"])
    let function = TransformerEncoderLayer(
      dModel: 4, nhead: 2, dimFeedforward: 8, dropout: 0, activation: .function { $0 * 0 })
    noGrad { function.linear2.bias?.fill_(0) }
    let x = Tensor.randn([3, 4])
    // The linear layers add nothing, so the second normalization has a normalized input.
    let attended = try function.norm1(x + function.selfAttn(x, x, x).output)
    #expect((try function(x) - attended).abs().max().item < 1e-4)
  }
}
