import Collectives
import DataLoading
import Foundation
import RankHarness
import Testing
import Training

/// The expected scores are those of scikit-learn 1.9.1 for the same samples.
@Suite struct ClassificationReportTests {
  private static func numbers(_ seed: Int) -> [Int] {
    var state = 12345 + seed
    return (0..<1001).map { _ in
      state = (state * 1_103_515_245 + 12345) % 2_147_483_648
      return state >> 16
    }
  }

  private static let first = numbers(0)
  private static let second = numbers(1)
  private static let labels = first.map { $0 % 2 }
  private static let scores = zip(second, labels).map { Double($0 % 100 + 20 * $1) / 100 }
  private static let predictions = scores.map { $0 > 0.6 ? 1 : 0 }

  @Test func twoClassScoresMatchScikitLearn() {
    let report = ClassificationReport(
      predictions: Self.predictions, labels: Self.labels, classCount: 2, scores: Self.scores)
    #expect(report.accuracy == 0.6263736263736264)
    #expect(report.confusion == [[332, 174], [200, 295]])
    #expect(report.classes.map(\.support) == [506, 495])
    close(report.classes[0], 0.62406015, 0.65612648, 0.63969171, 1e-8)
    close(report.classes[1], 0.62899787, 0.5959596, 0.6120332, 1e-8)
    close(report.macro, 0.626529009089889, 0.6260430390865173, 0.6258624549284852, 1e-15)
    close(report.weighted, 0.6265018787743509, 0.6263736263736264, 0.6260144248175813, 1e-15)
    #expect(abs((report.rocAUC ?? 0) - 0.7066854313889888) < 1e-15)
  }

  @Test func fiveClassScoresMatchScikitLearn() {
    let predictions = zip(Self.first, Self.second).map { $1 % 3 != 0 ? $0 % 5 : $1 % 4 }
    let report = ClassificationReport(
      predictions: predictions, labels: Self.first.map { $0 % 5 }, classCount: 5)
    #expect(report.accuracy == 0.7422577422577422)
    #expect(report.confusion[4] == [16, 23, 16, 16, 141])
    close(report.classes[4], 1, 0.66509434, 0.79886686, 1e-8)
    close(report.macro, 0.7600963355475551, 0.7438956661631531, 0.7439591272283977, 1e-15)
    close(report.weighted, 0.7640729794435235, 0.7422577422577422, 0.744783540059257, 1e-15)
    #expect(report.rocAUC == nil)
  }

  @Test(arguments: [1, 2, 3, 4, 7]) func worldSizeDoesNotChangeTheReport(worldSize: Int)
    throws
  {
    let expected = ClassificationReport(
      predictions: Self.predictions, labels: Self.labels, classCount: 2, scores: Self.scores)
    let reports = try onRanks(worldSize) { group in
      let share = try EvaluationSampler(count: 1001, worldSize: group.worldSize, rank: group.rank)
        .indices()
      let seen = try group.gatherInOrder(share, count: 1001)
      #expect(seen == Array(0..<1001))
      return ClassificationReport(
        predictions: try group.gatherInOrder(share.map { Self.predictions[$0] }, count: 1001),
        labels: Self.labels, classCount: 2,
        scores: try group.gatherInOrder(share.map { Self.scores[$0] }, count: 1001))
    }
    #expect(reports == Array(repeating: expected, count: worldSize))
  }

  @Test func extraResultErrorNamesTheRank() throws {
    let outcomes = attemptOnRanks(2) { group in
      try group.gatherInOrder(Array(repeating: 1, count: 3), count: 5)
    }
    for outcome in outcomes {
      let error = #expect(throws: CollectiveError.self) { try outcome.get() }
      #expect(error?.message.contains("rank 1 has results for 3 samples") == true)
    }
  }

  @Test func scoresWithoutSamplesAreZero() throws {
    let report = ClassificationReport(
      predictions: [0, 0], labels: [0, 0], classCount: 2, scores: [0, 1])
    let absent = report.classes[1]
    #expect([absent.precision, absent.recall, absent.f1] == [0, 0, 0])
    #expect(absent.support == 0)
    #expect(report.rocAUC == nil)
    #expect(ClassificationReport(predictions: [], labels: [], classCount: 2).accuracy == 0)
    let decoded = try JSONDecoder().decode(
      ClassificationReport.self, from: JSONEncoder().encode(report))
    #expect(decoded == report)
  }

  @Test func descriptionIsATable() {
    let report = ClassificationReport(
      predictions: [0, 1, 1], labels: [0, 1, 0], classCount: 2, scores: [0.1, 0.9, 0.8])
    #expect(
      report.description == """
                      precision     recall         f1  samples
             class 0     1.0000     0.5000     0.6667        2
             class 1     0.5000     1.0000     0.6667        1
                mean     0.7500     0.7500     0.6667        3
            weighted     0.8333     0.6667     0.6667        3
        accuracy 0.6667 of 3 samples
        area under the ROC curve 1.0000
        confusion (rows: class, columns: prediction)
          1  1
          0  1
        """)
  }

  private func close(
    _ scores: ClassificationReport.Scores, _ precision: Double, _ recall: Double, _ f1: Double,
    _ tolerance: Double
  ) {
    #expect(abs(scores.precision - precision) <= tolerance)
    #expect(abs(scores.recall - recall) <= tolerance)
    #expect(abs(scores.f1 - f1) <= tolerance)
  }
}
