import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

@Suite struct SyncBatchNormTests {
  /// Shares of a batch of 9; one rank may have none.
  @Test(arguments: [
    [[0, 1, 2, 3], [4, 5, 6, 7, 8]], [[0], [1, 2, 3, 4, 5, 6], [7, 8]],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8], []],
  ])
  func ranksNormalizeLikeOneProcessOnTheGlobalBatch(shares: [[Int]]) throws {
    let results = try onRanks(shares.count) { group in
      let model = ImageNetwork()
      #expect(SyncBatchNorm.convert(model, group: group) == 1)
      let x = images(shares[group.rank])
      x.requiresGrad = true
      // The sum makes the gradients of the ranks add up to those of one process.
      try (model(x) * model(x)).sum().backward()
      model.eval()
      let evaluated = try noGrad { try model(images([20])).array(of: Float.self) }
      return (
        model.parameters.map { $0.grad?.array(of: Float.self) ?? [] },
        model.namedBuffers.map { $0.tensor.to(.float32).array(of: Float.self) },
        x.grad?.array(of: Float.self) ?? [], evaluated
      )
    }
    let alone = ImageNetwork()
    let x = images(Array(0..<9))
    x.requiresGrad = true
    try (alone(x) * alone(x)).sum().backward()
    let expected = alone.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    for index in expected.indices {
      let sum = expected[index].indices.map { element in
        results.map { $0.0[index][element] }.reduce(0, +)
      }
      let scale = max(1, expected[index].map(abs).max() ?? 1)
      #expect(largestDifference([sum], [expected[index]]) < 2e-5 * scale, "parameter \(index)")
    }
    let inputGradient = x.grad?.array(of: Float.self) ?? []
    #expect(largestDifference([results.flatMap(\.2)], [inputGradient]) < 1e-4)
    for result in results {
      #expect(
        largestDifference(
          result.1,
          alone.namedBuffers.map { $0.tensor.to(.float32).array(of: Float.self) })
          < 1e-5)
    }
    alone.eval()
    let evaluated = try noGrad { try alone(images([20])).array(of: Float.self) }
    #expect(largestDifference([results[0].3], [evaluated]) < 1e-4)
  }

  @Test func oneRankNeedsNoCollectives() throws {
    let equal = try onRanks(1) { group in
      let model = ImageNetwork()
      let plain = ImageNetwork()
      SyncBatchNorm.convert(model, group: group)
      return try model(images([1, 2])).array(of: Float.self)
        == plain(images([1, 2])).array(of: Float.self)
    }
    #expect(equal == [true])
  }
}

/// Batches of few values: all ranks decide alike, so none waits for another.
@Suite struct SyncBatchNormBatchSizeTests {
  /// Returns the output of each rank, or the message with which the operator failed.
  private func run(
    _ shapes: [[Int]]
  ) throws -> [(output: [Float], message: String, buffers: [[Float]])] {
    try onRanks(shapes.count) { group in
      let shape = shapes[group.rank]
      let norm: BatchNorm = shape.count == 4 ? BatchNorm2d(2) : BatchNorm1d(2)
      SyncBatchNorm.convert(norm, group: group)
      let count = shape.reduce(1, *)
      let x = Tensor((0..<count).map { Float($0 * 3 + group.rank * 7) }, shape: shape)
      x.requiresGrad = true
      var output: [Float] = []
      var message = ""
      do {
        try catchingTorchErrors {
          let y = try norm(x)
          guard y.isDefined else { return }
          output = y.array()
          try (y * y).sum().backward()
        }
      } catch let error as TorchError {
        message = error.message
      }
      return (
        output, message,
        norm.namedBuffers.map { $0.tensor.to(.float32).array(of: Float.self) }
      )
    }
  }

  @Test(arguments: [
    [[1, 2], [0, 2]], [[0, 2], [1, 2]], [[0, 2], [0, 2], [1, 2]], [[1, 2, 1], [0, 2, 1]],
    [[1, 2, 1, 1], [0, 2, 1, 1], [0, 2, 1, 1]],
  ])
  func oneValuePerChannelOverAllRanksIsRefusedOnEachRank(shapes: [[Int]]) throws {
    for (result, shape) in zip(try run(shapes), shapes) {
      #expect(
        result.message.contains(
          "expected more than 1 value per channel when training over all ranks together, got input "
            + "size \(shape)"))
      #expect(result.buffers == [[0, 0], [1, 1], [0]])
    }
  }

  @Test(arguments: [
    [[1, 2], [1, 2]], [[0, 2], [2, 2]], [[1, 2], [0, 2], [1, 2]], [[1, 2, 1], [1, 2, 1]],
    [[1, 2, 2], [0, 2, 2]],
  ])
  func twoValuesPerChannelOverAllRanksAreNormalized(shapes: [[Int]]) throws {
    let results = try run(shapes)
    #expect(results.allSatisfy { $0.message.isEmpty })
    let outputs = results.flatMap(\.output)
    #expect(outputs.count == 4)
    // Two values of a channel become -1 and 1.
    for output in outputs { #expect(abs(abs(output) - 1) < 1e-4) }
    #expect(abs(outputs.reduce(0, +)) < 1e-4)
    for result in results {
      #expect(result.buffers == results[0].buffers)
      #expect(result.buffers[2] == [1])
    }
  }

  @Test func batchesWithoutSamplesChangeNoStatistics() throws {
    for result in try run([[0, 2], [0, 2]]) {
      #expect(result.message.isEmpty)
      #expect(result.output.isEmpty)
      #expect(result.buffers == [[0, 0], [1, 1], [1]])
    }
  }

  @Test func oneRankRefusesOneValuePerChannel() throws {
    let results = try run([[1, 2]])
    #expect(results[0].message.contains("expected more than 1 value per channel when training,"))
  }
}
