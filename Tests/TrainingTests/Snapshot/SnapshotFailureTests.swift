import DataLoading
import Foundation
import ProcessHarness
import Testing
import Torch
import Training

private func options(_ warnings: Warnings = Warnings()) -> Snapshots.Options {
  .init(retention: .init(last: 10), lockTimeout: .zero, warn: { warnings.add($0) })
}

/// Returns a folder with snapshots of steps 2 and 4, and fingerprints of their weights.
private func twoSnapshots() throws -> (folder: TestFolder, fingerprints: [Int: UInt64]) {
  let folder = try TestFolder()
  let job = try SnapshotJob()
  let snapshots = try Snapshots(folder.path, options: options())
  var fingerprints: [Int: UInt64] = [:]
  for _ in 0..<2 {
    try job.run(steps: 2)
    try snapshots.save(job.progress, job.parts)
    fingerprints[job.progress.step] = job.fingerprint
  }
  try snapshots.finish()
  return (folder, fingerprints)
}

private let newest = "step-000000004"

@Suite struct SnapshotFailureTests {
  @Test(arguments: [
    ("manifest.json", "its manifest.json cannot be read"),
    ("model.safetensors", "model.safetensors cannot be read: No such file"),
    ("ranks.safetensors", "ranks.safetensors cannot be read: No such file"),
  ])
  func missingFileFallsBackToThePreviousSnapshot(name: String, reason: String) throws {
    let (folder, fingerprints) = try twoSnapshots()
    try FileManager.default.removeItem(atPath: folder.file("\(newest)/\(name)"))
    let warnings = Warnings()
    let job = try SnapshotJob()
    let snapshots = try Snapshots(folder.path, options: options(warnings))
    let resumed = try #require(try snapshots.resume(&job.progress, job.parts))
    #expect(resumed.step == 2 && job.fingerprint == fingerprints[2])
    #expect(resumed.damaged.count == 1 && warnings.texts == resumed.damaged)
    #expect(warnings.texts[0].contains(reason) && warnings.texts[0].contains(newest))
    // The next snapshot of that step gets a new name, and the damaged one is removed.
    try job.run(steps: 2)
    try snapshots.save(job.progress, job.parts)
    try snapshots.finish()
    #expect(
      try SnapshotFolder(path: folder.path).names().map(\.description) == [
        "step-000000002", "step-000000004.2",
      ])
    #expect(job.fingerprint == fingerprints[4])
  }

  @Test func resumeThrowsIfNoSnapshotIsIntact() throws {
    let (folder, _) = try twoSnapshots()
    for name in ["step-000000002", newest] {
      try Data().write(to: URL(fileURLWithPath: folder.file("\(name)/model.safetensors")))
    }
    let job = try SnapshotJob()
    let snapshots = try Snapshots(folder.path, options: options())
    #expect { try snapshots.resume(&job.progress, job.parts) } throws: {
      ($0 as? TrainingError)?.code == .damaged && "\($0)".contains("none of the 2 snapshots")
        && "\($0)".contains("model.safetensors has 0 bytes")
    }
  }

  @Test func warningNamesTheDamagedTensor() throws {
    let (folder, _) = try twoSnapshots()
    let path = folder.file("\(newest)/model.safetensors")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let warnings = Warnings()
    let job = try SnapshotJob()
    let snapshots = try Snapshots(folder.path, options: options(warnings))
    try snapshots.resume(&job.progress, job.parts)
    #expect(warnings.texts[0].contains("the checksum of tensor 'weight' in model.safetensors"))
  }

  /// Changes bytes and truncates files; resume must fall back to the previous snapshot every time.
  @Test func everyCorruptionIsDetected() throws {
    let (folder, fingerprints) = try twoSnapshots()
    let warnings = Warnings()
    let snapshots = try Snapshots(folder.path, options: options(warnings))
    var trials = 0
    func expectFallback(_ what: String) throws {
      trials += 1
      let job = try SnapshotJob()
      let resumed = try #require(try snapshots.resume(&job.progress, job.parts), "\(what)")
      #expect(resumed.step == 2 && job.progress.step == 2, "\(what)")
      #expect(job.fingerprint == fingerprints[2], "\(what)")
      #expect(warnings.texts.count == trials)
    }
    for name in ["manifest.json"] + ["model", "optimizer", "ranks"].map({ "\($0).safetensors" }) {
      let url = URL(fileURLWithPath: folder.file("\(newest)/\(name)"))
      let whole = try Data(contentsOf: url)
      // Every byte of the smaller files; a sample of the bytes of the generators' states.
      let positions = stride(from: 0, to: whole.count, by: max(1, whole.count / 250))
      for position in positions {
        var changed = whole
        changed[position] ^= UInt8(1 << (position % 8))
        try changed.write(to: url)
        try expectFallback("\(name), byte \(position) of \(whole.count) changed")
      }
      for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 60)) {
        try whole.prefix(count).write(to: url)
        try expectFallback("\(name), cut to \(count) of \(whole.count) bytes")
      }
      try (whole + Data([0])).write(to: url)
      try expectFallback("\(name), a byte longer")
      try whole.write(to: url)
    }
    #expect(trials >= 1000)
    let job = try SnapshotJob()
    let resumed = try snapshots.resume(&job.progress, job.parts)
    #expect(resumed?.step == 4)
    #expect(job.fingerprint == fingerprints[4])
  }

  @Test func newerFormatErrorNamesBothVersions() throws {
    let (folder, _) = try twoSnapshots()
    var manifest = try SnapshotContents.manifest(in: folder.file(newest))
    manifest.version = 7
    try manifest.encoded().write(to: URL(fileURLWithPath: folder.file("\(newest)/manifest.json")))
    let job = try SnapshotJob()
    let snapshots = try Snapshots(folder.path, options: options())
    #expect { try snapshots.resume(&job.progress, job.parts) } throws: {
      ($0 as? TrainingError)?.code == .newerVersion && "\($0)".contains("format version 7")
        && "\($0)".contains("versions up to 1:") && "\($0)".contains(newest)
    }
  }

  @Test func snapshotOfANewerFormatIsNeverRemoved() throws {
    let (folder, _) = try twoSnapshots()
    let path = folder.file("step-000000002")
    var manifest = try SnapshotContents.manifest(in: path)
    manifest.version = 7
    try manifest.encoded().write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
    var settings = options()
    settings.retention = .init(last: 1)
    let snapshots = try Snapshots(folder.path, options: settings)
    let job = try SnapshotJob()
    try snapshots.resume(&job.progress, job.parts)
    try job.run(steps: 2) { try snapshots.save(job.progress, job.parts) }
    try snapshots.finish()
    #expect(try SnapshotFolder(path: folder.path).names().map(\.step) == [2, 6])
  }

  @Test func snapshotOfADifferentJobThrows() throws {
    let (folder, _) = try twoSnapshots()
    let snapshots = try Snapshots(folder.path, options: options())
    func expect(_ job: SnapshotJob, parts: SnapshotParts? = nil, _ reason: String) {
      #expect { try snapshots.resume(&job.progress, parts ?? job.parts) } throws: {
        ($0 as? TrainingError)?.code == .mismatch && "\($0)".contains(reason)
          && "\($0)".contains(newest)
      }
      #expect(job.progress.step == 0)
    }
    expect(
      try SnapshotJob(outputs: 3),
      "part 'model': 'bias' was saved as float32[2], but this model needs float32[3]")
    expect(try SnapshotJob(samples: 19), "longer data set: it had 20 samples, this one has 19")
    expect(try SnapshotJob(samples: 21), "shorter data set")
    let job = try SnapshotJob()
    expect(job, parts: ["model": job.model], "has a part 'optimizer' that was not passed")
    expect(
      job, parts: job.parts.merging(["scaler": StatefulValue(1)]) { $1 }, "has no part 'scaler'")
  }

  @Test func savingToAnotherRunsFolderThrows() throws {
    let (folder, _) = try twoSnapshots()
    let snapshots = try Snapshots(folder.path, options: options())
    let job = try SnapshotJob()
    try job.run(steps: 1)
    #expect { try snapshots.save(job.progress, job.parts) } throws: {
      ($0 as? TrainingError)?.code == .mismatch && "\($0)".contains("reached step 4")
    }
  }

  @Test func invalidPartNamesThrow() throws {
    let folder = try TestFolder()
    let snapshots = try Snapshots(folder.path, options: options())
    let job = try SnapshotJob()
    for name in ["", "a/b", "..", "ranks", "random", "ключ"] {
      #expect { try snapshots.save(job.progress, [name: job.model]) } throws: {
        ($0 as? TrainingError)?.code == .invalidArgument
      }
    }
  }

  @Test func lockErrorNamesTheHolder() throws {
    let folder = try TestFolder()
    do {
      let first = try Snapshots(folder.path, options: options())
      defer { withExtendedLifetime(first) {} }
      #expect { try Snapshots(folder.path, options: options()) } throws: {
        ($0 as? TrainingError)?.code == .locked
          && "\($0)".contains("process \(ProcessInfo.processInfo.processIdentifier) on host ")
          && "\($0)".contains(ProcessInfo.processInfo.hostName)
      }
    }
    _ = try Snapshots(folder.path, options: options())
  }

  @Test func folderCreationErrorNamesTheFolder() throws {
    let folder = try TestFolder()
    try folder.create("file")
    #expect { try Snapshots(folder.file("file/snapshots"), options: options()) } throws: {
      ($0 as? TrainingError)?.code == .inputOutput
        && "\($0)".contains(folder.file("file/snapshots"))
    }
    #expect { try Snapshots("/proc/self", options: options()) } throws: {
      ($0 as? TrainingError)?.code == .inputOutput && "\($0)".contains("/proc/self/lock")
    }
  }

  /// Blocks the writer; the inventory must still match what ends up in the folder.
  @Test func timedOutWriteStillCompletes() throws {
    let (folder, _) = try twoSnapshots()
    var settings = options()
    settings.writeTimeout = .milliseconds(1)
    let snapshots = try Snapshots(folder.path, options: settings)
    let job = try SnapshotJob()
    let before = DispatchSemaphore(value: 0)
    let after = DispatchSemaphore(value: 0)
    func expectTimeout(_ body: () throws -> Void) {
      #expect { try body() } throws: { ($0 as? TrainingError)?.code == .timedOut }
    }
    try snapshots.resume(&job.progress, job.parts)
    snapshots.writer.start { before.wait() }
    expectTimeout { try snapshots.finish() }
    #expect(snapshots.inventory.lastStep == 4)
    before.signal()
    #expect(snapshots.writer.isIdle(within: .seconds(60)))

    try job.run(steps: 1)
    try snapshots.save(job.progress, job.parts)
    snapshots.writer.start { after.wait() }
    expectTimeout { try snapshots.finish() }
    #expect(snapshots.inventory.lastStep == 5)
    after.signal()
    #expect(snapshots.writer.isIdle(within: .seconds(60)))
    #expect(try SnapshotFolder(path: folder.path).names().map(\.step) == [2, 4, 5])
  }

  @Test func failedWriteThrowsFromTheNextCall() throws {
    let (folder, _) = try twoSnapshots()
    let snapshots = try Snapshots(folder.path, options: options())
    let job = try SnapshotJob()
    try snapshots.resume(&job.progress, job.parts)
    try FileManager.default.removeItem(atPath: folder.path)
    try job.run(steps: 1)
    try snapshots.save(job.progress, job.parts)
    #expect { try snapshots.save(job.progress, job.parts) } throws: {
      ($0 as? TrainingError)?.code == .inputOutput && "\($0)".contains("step-000000005")
    }
  }
}
