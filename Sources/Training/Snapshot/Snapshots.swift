public import Collectives
internal import Foundation
internal import Glibc
public import Torch

/// Snapshots of a training in a folder, from which it goes on to the same bits after whatever ended
/// it.
///
/// ```swift
/// let snapshots = try Snapshots("snapshots", group: group)
/// let parts: SnapshotParts = ["model": model, "optimizer": optimizer, "schedule": scheduler]
/// var progress = TrainingProgress(sampler.position)
/// try snapshots.resume(&progress, parts)
/// while progress.epoch < epochs {
///   try loader.batchSampler.sampler.setPosition(progress.position)
///   let batches = try loader.batches()
///   while let batch = try batches.next() {
///     …
///     progress.finishStep(samples: batch.count * group.worldSize)
///     try snapshots.saveIfDue(progress, parts)
///   }
///   progress.finishEpoch()
///   try snapshots.saveIfDue(progress, parts)
/// }
/// try snapshots.finish()
/// ```
///
/// All ranks make the same calls. Rank 0 alone uses the folder: it writes the parts, of which every
/// rank has an equal copy, and each rank's random generators and other parts of its own, and sends
/// them to all when the training goes on. `Documentation/snapshots.md` describes the files.
///
/// A snapshot is written by a thread of its own; a call waits only for the copy into memory, and for
/// the snapshot before if that is still being written. For one thread at a time.
public final class Snapshots {
  /// Settings of ``Snapshots``.
  public struct Options: Sendable {
    /// When ``Snapshots/saveIfDue(_:_:perRank:metric:)`` makes a snapshot.
    public var policy: SnapshotPolicy
    /// Which snapshots are kept.
    public var retention: SnapshotRetention
    /// How long to wait for another job that is just ending to leave the folder.
    public var lockTimeout: Duration
    /// The limit for one snapshot to be written.
    public var writeTimeout: Duration
    /// Takes warnings, such as that a snapshot is damaged; they go to standard error by default.
    public var warn: @Sendable (String) -> Void

    /// Creates options.
    public init(
      policy: SnapshotPolicy = .everyEpoch, retention: SnapshotRetention = SnapshotRetention(),
      lockTimeout: Duration = .seconds(2), writeTimeout: Duration = .seconds(600),
      warn: (@Sendable (String) -> Void)? = nil
    ) {
      self.policy = policy
      self.retention = retention
      self.lockTimeout = lockTimeout
      self.writeTimeout = writeTimeout
      self.warn = warn ?? { FileHandle.standardError.write(Data("warning: \($0)\n".utf8)) }
    }
  }

  let group: (any ProcessGroup)?
  let options: Options
  let transfer: StateTransfer
  let folder: SnapshotFolder
  var policy: SnapshotPolicy
  /// What is in the folder; rank 0's.
  var inventory: SnapshotInventory
  /// The same before the snapshot that is being written.
  private var inventoryBefore: SnapshotInventory
  private let lock: FolderLock?
  private let staging = StagingBuffer()
  private var isPrepared = false
  let writer = BackgroundWriter()

  /// Opens a folder, and makes it if there is none.
  ///
  /// - Parameters:
  ///   - path: The folder; only rank 0 uses it.
  ///   - group: The ranks; `nil` for a training without others.
  ///   - options: When to make snapshots, and which to keep.
  /// - Throws: ``TrainingError`` on all ranks: with code `locked` when another job uses the folder,
  ///   `inputOutput` when it cannot be written to; ``Collectives/CollectiveError`` when a peer has
  ///   gone.
  public init(_ path: String, group: (any ProcessGroup)? = nil, options: Options = Options()) throws
  {
    self.group = group
    self.options = options
    policy = options.policy
    folder = SnapshotFolder(path: path)
    transfer = StateTransfer(group: group)
    var taken: FolderLock?
    var found = SnapshotInventory()
    _ = try transfer.fromReader {
      let folder = try SnapshotFolder.create(path)
      taken = try FolderLock(folder: path, timeout: options.lockTimeout)
      folder.removeLeftovers()
      found = try SnapshotInventory(of: folder)
      return true
    }
    lock = taken
    inventory = found
    inventoryBefore = found
  }

  deinit {
    do {
      try writer.wait(timeout: options.writeTimeout)
    } catch {
      options.warn("\(error)")
    }
  }

