import Testing
import Torch

@testable import Transformers

/// The packed forward pass against the padded one.
@Suite(.serialized) struct PackingTests {
  @Test func packingDoesNotChangeLogitsAndGradients() throws {
    let model = try smallModel()
    model.eval()
    func run(_ isPacking: Bool) throws -> [[Float]] {
      model.bert.isPacking = isPacking
      model.zeroGrad()
      let logits = model(smallBatch())
      try crossEntropy(logits, Tensor([0, 2] as [Int64])).backward()
      return ([logits] + model.parameters.compactMap(\.grad)).map { $0.array(of: Float.self) }
    }
    let (packed, padded) = (try run(true), try run(false))
    #expect(packed.count == padded.count)
    for (a, b) in zip(packed.joined(), padded.joined()) { #expect(abs(a - b) < 1e-5) }
  }

  /// A sequence's dropped elements do not depend on how far it is padded.
  @Test func paddingChangesNoBitUnderDropout() throws {
    let model = try smallModel()
    model.bert.isPacking = true
    let batch = smallBatch()
    let mask = try #require(batch.attentionMask)
    let longer = TokenBatch(
      inputIDs: Tensor.concatenate(
        [batch.inputIDs, Tensor(zeros: [2, 3], dtype: .int64)], along: 1),
      attentionMask: Tensor.concatenate([mask, Tensor(zeros: [2, 3], dtype: .bool)], along: 1))
    func run(_ batch: TokenBatch) -> [Float] {
      manualSeed(7)
      return withoutGradients { model(batch) }.array(of: Float.self)
    }
    #expect(run(batch) == run(longer))
  }

  /// As it is on its way to a GPU: what was packed is taken, until the batch is changed.
  @Test func aBatchThatWasPackedBeforeIsTakenAsItIs() throws {
    let model = try smallModel()
    model.eval()
    model.bert.isPacking = true
    var batch = smallBatch()
    #expect(batch.moved(to: .cpu).packed == nil, "only the model knows whether to pack")
    let logits = model(batch).array(of: Float.self)
    batch.packed = PackedTokens(batch)?.moved(to: .cpu)
    #expect(batch.moved(to: .cpu).packed != nil)
    #expect(model(batch).array(of: Float.self) == logits)
    batch.inputIDs = Tensor((1...10).map { Int64($0) }, shape: [2, 5])
    #expect(batch.packed == nil)
    #expect(model(batch).array(of: Float.self) != logits)
  }

  @Test func onlyFirstTokensAreLeft() throws {
    let alone = try #require(PackedTokens(smallBatch())).firstsAlone
    #expect(alone.inputIDs.array(of: Int64.self) == [2, 2])
    #expect(alone.positions.array(of: Int64.self) == [0, 0])
    #expect(alone.boundaries.array(of: Int64.self) == [0, 1, 2])
    #expect(alone.firsts.array(of: Int64.self) == [0, 1])
  }

  @Test func aMaskedFirstTokenIsNotPacked() throws {
    var batch = smallBatch()
    batch.attentionMask = Tensor([Bool](repeating: false, count: 10), shape: [2, 5])
    #expect(PackedTokens(batch)?.boundaries == nil)
    batch.attentionMask = nil
    #expect(PackedTokens(batch)?.boundaries.array(of: Int64.self) == [0, 5, 10])
  }
}
