import Collectives
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// An evaluation that fails leaves the weights of its epoch on disk.
@Suite struct TrainerEvaluationFailureTests {
  private struct Failed: Error {}

  private struct Outcome: Sendable {
    var weights: [[Float]]
    var evaluated: [Int]
    var warnings: [String]
  }

  /// Trains 3 epochs of 6 steps; the evaluation of `failure` fails on the given ranks.
  private func train(
    _ worldSize: Int, in folder: String, failure: Int? = nil, on ranks: Set<Int> = [0],
    policy: SnapshotPolicy = .everyEpoch
  ) throws -> [Outcome] {
    try onRanks(worldSize, timeout: .seconds(20)) { group in
      let job = try SmallJob(group, samples: 12 * group.worldSize)
      let trainer = try job.trainer(TrainerOptions(.epochs(3)))
      let warnings = Warnings()
      var evaluated: [Int] = []
      trainer.evaluation = { [unowned trainer] _ in
        let epoch = trainer.progress?.epoch ?? 0
        if epoch == failure, ranks.contains(group.rank) {
          group.abort("the evaluation failed")
          throw Failed()
        }
        try group.barrier()
        evaluated.append(epoch)
        return ["accuracy": Double(epoch)]
      }
      trainer.snapshotMetric = "accuracy"
      let snapshots = try Snapshots(
        folder, group: group,
        options: .init(
          policy: policy, retention: .init(last: 10, best: .highest),
          warn: { warnings.add($0) }))
      try trainer.resume(from: snapshots, job.loader)
      do {
        try trainer.fit(job.loader, loss: SmallJob.loss)
      } catch is Failed where failure != nil {
      } catch is CollectiveError where failure != nil && !ranks.contains(group.rank) {
        // A peer failed.
      }
      return Outcome(weights: job.weights, evaluated: evaluated, warnings: warnings.texts)
    }
  }

  private func names(_ folder: TestFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("step-") }.sorted()
  }

  @Test(arguments: [0, 1, 2]) func weightsOfTheEpochAreSaved(failure: Int) throws {
    let whole = try train(1, in: TestFolder().path)[0]
    #expect(whole.evaluated == [0, 1, 2] && whole.warnings.isEmpty)
    let folder = try TestFolder()
    let failed = try train(1, in: folder.path, failure: failure)[0]
    #expect(failed.evaluated == Array(0..<failure))
    #expect(failed.warnings.count == 1)
    #expect(failed.warnings.first?.contains("the evaluation of epoch \(failure) failed") == true)
    let step = String(format: "step-%09d", 6 * (failure + 1))
    #expect(try names(folder).last == step + ".0")
    let rest = try train(1, in: folder.path)[0]
    #expect(rest.evaluated == Array(failure..<3))
    #expect(rest.weights == whole.weights)
    #expect(try names(folder) == ["step-000000006", "step-000000012", "step-000000018"])
  }

  /// The last epoch is saved before its evaluation, although the policy saves none.
  @Test func weightsOfTheLastEpochAreSaved() throws {
    let folder = try TestFolder()
    let policy = SnapshotPolicy(epochs: 100)
    let failed = try train(1, in: folder.path, failure: 2, policy: policy)[0]
    #expect(failed.evaluated == [0, 1])
    #expect(try names(folder) == ["step-000000018.0"])
    let rest = try train(1, in: folder.path, policy: policy)[0]
    #expect(rest.evaluated == [2] && rest.weights == failed.weights)
    #expect(try names(folder) == ["step-000000018"])
  }

  @Test(arguments: [[0], [1], [0, 1]]) func failureOfAnyRankLeavesTheSnapshot(ranks: [Int]) throws {
    let folder = try TestFolder()
    _ = try train(2, in: folder.path, failure: 1, on: Set(ranks))
    #expect(try names(folder) == ["step-000000006", "step-000000012.0"])
    let rest = try train(2, in: folder.path)
    #expect(rest.map(\.evaluated) == [[1, 2], [1, 2]])
  }
}
