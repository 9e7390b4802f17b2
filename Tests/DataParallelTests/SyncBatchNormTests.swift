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
      let evaluated = try withoutGradients { try model(images([20])).array(of: Float.self) }
      return (
        model.parameters.map { $0.grad?.array(of: Float.self) ?? [] },
        model.namedBuffers.map { $0.tensor.converted(to: .float32).array(of: Float.self) },
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
          alone.namedBuffers.map { $0.tensor.converted(to: .float32).array(of: Float.self) })
          < 1e-5)
    }
    alone.eval()
    let evaluated = try withoutGradients { try alone(images([20])).array(of: Float.self) }
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
