import DataParallel
import Testing
import Training

/// Mistakes in arguments stop the process with a message and the caller's line, in every build.
@Suite struct CallerMistakeTests {
  private func expect(
    _ result: ExitTest.Result?, _ message: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(message), "\(text)", sourceLocation: location)
    #expect(text.contains("CallerMistakeTests.swift:"), "\(text)", sourceLocation: location)
  }

  @Test func countsOfAClassificationReport() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ClassificationReport(predictions: [0, 1, 1], labels: [0, 1], classCount: 2)
      }, "there are 3 predictions, but 2 labels")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ClassificationReport(
          predictions: [0, 1], labels: [0, 1], classCount: 2, scores: [0.5])
      }, "there are 1 scores, but 2 labels")
  }

  @Test func classesOfAClassificationReport() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ClassificationReport(predictions: [0, 2], labels: [0, 1], classCount: 2)
      }, "the prediction of sample 1 is 2, but classCount is 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ClassificationReport(predictions: [0, 0], labels: [-1, 1], classCount: 2)
      }, "the label of sample 0 is -1")
  }

  @Test func scoresOfAClassificationReport() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ClassificationReport(
          predictions: [0, 1], labels: [0, 1], classCount: 2, scores: [0.5, .nan])
      }, "the score of sample 1 is NaN")
  }

  @Test func snapshotsToKeep() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SnapshotRetention(last: 0)
      }, "cannot keep the last 0 snapshots")
  }

  @Test func snapshotPeriods() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SnapshotPolicy(epochs: 1, steps: 0)
      }, "every 0 steps")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SnapshotPolicy(interval: .seconds(-1))
      }, "every -1.0 seconds")
  }

  @Test func channelSizeOfAQuantizationHook() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = QuantizationHook(channelSize: 0)
      }, "channelSize is 0; use 1 or more")
  }
}
