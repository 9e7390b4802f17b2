import DataLoading
import Foundation
import ProcessHarness
import Support
import Testing
import Torch
import Training

/// Stops a run after 24 of its 48 steps, and resumes it with other options.
///
/// The tables give the learning rates of the first and the last remaining step.
@Suite struct ResumeOptionsTests {
  /// What a changed option has to do.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var change: @Sendable (inout ResumeRun) -> Void
    var steps: Int
    var first: Double
    var last: Double
    /// The settings that are reported, in order.
    var reported: [String]

    var testDescription: String { name }

    init(
      _ name: String, steps: Int, first: Double, last: Double, _ reported: [String],
      _ change: @escaping @Sendable (inout ResumeRun) -> Void
    ) {
      self.name = name
      self.steps = steps
      self.first = first
      self.last = last
      self.reported = reported
      self.change = change
    }
  }

  static let rows = [
    Row("nothing", steps: 24, first: 0.05, last: 0.1 / 48, []) { _ in },
    Row(
      "batch size 4", steps: 12, first: 0.05, last: 0.1 / 24, ["batch size per rank", "schedule"]
    ) { $0.batchSize = 4 },
    Row(
      "batch size 1", steps: 48, first: 0.05, last: 0.1 / 96, ["batch size per rank", "schedule"]
    ) { $0.batchSize = 1 },
    Row(
      "batch size 24", steps: 2, first: 0.05, last: 0.1 / 4, ["batch size per rank", "schedule"]
    ) { $0.batchSize = 24 },
    Row(
      "accumulation 3", steps: 8, first: 0.05, last: 0.1 / 16,
      ["gradient accumulation", "schedule"]
    ) { $0.accumulation = 3 },
    Row("2 ranks", steps: 12, first: 0.05, last: 0.1 / 24, ["ranks", "schedule"]) {
      $0.ranks = 2
    },
    Row("3 ranks", steps: 8, first: 0.05, last: 0.1 / 16, ["ranks", "schedule"]) {
      $0.ranks = 3
    },
    Row("6 epochs", steps: 48, first: 0.1 * 48 / 72, last: 0.1 / 72, ["length", "schedule"]) {
      $0.length = .epochs(6)
    },
    Row("3 epochs", steps: 12, first: 0.1 * 12 / 36, last: 0.1 / 36, ["length", "schedule"]) {
      $0.length = .epochs(3)
    },
    Row("36 steps", steps: 12, first: 0.1 * 12 / 36, last: 0.1 / 36, ["length", "schedule"]) {
      $0.length = .steps(36)
    },
    Row("lower rate", steps: 24, first: 0.01, last: 0.02 / 48, ["learning rate"]) {
      $0.rate = 0.02
    },
    Row("rate 0", steps: 24, first: 0, last: 0, ["learning rate"]) { $0.rate = 0 },
    Row("weight decay", steps: 24, first: 0.05, last: 0.1 / 48, ["weight decay"]) {
      $0.decay = 0.25
    },
    Row("momentum", steps: 24, first: 0.05, last: 0.1 / 48, ["optimizer settings"]) {
      $0.momentum = 0.9
    },
    Row("no momentum", steps: 24, first: 0.05, last: 0.1 / 48, ["optimizer settings"]) {
      $0.momentum = 0
    },
    Row("warm-up", steps: 24, first: 0.1 * 24 / 38, last: 0.1 / 38, ["schedule"]) {
      $0.schedule = .linear(warmup: 10)
    },
    Row("long warm-up", steps: 24, first: 0.1 * 24 / 30, last: 0.1 / 18, ["schedule"]) {
      $0.schedule = .linear(warmup: 30)
    },
    Row("another schedule", steps: 24, first: 0.05, last: 0.05, ["schedule"]) {
      $0.schedule = .halving
    },
    Row("no schedule", steps: 24, first: 0.1, last: 0.1, ["schedule"]) { $0.schedule = .none },
    Row(
      "no schedule, other rate", steps: 24, first: 0.03, last: 0.03,
      [
        "schedule", "learning rate",
      ]
    ) {
      $0.schedule = .none
      $0.rate = 0.03
    },
    Row("bfloat16", steps: 24, first: 0.05, last: 0.1 / 48, ["precision"]) {
      $0.precision = .bfloat16
    },
    Row("float16", steps: 24, first: 0.05, last: 0.1 / 48, ["precision", "gradient scaler"]) {
      $0.precision = .float16
    },
    Row("clipping", steps: 24, first: 0.05, last: 0.1 / 48, ["gradient clipping"]) {
      $0.clipping = 0.5
    },
    Row("dropout", steps: 24, first: 0.05, last: 0.1 / 48, ["dropout"]) {
      $0.others = ["dropout": "0.2"]
    },
    Row(
      "batch size, rate and length", steps: 24, first: 0.02 * 24 / 36, last: 0.02 / 36,
      [
        "batch size per rank", "length", "schedule", "learning rate",
      ]
    ) {
      $0.batchSize = 4
      $0.rate = 0.02
      $0.length = .epochs(6)
    },
  ]

  @Test(arguments: rows) func newOptionsApply(row: Row) throws {
    let folder = try TestFolder()
    let before = ResumeRun().with { $0.others = ["dropout": "0.1"] }
    let first = try before.train(in: folder.path, stop: 23)
    #expect(first.end == .stoppedByCallback && first.rates.count == 24)
    let run = before.with(row.change)
    let rest = try run.train(in: folder.path)
    #expect(rest.resumedStep == 24)
    #expect(rest.steps == Array(24..<24 + row.steps))
    #expect(abs((rest.rates.first ?? -1) - row.first) < 1e-12, "\(rest.rates)")
    #expect(abs((rest.rates.last ?? -1) - row.last) < 1e-12, "\(rest.rates)")
    #expect(rest.decisions.map(\.setting) == row.reported)
    #expect(rest.weightDecay == run.decay)
    #expect(rest.momentum == "\(run.momentum)")
    // One line for each decision, and one for the position of the schedule.
    let isScheduled = if case .none = run.schedule { false } else { true }
    let lines = row.reported.isEmpty ? 0 : row.reported.count + (isScheduled ? 1 : 0)
    #expect(rest.lines.count == lines)
    #expect(rest.lines.allSatisfy { !$0.contains("\n") && $0.contains(folder.path) })
  }

  /// The rates and the number of steps follow from the samples that are left, to the last step.
  @Test(arguments: [5, 13, 29, 40]) func positionWithinAnEpochIsAdapted(stop: Int) throws {
    for batchSize in [1, 3, 8] {
      let folder = try TestFolder()
      _ = try ResumeRun().train(in: folder.path, stop: stop)
      let rest = try ResumeRun(batchSize: batchSize).train(in: folder.path)
      let perEpoch = 24 / batchSize
      let epoch = (stop + 1) / 12
      let step = (stop + 1) % 12
      let left = (24 - 2 * step + batchSize - 1) / batchSize + (3 - epoch) * perEpoch
      #expect(rest.rates.count == left)
      #expect(abs((rest.rates.first ?? -1) - 0.1 * Double(left) / Double(4 * perEpoch)) < 1e-12)
      #expect(abs((rest.rates.last ?? -1) - 0.1 / Double(4 * perEpoch)) < 1e-12)
    }
  }

  @Test func addedScheduleContinuesAtTheRemainingSteps() throws {
    let folder = try TestFolder()
    let constant = ResumeRun().with { $0.schedule = .none }
    let first = try constant.train(in: folder.path, stop: 23)
    #expect(Set(first.rates) == [0.1])
    let rest = try ResumeRun().train(in: folder.path)
    #expect(rest.rates.first == 0.05 && rest.rates.count == 24)
    #expect(rest.decisions.map(\.setting) == ["schedule"])
  }

  @Test func gradientScalerIsDroppedAndItsSettingsAreReplaced() throws {
    let half = ResumeRun(precision: .float16).with {
      $0.scaler = .init(scale: 16, growthInterval: 4)
    }
    let folder = try TestFolder()
    _ = try half.train(in: folder.path, stop: 23)
    let other = half.with { $0.scaler = .init(scale: 2, growthInterval: 1000) }
    let more = try other.train(in: folder.path, stop: 30)
    #expect(more.decisions.map(\.setting) == ["gradient scaler"])
    // 24 steps without an overflow doubled the scale 6 times.
    #expect(more.scaler?.scale == 1024 && more.scaler?.growthInterval == 1000)
    let full = try ResumeRun().train(in: folder.path)
    #expect(full.decisions.map(\.setting) == ["precision", "gradient scaler"])
    #expect(full.rates.count == 17 && full.scaler == nil)
  }

  /// Each run changes the size of the steps again; the rate falls from run to run, to the end.
  @Test func severalChangesInARowEndTheSchedule() throws {
    let folder = try TestFolder()
    var rates: [Double] = []
    let runs = [
      (ResumeRun(), 10), (ResumeRun(ranks: 2), 15), (ResumeRun(batchSize: 6), 18),
      (ResumeRun(ranks: 3, batchSize: 1), 24), (ResumeRun(accumulation: 2), nil),
    ]
    for (run, stop) in runs {
      rates += try run.train(in: folder.path, stop: stop).rates
    }
    #expect(rates == rates.sorted(by: >))
    #expect(abs((rates.last ?? -1) - 0.1 / 24) < 1e-12, "6 steps in each of 4 epochs")
  }

  /// A callback halves the rate; the same command resumes with the halved rate.
  @Test func rateThatTheProgramChangedIsRetained() throws {
    let folder = try TestFolder()
    let run = ResumeRun().with { $0.schedule = .none }
    _ = try run.train(in: folder.path, stop: 11)
    // A run with the rate 0.1 whose state has the rate 0.05 in its snapshot.
    let name = try #require(try SnapshotFolder(path: folder.path).names().last)
    let path = folder.file("\(name)")
    var manifest = try SnapshotContents.manifest(in: path)
    guard case .array(var groups) = manifest.parts["optimizer"]?["groups"],
      case .object(var group) = groups[0]
    else {
      Issue.record("the optimizer's state has no groups")
      return
    }
    group["learningRate"] = .number(0.05)
    groups[0] = .object(group)
    manifest.parts["optimizer"]?["groups"] = .array(groups)
    try manifest.encoded().write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
    let same = try run.train(in: folder.path, stop: 12)
    #expect(same.rates == [0.05] && same.decisions.isEmpty)
    let other = try run.with { $0.rate = 0.3 }.train(in: folder.path, stop: 13)
    #expect(other.rates == [0.3] && other.decisions.map(\.setting) == ["learning rate"])
  }
}
