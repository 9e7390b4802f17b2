import DataLoading
import Foundation
import ProcessHarness
import Testing
import Torch
import Training

private func options(_ warnings: Warnings = Warnings(), _ retention: SnapshotRetention = .init())
  -> Snapshots.Options
{
  .init(retention: retention, lockTimeout: .zero, warn: { warnings.add($0) })
}

@Suite struct SnapshotsTests {
  /// Runs in its own process, because libtorch's generator is global.
  @Test func resumingWithinAnEpochIsBitExact() async {
    await #expect(processExitsWith: .success) {
      manualSeed(5)
      let whole = try SnapshotJob(isNoisy: true)
      try whole.run(steps: 30)

      for cut in [1, 4, 7, 13] {
        let folder = try TestFolder()
        do {
          let snapshots = try Snapshots(folder.path, options: options())
          manualSeed(5)
          let first = try SnapshotJob(isNoisy: true)
          try first.run(steps: cut)
          try snapshots.save(first.progress, first.parts)
          // Steps after the snapshot are lost.
          try first.run(steps: 2)
          try snapshots.finish()
        }
        manualSeed(99)
        let second = try SnapshotJob(isNoisy: true)
        let snapshots = try Snapshots(folder.path, options: options())
        let resumed = try #require(try snapshots.resume(&second.progress, second.parts))
        #expect(resumed.step == cut && resumed.damaged.isEmpty && resumed.worldSize == 1)
        #expect(second.progress.step == cut)
        try second.run(steps: 30 - cut)
        #expect(second.fingerprint == whole.fingerprint)
        #expect(second.seen.value == Array(whole.seen.value.dropFirst(cut)))
        #expect(second.progress == whole.progress)
      }
    }
  }

  @Test func resumingFromAnEmptyFolderChangesNothing() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    let before = (job.fingerprint, job.progress)
    let snapshots = try Snapshots(folder.file("new/folder"), options: options())
    let resumed = try snapshots.resume(&job.progress, job.parts)
    #expect(resumed == nil)
    #expect(job.fingerprint == before.0 && job.progress == before.1)
  }

  /// The staging buffer is reused while tensors change.
  @Test func eachSnapshotHoldsTheStateOfItsStep() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    var fingerprints: [Int: UInt64] = [:]
    do {
      let snapshots = try Snapshots(folder.path, options: options(.init(), .init(last: 100)))
      try job.run(steps: 12) {
        try snapshots.save(job.progress, job.parts)
        fingerprints[job.progress.step] = job.fingerprint
      }
    }
    for (step, fingerprint) in fingerprints {
      let contents = try SnapshotContents(reading: folder.file("\(SnapshotName(step: step))"))
      #expect(contents.files["model.safetensors"]?.fingerprint == fingerprint)
      // Any safetensors reader can read them.
      let path = folder.file("\(SnapshotName(step: step))/model.safetensors")
      #expect(try Safetensors.read(path: path).tensors.fingerprint == fingerprint)
    }
  }

  @Test func customAndPerRankPartsAreRestored() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    try job.run(steps: 3)
    do {
      let snapshots = try Snapshots(folder.path, options: options())
      try snapshots.save(
        job.progress, job.parts.merging(["seen": job.seen]) { $1 },
        perRank: ["local": StatefulValue("mine")], metric: .infinity)
    }
    let other = try SnapshotJob()
    let local = StatefulValue("")
    let snapshots = try Snapshots(folder.path, options: options())
    try snapshots.resume(
      &other.progress, other.parts.merging(["seen": other.seen]) { $1 }, perRank: ["local": local])
    #expect(other.seen.value == job.seen.value)
    #expect(local.value == "mine")
  }

  @Test func onlyTheLastAndTheBestAreKept() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    func steps() throws -> [Int] { try SnapshotFolder(path: folder.path).names().map(\.step) }
    do {
      let snapshots = try Snapshots(
        folder.path, options: options(.init(), .init(last: 2, best: .highest)))
      for metric in [0.5, 0.9, 0.7, 0.6, 0.8] {
        try job.run(steps: 1)
        try snapshots.save(job.progress, job.parts, metric: metric)
      }
      try snapshots.finish()
      #expect(try steps() == [2, 4, 5])
    }
    // The next run reads the metrics from the manifests.
    let snapshots = try Snapshots(
      folder.path, options: options(.init(), .init(last: 2, best: .highest)))
    try snapshots.resume(&job.progress, job.parts)
    for metric in [0.1, 0.2] {
      try job.run(steps: 1)
      try snapshots.save(job.progress, job.parts, metric: metric)
    }
    try snapshots.finish()
    #expect(try steps() == [2, 6, 7])
  }

  @Test func theSameStepCanBeSavedTwice() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    try job.run(steps: 2)
    let snapshots = try Snapshots(folder.path, options: options())
    try snapshots.save(job.progress, job.parts)
    noGrad { job.model.weight.zero_() }
    try snapshots.save(job.progress, job.parts)
    try snapshots.finish()
    let other = try SnapshotJob()
    let resumed = try snapshots.resume(&other.progress, other.parts)
    #expect(resumed?.path == folder.file("step-000000002.2"))
    #expect(other.fingerprint == job.fingerprint)
  }

  @Test func saveIfDueFollowsThePolicy() throws {
    let folder = try TestFolder()
    let job = try SnapshotJob()
    var settings = options(.init(), .init(last: 100))
    settings.policy = SnapshotPolicy(steps: 4)
    let snapshots = try Snapshots(folder.path, options: settings)
    var made: [Int] = []
    try job.run(steps: 13) {
      if try snapshots.saveIfDue(job.progress, job.parts) { made.append(job.progress.step) }
    }
    #expect(made == [4, 8, 12])
  }
}
