import Collectives
import ProcessHarness
import RankHarness
import Testing
import Training

/// How long a trainer locks its snapshot folder.
@Suite struct TrainerLockTests {
  private enum End: CaseIterable { case completed, stopped, failed }
  private struct Failed: Error {}

  private func open(_ folder: String, _ group: (any ProcessGroup)? = nil) throws -> Snapshots {
    try Snapshots(folder, group: group, options: .init(lockTimeout: .zero, warn: { _ in }))
  }

  private func isLocked(_ folder: String) -> Bool {
    do {
      _ = try open(folder)
      return false
    } catch {
      return (error as? TrainingError)?.code == .locked
    }
  }

  /// The evaluation refers to its trainer, so neither is released.
  private func train(
    _ group: any ProcessGroup, in folder: String, epochs: Int, _ end: End
  ) throws -> (trainer: Trainer<SmallJob.Network>, job: SmallJob, wasLocked: Bool) {
    let job = try SmallJob(group)
    let trainer = try job.trainer(TrainerOptions(.epochs(epochs)))
    var wasLocked = false
    trainer.evaluation = { _ in
      wasLocked = isLocked(folder)
      if end == .failed { throw Failed() }
      return ["step": Double(trainer.progress?.step ?? 0)]
    }
    if end == .stopped {
      trainer.callbacks = [TrainerCallback(epochEnded: { _ in throw StopTraining() })]
    }
    try trainer.resume(from: open(folder, group), job.loader)
    do {
      try trainer.fit(job.loader, loss: SmallJob.loss)
    } catch is Failed where end == .failed {}
    return (trainer, job, wasLocked)
  }

  @Test(arguments: [0, 1, 2]) func folderIsLockedUntilTrainingEnds(end: Int) throws {
    let folder = try TestFolder()
    let group = LocalProcessGroup.make(worldSize: 1)[0]
    for epochs in 1...3 {
      let run = try train(group, in: folder.path, epochs: epochs, End.allCases[end])
      #expect(run.wasLocked && !isLocked(folder.path))
      // 12 samples in batches of 2; a stopped or failed run has trained its epoch, too.
      #expect(run.trainer.progress?.step == (End.allCases[end] == .failed ? 6 : 6 * epochs))
    }
  }

  @Test func folderIsUnlockedOnceAllRanksHaveReturned() throws {
    let folder = try TestFolder()
    let steps = try onRanks(2, timeout: .seconds(20)) { [path = folder.path] group in
      let run = try train(group, in: path, epochs: 2, .completed)
      return run.trainer.progress?.step
    }
    #expect(steps == [6, 6] && !isLocked(folder.path))
  }

  @Test func trainerThatContinuesLocksTheFolderAgain() throws {
    let folder = try TestFolder()
    let group = LocalProcessGroup.make(worldSize: 1)[0]
    let run = try train(group, in: folder.path, epochs: 3, .stopped)
    #expect(run.trainer.progress?.step == 6)
    run.trainer.callbacks = []
    let other = try open(folder.path)
    #expect {
      try run.trainer.fit(run.job.loader, loss: SmallJob.loss)
    } throws: {
      ($0 as? TrainingError)?.code == .locked
    }
    withExtendedLifetime(other) {}
  }

  /// Another job has trained on in the meantime; its snapshots are not overwritten.
  @Test func snapshotsOfAnotherJobAreNotOverwritten() throws {
    let folder = try TestFolder()
    let group = LocalProcessGroup.make(worldSize: 1)[0]
    let first = try train(group, in: folder.path, epochs: 3, .stopped)
    let second = try train(group, in: folder.path, epochs: 3, .completed)
    #expect(second.trainer.progress?.step == 18)
    first.trainer.callbacks = []
    #expect {
      try first.trainer.fit(first.job.loader, loss: SmallJob.loss)
    } throws: {
      "\($0)".contains("belongs to another run, which reached step 18; this run is at step 12")
    }
  }
}