  /// Makes a snapshot if the policy says so; to be called after each step and each epoch.
  ///
  /// With a policy that depends on the time, rank 0 decides and tells the others each time.
  ///
  /// - Returns: Whether it did.
  /// - Throws: As ``save(_:_:perRank:metric:)``.
  @discardableResult
  public func saveIfDue(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws -> Bool {
    let isDue = try isDue(progress)
    try save(progress, parts, perRank: perRank, metric: metric, ifDue: isDue)
    return isDue
  }

  /// Whether the policy says so, the same on all ranks.
  func isDue(_ progress: TrainingProgress) throws -> Bool {
    let isDue = policy.isDue(progress, now: .now)
    guard let group, group.worldSize > 1, policy.dependsOnTime else { return isDue }
    return try group.broadcast([UInt8(isDue ? 1 : 0)]) == [1]
  }

  /// Makes a snapshot, or gets ready for the first one.
  func save(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts, metric: Double?,
    ifDue isDue: Bool
  ) throws {
    if isDue {
      try save(progress, parts, perRank: perRank, metric: metric)
    } else if progress.step > 0 {
      try prepare(parts)
    }
  }

  /// Has memory made ready in the background, once: after a step, when optimizers have made their tensors.
  func prepare(_ parts: SnapshotParts) throws {
    guard transfer.isReader, !isPrepared else { return }
    isPrepared = true
    let tensors = try parts.values.map { try $0.captureState().tensors }
    let byteCount = StagingBuffer.byteCount(of: tensors)
    writer.start { [staging] in staging.prepare(byteCount: byteCount) }
  }

  /// Makes a snapshot: copies the state and returns, while it is being written.
  ///
  /// - Parameters:
  ///   - progress: How far the training has come.
  ///   - parts: The model, the optimizer and all else that is equal on all ranks, by name.
  ///   - perRank: Parts that each rank has its own state of; small ones. libtorch's random generators
  ///     of the CPU and of the parts' devices are among them without being named.
  ///   - metric: How good the model is, for ``SnapshotRetention/best``.
  /// - Throws: ``TrainingError`` when the snapshot before this one could not be written;
  ///   ``Torch/TorchError`` when a part cannot give its state; ``Collectives/CollectiveError`` when
  ///   a peer has gone.
  public func save(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws {
    try Snapshots.check(parts, perRank)
    let states = try parts.mapValues { try $0.captureState() }
    let ranks = try RankStates(capturing: withGenerators(perRank, states)).gathered(group)
    policy.noteSnapshot(progress, now: .now)
    guard transfer.isReader else { return }
    try waitForWriter()
    isPrepared = true
    if let last = inventory.lastStep, last > progress.step {
      throw TrainingError(
        .mismatch,
        "the snapshot folder '\(folder.path)' belongs to another run, which reached step \(last); this "
          + "run is at step \(progress.step): resume from it, or start over in another folder")
    }

    var files: [String: StateDict] = [:]
    for (name, state) in states where !state.tensors.isEmpty {
      files[SnapshotManifest.file(ofPart: name)] = state.tensors
    }
    files = staging.copy(files)
    files[SnapshotManifest.ranksFile] = RankTensors.joined(ranks)
    let contents = SnapshotContents(
      manifest: SnapshotManifest(
        created: Date().ISO8601Format(), step: progress.step, epoch: progress.epoch,
        worldSize: ranks.count, metric: metric, progress: progress,
        parts: states.mapValues(\.values), ranks: ranks.map { $0.parts.mapValues(\.values) }),
      files: files)
    inventoryBefore = inventory
    let name = inventory.add(step: progress.step, metric: metric)
    let removals = inventory.prune(options.retention)
    writer.start { [folder] in
      try contents.write(as: name, in: folder)
      for name in removals { folder.remove(name) }
    }
  }

  /// Waits until the last snapshot is written; call it at the end.
  ///
  /// - Throws: ``TrainingError`` when it could not be written.
  public func finish() throws { try waitForWriter() }

  /// Makes a last snapshot, unless there is one of this step, and waits until it is written.
  ///
  /// - Throws: As ``save(_:_:perRank:metric:)``, and when this one could not be written.
  public func finish(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws {
    if policy.lastStep != progress.step {
      try save(progress, parts, perRank: perRank, metric: metric)
    }
    try finish()
  }

  private func waitForWriter() throws {
    do {
      try writer.wait(timeout: options.writeTimeout)
    } catch {
      // What is late may still be written.
      if (error as? TrainingError)?.code != .timedOut { inventory = inventoryBefore }
      throw error
    }
  }

  /// The parts of each rank, with the random generators of all devices that hold tensors.
  func withGenerators(_ perRank: SnapshotParts, _ states: [String: State]) -> SnapshotParts {
    let used = Set(states.values.flatMap { $0.tensors.values.map(\.device) })
    let devices = [Device.cpu] + used.filter { $0 != .cpu }
    return perRank.merging([Snapshots.generators: RandomGenerators(of: devices)]) { own, _ in own }
  }

  static let generators = "random"

  /// Names become file names, and parts of tensors' names.
  static func check(_ parts: SnapshotParts, _ perRank: SnapshotParts) throws(TrainingError) {
    for name in parts.keys.sorted() + perRank.keys.sorted() {
      let isPlain = name.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "_")
      }
      guard isPlain, !name.isEmpty, name != "ranks", name != generators else {
        throw TrainingError(
          .invalidArgument,
          "a snapshot part cannot be named '\(name)': use letters, digits, '-' and '_'; the names "
            + "'ranks' and '\(generators)' are reserved")
      }
    }
  }
}

/// Parts of a training by name; the names are also those of the files.
public typealias SnapshotParts = [String: any Stateful]
