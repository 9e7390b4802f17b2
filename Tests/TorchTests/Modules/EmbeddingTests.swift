import Testing
import Torch

@Suite struct EmbeddingTests {
  private let table = Tensor([3, 4, 0, 0.5, 6, 8] as [Float], shape: [3, 2])

  /// The vectors have the norms 5, 0.5 and 10; the first and the last are looked up.
  @Test func longVectorsAreShortenedInTheTable() throws {
    let embedding = Embedding.fromPretrained(table.clone(), maxNorm: 1)
    let output = try embedding(Tensor([0, 0] as [Int64])).array(of: Float.self)
    for (value, expected) in zip(output, [0.6, 0.8, 0.6, 0.8] as [Float]) {
      #expect(abs(value - expected) < 1e-5)
    }
    #expect(embedding.weight[1...].array(of: Float.self) == [0, 0.5, 6, 8])
  }

  @Test func pretrainedTableSharesMemoryAndIsFrozen() throws {
    let embedding = Embedding.fromPretrained(table)
    #expect(embedding.weight.dataAddress == table.dataAddress)
    #expect(!table.requiresGrad && !embedding.weight.requiresGrad)
    // A frozen table is a parameter all the same.
    #expect(embedding.namedParameters.map(\.name) == ["weight"])
    #expect(Embedding.fromPretrained(table, freeze: false).weight.requiresGrad)
  }

  /// Entry 1 occurs twice, so its gradient is halved.
  @Test func gradientsAreScaledByTheFrequency() throws {
    let embedding = Embedding(3, 1, scaleGradByFreq: true)
    try embedding(Tensor([1, 1, 2] as [Int64])).sum().backward()
    #expect(embedding.weight.grad?.array(of: Float.self) == [0, 1, 1])
  }

  @Test func bagsAreSumsMeansAndMaxima() throws {
    let indices = Tensor([0, 1, 2] as [Int64])
    let offsets = Tensor([0, 2] as [Int64])
    let expected: [(EmbeddingBagMode, [Float])] = [
      (.sum, [3, 4.5, 6, 8]), (.mean, [1.5, 2.25, 6, 8]), (.max, [3, 4, 6, 8]),
    ]
    for (mode, values) in expected {
      let bag = EmbeddingBag.fromPretrained(table, mode: mode)
      #expect(try bag(indices, offsets: offsets).array(of: Float.self) == values)
    }
    let weighted = EmbeddingBag.fromPretrained(table, mode: .sum)
    let weights = Tensor([2, 0, 0.5] as [Float])
    let sums = try weighted(indices, offsets: offsets, perSampleWeights: weights)
    #expect(sums.array(of: Float.self) == [6, 8, 3, 4])
  }

  @Test func wrongInputsOfABagAreRefused() {
    let bag = EmbeddingBag(3, 2)
    let row = Tensor([0, 1] as [Int64])
    let inputs: [(EmbeddingBag.Input, String)] = [
      (.init(row), "need offsets"),
      (.init(row.reshape([1, 2]), offsets: row), "pass no offsets"),
      (.init(row, offsets: row, perSampleWeights: Tensor([1, 1] as [Float])), "need the mode sum"),
    ]
    for (input, text) in inputs {
      let error = #expect(throws: TorchError.self) {
        try catchingTorchErrors { _ = try bag(input) }
      }
      #expect(error?.message.contains(text) == true)
    }
  }
}
