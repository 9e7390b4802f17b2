import Foundation
import ProcessHarness
import Testing
import Training

/// Compares metrics of random classifications, with ties and empty classes, with scikit-learn's.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct ReportPeerTests {
  private struct Case: Codable {
    var labels: [Int]
    var predictions: [Int]
    var classes: Int
    var scores: [Double]?
  }

  private struct Answer: Decodable {
    var accuracy: Double
    /// Precision, recall and F1, each for all classes.
    var classes: [[Double]]
    var macro: [Double]
    var weighted: [Double]
    var area: Double?
    var confusion: [[Int]]
  }

  private static func randomCase() -> Case {
    let classes = Int.random(in: 2...7)
    let used = Int.random(in: 1...classes)
    let count = [1, 2, 10, 1001].randomElement() ?? 1
    let levels = [2, 10, 1_000_000].randomElement() ?? 2
    return Case(
      labels: (0..<count).map { _ in Int.random(in: 0..<used) },
      predictions: (0..<count).map { _ in Int.random(in: 0..<classes) }, classes: classes,
      scores: classes == 2
        ? (0..<count).map { _ in Double(Int.random(in: 0..<levels)) / 7 } : nil)
  }

  @Test func metricsEqualScikitLearns() async throws {
    let folder = try TestFolder()
    let cases = (0..<200).map { _ in Self.randomCase() }
    let lines = try cases.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    try folder.create(
      "cases.jsonl",
      lines.map { $0.contains("\"scores\"") ? $0 : $0.dropLast() + ",\"scores\":null}" }
        .joined(separator: "\n") + "\n")
    let answers = try await Peers.run("classification.py", [folder.file("cases.jsonl")])
      .split(separator: "\n").map { try Peers.decode(Answer.self, $0) }
    try #require(answers.count == cases.count)
    func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-12 }
    func isClose(_ scores: ClassificationReport.Scores, _ wanted: [Double]) -> Bool {
      zip([scores.precision, scores.recall, scores.f1], wanted).allSatisfy { isClose($0, $1) }
    }
    for (test, wanted) in zip(cases, answers) {
      let report = ClassificationReport(
        predictions: test.predictions, labels: test.labels, classCount: test.classes,
        scores: test.scores)
      #expect(isClose(report.accuracy, wanted.accuracy))
      for (index, scores) in report.classes.enumerated() {
        #expect(isClose(scores, wanted.classes.map { $0[index] }), "\(test)")
      }
      #expect(isClose(report.macro, wanted.macro), "\(test)")
      #expect(isClose(report.weighted, wanted.weighted), "\(test)")
      #expect(report.confusion == wanted.confusion)
      if let area = wanted.area {
        #expect(isClose(report.rocAUC ?? -1, area), "\(test)")
      } else {
        #expect(report.rocAUC == nil)
      }
    }
    #expect(answers.contains { $0.area != nil })
  }
}
