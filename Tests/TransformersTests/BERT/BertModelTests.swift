import Testing
import Torch
import Transformers

@Suite(.serialized) struct BertModelTests {
  @Test func parameterNamesAndShapesEqualHuggingFaces() throws {
    let state = try smallModel().stateDict.mapValues(\.shape)
    #expect(state["bert.embeddings.word_embeddings.weight"] == [20, 8])
    #expect(state["bert.embeddings.position_embeddings.weight"] == [10, 8])
    #expect(state["bert.embeddings.token_type_embeddings.weight"] == [2, 8])
    #expect(state["bert.embeddings.LayerNorm.weight"] == [8])
    for layer in 0..<2 {
      let prefix = "bert.encoder.layer.\(layer)"
      for part in ["query", "key", "value"] {
        #expect(state["\(prefix).attention.self.\(part).weight"] == [8, 8])
        #expect(state["\(prefix).attention.self.\(part).bias"] == [8])
      }
      #expect(state["\(prefix).attention.output.dense.weight"] == [8, 8])
      #expect(state["\(prefix).attention.output.LayerNorm.bias"] == [8])
      #expect(state["\(prefix).intermediate.dense.weight"] == [12, 8])
      #expect(state["\(prefix).output.dense.weight"] == [8, 12])
      #expect(state["\(prefix).output.LayerNorm.weight"] == [8])
    }
    #expect(state["bert.pooler.dense.weight"] == [8, 8])
    #expect(state["classifier.weight"] == [3, 8])
    #expect(state["classifier.bias"] == [3])
    #expect(state.count == 5 + 2 * 16 + 4)
  }

  @Test func logitsHaveOneRowPerSequence() throws {
    let model = try smallModel()
    model.eval()
    #expect(try noGrad { try model(smallBatch()) }.shape == [2, 3])
  }

  /// Neither the tokens in the padding nor its length change the logits.
  @Test func paddingDoesNotChangeTheLogits() throws {
    let model = try smallModel()
    model.eval()
    let padded = try noGrad { try model(smallBatch()) }.array(of: Float.self)
    let alone = try noGrad {
      try model(TokenBatch(inputIDs: Tensor([2, 8, 3] as [Int64], shape: [1, 3])))
    }.array(of: Float.self)
    for (a, b) in zip(padded[3...], alone) { #expect(abs(a - b) < 1e-6) }

    let other = smallBatch(ids: [2, 7, 9, 11, 3, 2, 8, 3, 5, 6])
    #expect(try noGrad { try model(other) }.array(of: Float.self) == padded)
  }

  @Test func segmentsChangeTheLogits() throws {
    let model = try smallModel()
    model.eval()
    let without = try noGrad { try model(smallBatch()) }.array(of: Float.self)
    let first = smallBatch(tokenTypeIDs: Tensor.zeros([2, 5], dtype: .int64))
    #expect(try noGrad { try model(first) }.array(of: Float.self) == without)
    let second = smallBatch(
      tokenTypeIDs: Tensor([Int64](repeating: 1, count: 10), shape: [2, 5]))
    #expect(try noGrad { try model(second) }.array(of: Float.self) != without)
  }

  @Test func everyParameterGetsAGradient() throws {
    let model = try smallModel()
    try crossEntropy(model(smallBatch()), Tensor([0, 2] as [Int64])).backward()
    for (name, parameter) in model.namedParameters {
      #expect(parameter.grad?.shape == parameter.shape, "\(name)")
    }
  }

  @Test func dropoutIsAppliedInTrainingOnly() throws {
    let model = try smallModel()
    let batch = smallBatch()
    let first = try noGrad { try model(batch) }.array(of: Float.self)
    #expect(try noGrad { try model(batch) }.array(of: Float.self) != first)
    model.eval()
    let second = try noGrad { try model(batch) }.array(of: Float.self)
    #expect(try noGrad { try model(batch) }.array(of: Float.self) == second)
  }

  @Test func randomWeightsAreDistributedLikeHuggingFaces() throws {
    let state = try smallModel().stateDict
    #expect(state["classifier.bias"]?.array(of: Float.self) == [0, 0, 0])
    #expect(
      state["bert.embeddings.LayerNorm.weight"]?.array(of: Float.self)
        == [Float](repeating: 1, count: 8))
    let words = try #require(state["bert.embeddings.word_embeddings.weight"])
    let padding = words.select(dim: 0, index: 0)
    #expect(padding.abs().max().item == 0, "the embedding of padding is zero")
    let variance = (words * words).mean().item * 20 / 19
    #expect((0.01...0.03).contains(variance.squareRoot()))
  }
}
