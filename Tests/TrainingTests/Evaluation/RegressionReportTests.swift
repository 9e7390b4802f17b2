import Collectives
import DataLoading
import RankHarness
import Testing
import Torch
import Training

@Suite struct RegressionReportTests {
  /// The values of scikit-learn's documentation of these functions.
  @Test func scoresMatchScikitLearn() {
    let report = RegressionReport(predictions: [2.5, 0, 2, 8], targets: [3, -0.5, 2, 7])
    #expect(report.samples == 4)
    #expect(report.meanSquaredError == 0.375)
    #expect(report.meanAbsoluteError == 0.5)
    #expect(abs(report.rootMeanSquaredError - 0.6123724356957945) < 1e-15)
    #expect(abs((report.r2 ?? 0) - 0.9486081370449679) < 1e-15)
  }

  @Test(
    arguments: [
      ([1, 2, 3], [1, 2, 3], 1), ([2, 2, 2], [1, 2, 3], 0), ([3, 2, 1], [1, 2, 3], -3),
      ([5, 5], [5, 5], 1), ([5, 6], [5, 5], 0), ([5], [5], nil), ([], [], nil),
    ] as [([Double], [Double], Double?)])
  func r2HasScikitLearnsEdgeCases(predictions: [Double], targets: [Double], r2: Double?) {
    #expect(RegressionReport(predictions: predictions, targets: targets).r2 == r2)
  }

  @Test(arguments: [1, 2, 3, 4])
  func everySampleCountsOnceOnRanks(worldSize: Int) throws {
    let count = 23
    @Sendable func prediction(_ index: Int) -> Double { Double(index * 7 % 11) / 3 }
    @Sendable func target(_ index: Int) -> Double { Double(index * 5 % 13) / 7 }
    let reports = try onRanks(worldSize) { group in
      let sampler = try EvaluationSampler(
        count: count, worldSize: group.worldSize, rank: group.rank)
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<count)), batches: BatchSampler(sampler, batchSize: 4)
      ) { $0 }
      return try RegressionReport.evaluating(loader, on: group) { batch in
        (
          Tensor(batch.map(prediction), shape: [batch.count, 1]), Tensor(batch.map(target))
        )
      }
    }
    let expected = RegressionReport(
      predictions: (0..<count).map(prediction), targets: (0..<count).map(target))
    #expect(reports == Array(repeating: expected, count: worldSize), "to the bit")
    #expect(expected.meanSquaredError > 0)
  }

  @Test func nanPredictionThrowsOnAllRanks() throws {
    let outcomes = attemptOnRanks(2) { group in
      let sampler = try EvaluationSampler(count: 5, worldSize: 2, rank: group.rank)
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<5)), batches: BatchSampler(sampler, batchSize: 2)
      ) { $0 }
      _ = try RegressionReport.evaluating(loader, on: group) { batch in
        (Tensor(batch.map { $0 == 3 ? Double.nan : 1 }), Tensor(batch.map { _ in 1.0 }))
      }
    }
    for outcome in outcomes {
      let error = #expect(throws: TrainingError.self) { try outcome.get() }
      #expect(error?.message.contains("prediction for sample 3 is NaN") == true)
    }
  }
}
