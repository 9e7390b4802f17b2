import Collectives
import DataLoading
import RankHarness
import Testing
import Torch
import Training

@Suite struct DistributedEvaluationTests {
  private func evaluate(
    _ worldSize: Int, samples: Int = 1001, classes: Int = 2, batchSize: Int = 16,
    logit: @escaping @Sendable (Int, Int) -> Float
  ) throws -> (reports: [ClassificationReport], seen: [Int]) {
    let outcomes = try onRanks(worldSize) { group in
      let sampler = try EvaluationSampler(
        count: samples, worldSize: group.worldSize, rank: group.rank)
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<samples)),
        batches: BatchSampler(sampler, batchSize: batchSize), workers: 2
      ) { $0 }
      var seen: [Int] = []
      let report = try ClassificationReport.evaluating(loader, on: group) { batch in
        seen += batch
        let logits = batch.flatMap { sample in (0..<classes).map { logit(sample, $0) } }
        return (
          Tensor(logits, shape: [batch.count, classes]), Tensor(batch.map { Int64($0 % classes) })
        )
      }
      return (report, seen)
    }
    return (outcomes.map(\.0), outcomes.flatMap(\.1))
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func everySampleIsSeenOnceAndScoresMatchOneRank(worldSize: Int) throws {
    let logit: @Sendable (Int, Int) -> Float = { Float(($0 * 7919 + $1 * 104_729) % 1000) }
    let (reports, seen) = try evaluate(worldSize, logit: logit)
    #expect(seen.sorted() == Array(0..<1001), "as a multiset")
    let scores = (0..<1001).map { Double(logit($0, 1) - logit($0, 0)) }
    let expected = ClassificationReport(
      predictions: scores.map { $0 > 0 ? 1 : 0 }, labels: (0..<1001).map { $0 % 2 }, classCount: 2,
      scores: scores)
    #expect(reports == Array(repeating: expected, count: worldSize))
    #expect(expected.rocAUC != nil)
  }

  @Test func ranksWithoutSamplesParticipate() throws {
    let (reports, seen) = try evaluate(4, samples: 2, classes: 3) { sample, label in
      sample == label ? 1 : 0
    }
    #expect(seen.sorted() == [0, 1])
    #expect(Set(reports).count == 1)
    #expect(reports[0].confusion == [[1, 0, 0], [0, 1, 0], [0, 0, 0]])
  }

  @Test func nanLogitThrowsOnAllRanks() throws {
    let outcomes = attemptOnRanks(2) { group in
      let sampler = try EvaluationSampler(count: 5, worldSize: 2, rank: group.rank)
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<5)), batches: BatchSampler(sampler, batchSize: 2)
      ) { $0 }
      return try ClassificationReport.evaluating(loader, on: group) { batch in
        let logits: [Float] = batch.flatMap { [0, $0 == 3 ? .nan : 1] }
        return (Tensor(logits, shape: [batch.count, 2]), Tensor(batch.map { Int64($0 % 2) }))
      }
    }
    for outcome in outcomes {
      let error = #expect(throws: TrainingError.self) { try outcome.get() }
      #expect(error?.code == .notFinite)
      #expect(error?.message.contains("sample 3 ") == true)
    }
  }
}
