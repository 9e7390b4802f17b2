import Foundation
import ProcessHarness
import Testing
import Torch
import Training

/// Options with which a run cannot resume, and snapshots that do not record their settings.
@Suite struct ResumeRefusalTests {
  @Test(arguments: [
    (ResumeRun(seed: 4), "shuffled with seed 3, but now they are shuffled with seed 4"),
    (ResumeRun(samples: 23), "longer data set: it had 24 samples, this one has 23"),
    (ResumeRun(samples: 30), "shorter data set: it had 24 samples, this one has 30"),
    (ResumeRun(data: "corrected"), "training data: "),
    (ResumeRun(kind: .adamW), "optimizer: SGD in the snapshot, AdamW now"),
    (
      ResumeRun(length: .epochs(1)),
      "length: 4 epochs in the snapshot, 1 epoch now; the snapshot is at step 30 in epoch 3"
    ),
    (ResumeRun(length: .epochs(2)), "beyond the end of this run"),
    (ResumeRun(length: .steps(29)), "length: 4 epochs in the snapshot, 29 steps now"),
  ])
  func runIsRefusedByName(run: ResumeRun, words: String) throws {
    let folder = try TestFolder()
    let before = ResumeRun(data: run.data == nil ? nil : "original")
    _ = try before.train(in: folder.path, stop: 29)
    let error = #expect(throws: TrainingError.self) { _ = try run.train(in: folder.path) }
    #expect(error?.code == .mismatch)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("start over in another folder") == true)
    // The refusal changes nothing: the first command still resumes.
    #expect(try before.train(in: folder.path).steps.last == 47)
  }

  @Test func everyReasonIsNamed() throws {
    let folder = try TestFolder()
    _ = try ResumeRun().train(in: folder.path, stop: 29)
    let run = ResumeRun(length: .epochs(1), kind: .adamW, seed: 9)
    let error = #expect(throws: TrainingError.self) { _ = try run.train(in: folder.path) }
    for words in ["seed 9", "AdamW", "1 epoch now"] {
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test func completedRunHasNothingLeft() throws {
    let folder = try TestFolder()
    let first = try ResumeRun().train(in: folder.path)
    let again = try ResumeRun().train(in: folder.path)
    #expect(again.steps.isEmpty && again.decisions.isEmpty && again.weights == first.weights)
    let longer = try ResumeRun(length: .epochs(5)).train(in: folder.path)
    #expect(longer.rates.count == 12)
    #expect(abs((longer.rates.first ?? -1) - 0.1 * 12 / 60) < 1e-12)
  }

  /// Removes the settings from all snapshots of a folder, as versions before 0.2 wrote them.
  private func removeSettings(in folder: TestFolder) throws {
    let names = try SnapshotFolder(path: folder.path).names()
    #expect(!names.isEmpty)
    for name in names {
      let path = folder.file("\(name)")
      var manifest = try SnapshotContents.manifest(in: path)
      #expect(manifest.settings != nil)
      manifest.settings = nil
      try manifest.encoded().write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
    }
  }

  /// The options of the next run, its number of steps, and its first and last learning rate.
  static let withoutSettings: [(run: ResumeRun, steps: Int, first: Double, last: Double)] = [
    (ResumeRun(), 24, 0.05, 0.1 / 48),
    (ResumeRun(batchSize: 4), 12, 0.05, 0.1 / 24),
    (ResumeRun(accumulation: 2), 12, 0.05, 0.1 / 24),
    (ResumeRun(length: .epochs(6)), 48, 0.1 * 48 / 72, 0.1 / 72),
    (ResumeRun(rate: 0.02), 24, 0.01, 0.02 / 48),
    (ResumeRun(decay: 0.5), 24, 0.05, 0.1 / 48),
  ]

  @Test(arguments: withoutSettings) func snapshotWithoutSettingsIsResumed(
    run: ResumeRun, steps: Int, first: Double, last: Double
  ) throws {
    let folder = try TestFolder()
    _ = try ResumeRun().train(in: folder.path, stop: 23)
    try removeSettings(in: folder)
    let rest = try run.train(in: folder.path)
    #expect(rest.rates.count == steps)
    #expect(abs((rest.rates.first ?? -1) - first) < 1e-12)
    #expect(abs((rest.rates.last ?? -1) - last) < 1e-12)
    #expect(rest.weightDecay == run.decay)
    let unknown = try #require(rest.decisions.last)
    #expect(unknown.outcome == .unknown)
    for name in ["batch size per rank", "gradient accumulation", "length", "schedule", "precision"]
    {
      #expect(unknown.setting.contains(name), "\(unknown.setting)")
    }
    #expect(rest.lines.contains { $0.contains("the snapshot does not record them") })
    let known = rest.decisions.dropLast().map(\.setting)
    #expect(known == (run.rate != 0.1 ? ["learning rate"] : run.decay > 0 ? ["weight decay"] : []))
  }

  /// Without settings a hyperparameter may be a counter; the snapshot's is retained.
  @Test func hyperparameterOfASnapshotWithoutSettingsIsRetained() throws {
    let folder = try TestFolder()
    _ = try ResumeRun().train(in: folder.path, stop: 23)
    try removeSettings(in: folder)
    let rest = try ResumeRun(momentum: 0.9).train(in: folder.path)
    #expect(rest.momentum == "0.5")
    #expect(rest.decisions.first?.outcome == .retained)
    #expect(rest.decisions.first?.description.contains("momentum 0.5 in the snapshot") == true)
  }

  @Test func snapshotWithoutSettingsIsResumedToTheSameBits() throws {
    let whole = try ResumeRun().train(in: TestFolder().path)
    let folder = try TestFolder()
    _ = try ResumeRun().train(in: folder.path, stop: 17)
    try removeSettings(in: folder)
    #expect(try ResumeRun().train(in: folder.path).weights == whole.weights)
  }
}
