import Testing
import Torch
import Transformers

/// Compares the packed forward pass with the padded one.
@Suite(.serialized) struct PackingTests {
  @Test func packingDoesNotChangeLogitsAndGradients() throws {
    let model = try smallModel()
    model.eval()
    func run(_ isPacking: Bool) throws -> [[Float]] {
      model.isPacking = isPacking
      model.zeroGrad()
      let logits = try model(smallBatch())
      try crossEntropy(logits, Tensor([0, 2] as [Int64])).backward()
      return ([logits] + model.parameters.compactMap(\.grad)).map { $0.array(of: Float.self) }
    }
    let packed = try run(true)
    let padded = try run(false)
    #expect(packed.count == padded.count)
    for (a, b) in zip(packed.joined(), padded.joined()) { #expect(abs(a - b) < 1e-5) }
  }

  /// Which elements dropout drops does not depend on the padding.
  @Test func paddingDoesNotChangeDropout() throws {
    let model = try smallModel()
    model.isPacking = true
    let batch = smallBatch()
    let tokens = batch.padded(with: 0)
    let mask = try #require(tokens.attentionMask)
    let longer = TokenBatch(
      inputIDs: Tensor.cat([tokens.inputIDs, Tensor.zeros([2, 3], dtype: .int64)], dim: 1),
      attentionMask: Tensor.cat([mask, Tensor.zeros([2, 3], dtype: .bool)], dim: 1))
    func run(_ batch: TokenBatch) throws -> [Float] {
      manualSeed(7)
      return try noGrad { try model(batch) }.array(of: Float.self)
    }
    #expect(try run(batch) == run(longer))
  }

  /// The model uses the packed form that was computed before a padded batch left the CPU.
  @Test func packedFormOfAPaddedBatchIsReused() throws {
    let model = try smallModel()
    model.eval()
    model.isPacking = true
    var tokens = smallBatch().padded(with: 0)
    #expect(tokens.to(.cpu).packedBefore == nil, "only the model knows whether to pack")
    let logits = try model(smallBatch()).array(of: Float.self)
    tokens.packedBefore = PackedTokens(tokens)?.to(.cpu)
    #expect(tokens.to(.cpu).packedBefore != nil)
    #expect(try model(TokenBatch(.padded(tokens))).array(of: Float.self) == logits)
    let other = TokenBatch(inputIDs: Tensor((1...10).map { Int64($0) }, shape: [2, 5]))
    tokens.packedBefore = other.packed
    #expect(try model(TokenBatch(.padded(tokens))).array(of: Float.self) != logits)
  }

  @Test func packedAndPaddedBatchesGiveEqualBits() throws {
    let model = try smallModel()
    let packed = try TokenBatch(packing: [[2, 7, 9, 11, 3], [2, 8, 3]])
    for isPacking in [true, false] {
      model.isPacking = isPacking
      func run(_ batch: TokenBatch) throws -> [[Float]] {
        manualSeed(7)
        model.zeroGrad()
        let logits = try model(batch)
        try crossEntropy(logits, Tensor([0, 2] as [Int64])).backward()
        return ([logits] + model.parameters.compactMap(\.grad)).map { $0.array(of: Float.self) }
      }
      #expect(try run(packed) == run(smallBatch()))
      #expect(try run(packed.to(.cpu)) == run(packed))
    }
  }

  @Test func packingConcatenatesSequences() throws {
    let tokens = try #require(
      TokenBatch(packing: [[2, 7, 3], [2, 3]], tokenTypeIDs: [[0, 1, 1], [0, 0]]).packed)
    #expect(tokens.inputIDs.array(of: Int64.self) == [2, 7, 3, 2, 3])
    #expect(tokens.tokenTypeIDs?.array(of: Int64.self) == [0, 1, 1, 0, 0])
    #expect(tokens.positions.array(of: Int64.self) == [0, 1, 2, 0, 1])
    #expect(tokens.sequences.boundaries.array(of: Int64.self) == [0, 3, 5])
    #expect(tokens.sequences.firstRows.array(of: Int64.self) == [0, 3])
  }

  @Test func packedBatchIsPaddedWherePaddingIsFaster() throws {
    let batch = try TokenBatch(
      packing: [[2, 7, 3], [2, 3]], tokenTypeIDs: [[0, 1, 1], [0, 1]])
    let tokens = batch.padded(with: 9)
    #expect(tokens.inputIDs.shape == [2, 3])
    #expect(tokens.inputIDs.array(of: Int64.self) == [2, 7, 3, 2, 3, 9])
    #expect(tokens.tokenTypeIDs?.array(of: Int64.self) == [0, 1, 1, 0, 1, 0])
    let mask = try #require(tokens.attentionMask)
    #expect(mask.shape == [2, 3])
    #expect(mask.array(of: Bool.self) == [true, true, true, true, true, false])

    let equal = try TokenBatch(packing: [[2, 7], [2, 3]]).padded(with: 9)
    #expect(equal.inputIDs.shape == [2, 2])
    #expect(equal.inputIDs.array(of: Int64.self) == [2, 7, 2, 3])
    #expect(equal.attentionMask == nil)
  }

  @Test(
    arguments: [
      ([], nil, "at least one sequence"),
      ([[2, 3], []], nil, "sequence 1 of the batch is empty"),
      ([[2, 3]], [], "1 sequences have tokenTypeIDs for 0"),
      ([[2, 3]], [[0]], "2 tokens but 1 tokenTypeIDs"),
    ] as [([[Int32]], [[Int32]]?, String)])
  func invalidSequencesAreReported(
    sequences: [[Int32]], tokenTypeIDs: [[Int32]]?, message: String
  ) {
    #expect {
      try TokenBatch(packing: sequences, tokenTypeIDs: tokenTypeIDs)
    } throws: { error in
      (error as? TransformersError)?.code == .invalidArgument && "\(error)".contains(message)
    }
  }

  @Test func firstRowsOnlyReducesEachSequenceToItsFirstRow() throws {
    let sequences = try #require(smallBatch().packed).sequences
    #expect(sequences.boundaries.array(of: Int64.self) == [0, 5, 8])
    #expect(sequences.firstRows.array(of: Int64.self) == [0, 5])
    #expect(sequences.firstRowsOnly.boundaries.array(of: Int64.self) == [0, 1, 2])
    #expect(sequences.firstRowsOnly.firstRows.array(of: Int64.self) == [0, 1])
  }

  @Test func batchWithAMaskedFirstTokenIsNotPacked() throws {
    let ids = Tensor([2, 7, 9, 11, 3, 2, 8, 3, 0, 0] as [Int64], shape: [2, 5])
    let masked = TokenBatch(
      inputIDs: ids, attentionMask: Tensor([Bool](repeating: false, count: 10), shape: [2, 5]))
    #expect(masked.packed == nil)
    let boundaries = TokenBatch(inputIDs: ids).packed?.sequences.boundaries
    #expect(boundaries?.array(of: Int64.self) == [0, 5, 10])
  }
}
