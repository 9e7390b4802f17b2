internal import Support

/// Classification metrics with scikit-learn's definitions and names.
///
/// Computed from all samples in data set order
/// (``Collectives/ProcessGroup/gatherInOrder(_:count:)``), so it is bit-identical for every world
/// size.
public struct ClassificationReport: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The scores of one class, or their mean over classes.
  ///
  /// A score whose denominator is 0 is 0.
  public struct Scores: Sendable, Hashable, Codable {
    /// The fraction of the samples predicted as this class that belong to it.
    public var precision: Double
    /// The fraction of this class's samples that are predicted as this class.
    public var recall: Double
    /// The harmonic mean of precision and recall.
    public var f1: Double
    /// The number of samples that belong to this class.
    public var support: Int

    package init(precision: Double, recall: Double, f1: Double, support: Int) {
      self.precision = precision
      self.recall = recall
      self.f1 = f1
      self.support = support
    }
  }

  /// The number of samples.
  public let samples: Int
  /// The fraction of samples that are classified correctly.
  public let accuracy: Double
  /// The number of samples that are classified correctly.
  public var correctCount: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }
  /// The scores of each class.
  public let classes: [Scores]
  /// The unweighted mean over the classes.
  public let macro: Scores
  /// The mean over the classes, weighted by support.
  public let weighted: Scores
  /// The area under the ROC curve of class 1.
  ///
  /// `nil` unless there are two classes, both have samples, and scores were given.
  public let rocAUC: Double?
  /// The confusion matrix: the number of samples of each class (row) predicted as each class
  /// (column).
  public let confusion: [[Int]]

  /// Compares predictions with labels.
  ///
  /// - Parameters:
  ///   - predictions: The predicted class of each sample.
  ///   - labels: The true class of each sample.
  ///   - classCount: The number of classes; every class index is below it.
  ///   - scores: For two classes, the confidence in class 1 of each sample, on any scale. Must not
  ///     contain NaN.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `predictions`, `labels` and `scores` have the same number of elements.
  public init(
    predictions: [Int], labels: [Int], classCount: Int, scores: [Double]? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    func check(_ condition: Bool, _ message: @autoclosure () -> String) {
      require(condition, "ClassificationReport: \(message())", file: file, line: line)
    }
    check(
      predictions.count == labels.count,
      "there are \(predictions.count) predictions, but \(labels.count) labels")
    check(
      scores == nil || scores?.count == labels.count,
      "there are \(scores?.count ?? 0) scores, but \(labels.count) labels")
    for (name, classes) in [("prediction", predictions), ("label", labels)] {
      let wrong = classes.firstIndex { !(0..<classCount ~= $0) }
      check(
        wrong == nil,
        "the \(name) of sample \(wrong ?? 0) is \(wrong.map { classes[$0] } ?? 0), but classCount "
          + "is \(classCount): classes are counted from 0")
    }
    let nan = scores?.firstIndex { $0.isNaN }
    check(nan == nil, "the score of sample \(nan ?? 0) is NaN: check the model's output")
    var confusion = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    for (prediction, label) in zip(predictions, labels) { confusion[label][prediction] += 1 }
    self.init(
      confusion: confusion,
      rocAUC: classCount == 2 ? scores.flatMap { areaUnderROC(scores: $0, labels: labels) } : nil)
  }

  /// Creates a report from the number of samples of each class (row) predicted as each class
  /// (column).
  init(confusion: [[Int]], rocAUC: Double? = nil) {
    let classCount = confusion.count
    let correct = (0..<classCount).map { confusion[$0][$0] }
    let support = confusion.map { $0.reduce(0, +) }
    let predicted = (0..<classCount).map { column in confusion.reduce(0) { $0 + $1[column] } }
    let classes = (0..<classCount).map { index in
      Scores(correct: correct[index], predicted: predicted[index], support: support[index])
    }
    samples = support.reduce(0, +)
    accuracy = ratio(correct.reduce(0, +), samples)
    self.classes = classes
    macro = Scores(classes, weights: Array(repeating: 1, count: classCount))
    weighted = Scores(classes, weights: support)
    self.rocAUC = rocAUC
    self.confusion = confusion
  }

  /// A plain table for a console.
  public var description: String {
    func row(_ name: String, _ scores: Scores) -> String {
      let numbers = [scores.precision, scores.recall, scores.f1].map(fourDigits)
      return padded(name, 12) + numbers.map { padded($0, 11) }.joined()
        + padded("\(scores.support)", 9)
    }
    var lines = [
      padded("", 12) + ["precision", "recall", "f1"].map { padded($0, 11) }.joined()
        + padded("samples", 9)
    ]
    for (number, scores) in classes.enumerated() { lines.append(row("class \(number)", scores)) }
    lines.append(row("mean", macro))
    lines.append(row("weighted", weighted))
    lines.append("accuracy \(fourDigits(accuracy)) of \(samples) samples")
    if let rocAUC { lines.append("area under the ROC curve \(fourDigits(rocAUC))") }
    lines.append("confusion (rows: class, columns: prediction)")
    let width = (confusion.joined().max() ?? 0).description.count + 2
    lines += confusion.map { $0.map { padded("\($0)", width) }.joined() }
    return lines.joined(separator: "\n")
  }
}

extension ClassificationReport.Scores {
  init(correct: Int, predicted: Int, support: Int) {
    self.init(
      precision: ratio(correct, predicted), recall: ratio(correct, support),
      f1: ratio(2 * correct, predicted + support), support: support)
  }

  init(_ classes: [Self], weights: [Int]) {
    let sum = Double(weights.reduce(0, +))
    func mean(_ figure: KeyPath<Self, Double>) -> Double {
      sum == 0
        ? 0 : zip(classes, weights).reduce(0) { $0 + $1.0[keyPath: figure] * Double($1.1) } / sum
    }
    self.init(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1),
      support: classes.reduce(0) { $0 + $1.support })
  }
}

/// The probability that a sample of class 1 scores higher than one of class 0; ties count half.
///
/// Exact, because it counts pairs (Mann and Whitney 1947).
private func areaUnderROC(scores: [Double], labels: [Int]) -> Double? {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  let positives = labels.count { $0 == 1 }
  let negatives = labels.count - positives
  guard positives > 0, negatives > 0 else { return nil }
  var halves = 0
  var below = 0
  var start = 0
  while start < order.count {
    var end = start
    var tied = (positive: 0, negative: 0)
    while end < order.count, scores[order[end]] == scores[order[start]] {
      if labels[order[end]] == 1 { tied.positive += 1 } else { tied.negative += 1 }
      end += 1
    }
    halves += tied.positive * (2 * below + tied.negative)
    below += tied.negative
    start = end
  }
  return Double(halves) / 2 / (Double(positives) * Double(negatives))
}

private func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}

private func fourDigits(_ value: Double) -> String { Decimals.text(value, 4) }

private func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
