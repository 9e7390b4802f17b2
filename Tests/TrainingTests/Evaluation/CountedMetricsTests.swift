import Collectives
import Foundation
import RankHarness
import Testing
import Training

/// Metrics that sum counts over the ranks.
@Suite struct CountedMetricsTests {
  @Test func spansFollowTheIOB2Scheme() {
    let tags = ["B-A", "I-A", "I-B", "O", "I-A", "B-A", "B-A", "X", "I-A"]
    let spans = [
      ("A", 0..<2), ("B", 2..<3), ("A", 4..<5), ("A", 5..<6), ("A", 6..<7), ("A", 8..<9),
    ]
    #expect(EntitySpan.spans(in: tags) == spans.map { EntitySpan(type: $0, tokens: $1) })
    #expect(EntitySpan.spans(in: ["O", "O"]).isEmpty)
  }

  /// The example of seqeval's documentation, one sequence on each rank.
  @Test(arguments: [1, 2, 3])
  func entityScoresMatchSeqeval(worldSize: Int) throws {
    let labels = [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    let predictions = [
      ["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"],
    ]
    let reports = try onRanks(worldSize) { group in
      var counts = EntityCounts(types: ["MISC", "PER"])
      for index in stride(from: group.rank, to: 2, by: group.worldSize) {
        counts.add(predictions: predictions[index], labels: labels[index])
      }
      return try counts.report(over: group)
    }
    let none = ClassificationReport.Scores(precision: 0, recall: 0, f1: 0, support: 1)
    let all = ClassificationReport.Scores(precision: 1, recall: 1, f1: 1, support: 1)
    let half = ClassificationReport.Scores(precision: 0.5, recall: 0.5, f1: 0.5, support: 2)
    for report in reports {
      #expect(report.types == ["MISC": none, "PER": all])
      #expect(report.micro == half)
      #expect(report.macro == half)
    }
  }

  /// Tokens with label -100 do not count; ranks have different numbers of tokens.
  @Test(arguments: [1, 2, 3])
  func tokenScoresEqualThoseOfAllTokens(worldSize: Int) throws {
    let labels = [0, 1, 2, 2, 1, -100, 0, 2, -100, 1, 1]
    let predictions = [0, 2, 2, 2, 1, 1, 1, 0, 7, 1, 1]
    let reports = try onRanks(worldSize) { group in
      var counts = TokenCounts(classCount: 3)
      for index in labels.indices where min(index / 2, group.worldSize - 1) == group.rank {
        counts.add(predictions: [predictions[index]], labels: [labels[index]])
      }
      return try counts.report(over: group)
    }
    let kept = labels.indices.filter { labels[$0] >= 0 }
    let expected = ClassificationReport(
      predictions: kept.map { predictions[$0] }, labels: kept.map { labels[$0] }, classCount: 3)
    #expect(reports == Array(repeating: expected, count: worldSize))
    // Class 1: 3 of 4 predicted as 1 are correct, and 3 of 4 tokens of class 1 are found.
    #expect(expected.classes[1] == .init(precision: 0.75, recall: 0.75, f1: 0.75, support: 4))
    #expect(expected.confusion == [[1, 1, 0], [0, 3, 1], [1, 0, 2]])
    #expect(expected.samples == 9)
  }

  @Test func exactMatchSumsCounts() throws {
    let results = try onRanks(2) { group in
      var match = ExactMatch()
      if group.rank == 0 {
        match.add("Paris", "Paris")
      } else {
        for answer in ["a", "b", "c"] { match.add(answer, "c") }
      }
      return try match.summed(over: group)
    }
    for result in results {
      #expect(result.matches == 2 && result.samples == 4)
      #expect(result.score == 0.5, "the mean of the ranks' scores is 2/3")
    }
    #expect(ExactMatch().score == 0)
  }

  @Test func perplexityWeighsTokens() throws {
    let results = try onRanks(2) { group in
      var perplexity = Perplexity()
      if group.rank == 0 {
        perplexity.add(lossSum: log(16.0), tokens: 1)
      } else {
        perplexity.add(lossSum: 0, tokens: 2)
        perplexity.add(lossSum: 0, tokens: 1)
      }
      return try perplexity.summed(over: group)
    }
    for result in results {
      #expect(result.tokens == 4)
      #expect(abs(result.value - 2) < 1e-12, "the mean of the ranks' perplexities is 8.5")
      #expect(abs(result.meanLoss - log(2.0)) < 1e-15)
    }
    #expect(Perplexity().value.isNaN)
  }
}
