public import Collectives
internal import DataParallel
internal import Foundation
internal import Glibc
internal import Support
public import Torch

/// Saves snapshots of a training run to a folder and resumes from them, bit for bit.
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
/// All ranks make the same calls. Only rank 0 uses the folder. It writes the parts, which are equal
/// on all ranks, and each rank's random generators and other per-rank parts; on resume it sends
/// them to all ranks. It gathers parts that are sharded over the ranks, such as a
/// `ZeroRedundancyOptimizer`, and writes them as a whole.
/// `Documentation/Lockstep.docc/DesignNotes/SnapshotFormat.md` describes the files.
///
/// A background thread writes the snapshot. A call waits only for the copy to memory, and for the
/// previous snapshot if it is still being written. Not thread-safe.
public final class Snapshots {
  /// Settings of ``Snapshots``.
  public struct Options: Sendable {
    /// Decides when ``Snapshots/saveIfDue(_:_:perRank:metric:)`` saves a snapshot.
    public var policy: SnapshotPolicy
    /// Decides which snapshots to keep.
    public var retention: SnapshotRetention
    /// The maximum wait for another job, which may be exiting, to release the folder.
    public var lockTimeout: Duration
    /// The time limit for writing one snapshot.
    public var writeTimeout: Duration
    /// Receives warnings, such as a damaged snapshot; by default logs them.
    public var warn: @Sendable (String) -> Void
    /// Receives one line for each setting that differs from the snapshot's, on rank 0; by default
    /// logs it.
    public var inform: @Sendable (String) -> Void

    /// Creates options.
    public init(
      policy: SnapshotPolicy = .everyEpoch, retention: SnapshotRetention = SnapshotRetention(),
      lockTimeout: Duration = .seconds(2), writeTimeout: Duration = .seconds(600),
      warn: (@Sendable (String) -> Void)? = nil, inform: (@Sendable (String) -> Void)? = nil
    ) {
      self.policy = policy
      self.retention = retention
      self.lockTimeout = lockTimeout
      self.writeTimeout = writeTimeout
      self.warn = warn ?? { Log.warning($0) }
      self.inform = inform ?? { Log.notice($0) }
    }
  }

  let group: (any ProcessGroup)?
  let options: Options
  let transfer: StateTransfer
  let folder: SnapshotFolder
  var policy: SnapshotPolicy
  /// The contents of the folder; on rank 0 only.
  package var inventory = SnapshotInventory()
  /// The contents before the snapshot that is being written.
  private var inventoryBefore = SnapshotInventory()
  /// The lock on the folder; on rank 0 only.
  private var lock: FolderLock?
  /// Whether rank 0 holds the lock; the same on all ranks.
  private var isLocked = false
  private let staging = StagingBuffer()
  private var isPrepared = false
  /// The settings of this run; `nil` before the first resume or save.
  var settings: RecordedSettings?
  package let writer = BackgroundWriter()

  /// Opens a folder, and creates it if it is missing.
  ///
  /// The folder is locked, so that no other job uses it, until this object is released, or until
  /// `fit(_:loss:)` returns or throws. A later call locks it again.
  ///
  /// - Parameters:
  ///   - path: The folder; only rank 0 uses it.
  ///   - group: The ranks of the job; `nil` for a single process.
  ///   - options: When to save snapshots, and which to keep.
  /// - Throws: ``TrainingError`` on all ranks, with code `locked` if another job uses the folder,
  ///   or `inputOutput` if it is not writable; ``Collectives/CollectiveError`` if a peer is lost.
  public init(_ path: String, group: (any ProcessGroup)? = nil, options: Options = Options()) throws
  {
    self.group = group
    self.options = options
    policy = options.policy
    folder = SnapshotFolder(path: path)
    transfer = StateTransfer(group: group)
    try lockFolder()
  }

  deinit { waitBeforeUnlocking() }

  /// Locks the folder and reads its contents, unless it is locked; call it on every rank.
  ///
  /// - Throws: The errors of the initializer.
  func lockFolder() throws {
    guard !isLocked else { return }
    _ = try transfer.fromRankZero {
      let folder = try SnapshotFolder.create(folder.path)
      lock = try FolderLock(folder: folder.path, timeout: options.lockTimeout)
      folder.removeLeftovers()
      inventory = try SnapshotInventory(of: folder)
      inventoryBefore = inventory
      return true
    }
    isLocked = true
  }

  /// Waits for the writer and unlocks the folder; the next call that uses it locks it again.
  func unlockFolder() {
    waitBeforeUnlocking()
    lock = nil
    isLocked = false
  }

  private func waitBeforeUnlocking() {
    do {
      try writer.wait(timeout: options.writeTimeout)
    } catch {
      options.warn("\(error)")
    }
  }

  /// Saves a snapshot if the policy requires one; call it after each step and each epoch.
  ///
  /// If the policy depends on the time, rank 0 decides, and every call includes a broadcast.
  ///
  /// - Returns: Whether a snapshot was saved.
  /// - Throws: The errors of ``save(_:_:perRank:metric:)``.
  @discardableResult
  public func saveIfDue(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws -> Bool {
    let isDue = try isDue(progress)
    try save(progress, parts, perRank: perRank, metric: metric, ifDue: isDue)
    return isDue
  }

  /// Returns whether the policy requires a snapshot; the same on all ranks.
  func isDue(_ progress: TrainingProgress) throws -> Bool {
    let isDue = policy.isDue(progress, now: .now)
    guard let group, group.worldSize > 1, policy.dependsOnTime else { return isDue }
    return try group.broadcast([UInt8(isDue ? 1 : 0)]) == [1]
  }

  /// Saves a snapshot if it is due; otherwise prepares memory for the first one.
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

  /// Prepares the staging buffer in the background, once.
  ///
  /// Call it after a step, because optimizers create their tensors in the first one.
  func prepare(_ parts: SnapshotParts) throws {
    guard transfer.isRankZero, !isPrepared else { return }
    isPrepared = true
    let tensors = try parts.values.map { try $0.captureState().tensors }
    let byteCount = StagingBuffer.byteCount(of: tensors)
    writer.start { [staging] in staging.prepare(byteCount: byteCount) }
  }

  /// Saves a snapshot: copies the state and returns while it is being written.
  ///
  /// - Parameters:
  ///   - progress: The progress of training.
  ///   - parts: The model, the optimizer and everything else that is equal on all ranks, by name.
  ///   - perRank: Small parts whose state differs between ranks. libtorch's random generators of
  ///     the CPU and of the parts' devices are always included.
  ///   - metric: The model's score, for ``SnapshotRetention/best``.
  /// - Throws: ``TrainingError`` if the previous snapshot could not be written;
  ///   ``Torch/TorchError`` if the state of a part cannot be captured;
  ///   ``Collectives/CollectiveError`` if a peer is lost.
  public func save(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws {
    try save(progress, parts, perRank: perRank, metric: metric, isProvisional: false)
  }

  /// Saves a snapshot; a provisional one is replaced by the next snapshot of the same step.
  func save(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts,
    metric: Double? = nil, isProvisional: Bool
  ) throws {
    try Snapshots.check(parts, perRank)
    try lockFolder()
    if settings == nil { settings = try RecordedSettings(run: nil, parts: parts) }
    let states = try captureStates(of: parts)
    let ranks = try RankStates(capturing: withGenerators(perRank, states)).gathered(group)
    if !isProvisional { policy.recordSnapshot(progress, now: .now) }
    guard transfer.isRankZero else { return }
    try waitForWriter()
    isPrepared = true
    if let last = inventory.lastStep, last > progress.step {
      throw TrainingError(
        .mismatch,
        "the snapshot folder '\(folder.path)' belongs to another run, which reached step \(last); "
          + "this run is at step \(progress.step): resume from it, or start over in another folder")
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
        worldSize: ranks.count, metric: metric, progress: progress, settings: settings,
        parts: states.mapValues(\.values), ranks: ranks.map { $0.parts.mapValues(\.values) }),
      files: files)
    inventoryBefore = inventory
    let name = inventory.add(
      step: progress.step, metric: metric, isProvisional: isProvisional)
    let removals = inventory.prune(options.retention)
    writer.start { [folder] in
      try contents.write(as: name, in: folder)
      for name in removals { folder.remove(name) }
    }
  }

  /// Waits until the last snapshot is written; call it at the end of training.
  ///
  /// - Throws: ``TrainingError`` if it could not be written.
  public func finish() throws { try waitForWriter() }

  /// Saves a final snapshot, unless this step has one, and waits until it is written.
  ///
  /// - Throws: The errors of ``save(_:_:perRank:metric:)``, and ``TrainingError`` if this snapshot
  ///   could not be written.
  public func finish(
    _ progress: TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    metric: Double? = nil
  ) throws {
    if policy.lastStep != progress.step {
      try save(progress, parts, perRank: perRank, metric: metric)
    }
    try finish()
  }

  /// Captures the states to save; on ranks other than 0 a sharded part's state is only its share.
  private func captureStates(of parts: SnapshotParts) throws -> [String: State] {
    var states: [String: State] = [:]
    // Sorted, because gathering the shares is a collective.
    for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
      let whole = try (part as? any ShardedState)?.captureWholeState(to: 0)
      states[name] = try whole ?? part.captureState()
    }
    return states
  }

  private func waitForWriter() throws {
    do {
      try writer.wait(timeout: options.writeTimeout)
    } catch {
      // After a timeout the snapshot may still be written, so it stays in the inventory.
      if (error as? TrainingError)?.code != .timedOut { inventory = inventoryBefore }
      throw error
    }
  }

  /// Returns the per-rank parts together with the random generators of all devices in use.
  func withGenerators(_ perRank: SnapshotParts, _ states: [String: State]) -> SnapshotParts {
    let used = Set(states.values.flatMap { $0.tensors.values.map(\.device) })
    let devices = [Device.cpu] + used.filter { $0 != .cpu }
    return perRank.merging([Snapshots.generators: RandomGenerators(of: devices)]) {
      part, _ in part
    }
  }

  static let generators = "random"

  /// Checks that part names are usable in file names and in tensor names, and that the state of
  /// every part can be saved as a whole.
  static func check(_ parts: SnapshotParts, _ perRank: SnapshotParts) throws(TrainingError) {
    for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
      guard let combined = part as? CombinedOptimizer,
        combined.optimizers.contains(where: { $0 is any ShardedState })
      else { continue }
      throw TrainingError(
        .invalidArgument,
        "the snapshot part '\(name)' is a CombinedOptimizer with an optimizer that is divided over "
          + "the ranks, whose state cannot be gathered: use one "
          + "ZeroRedundancyOptimizer for all parameters, or optimizers that are not divided")
    }
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

/// The parts of a training run by name; each name is also that of the part's file.
public typealias SnapshotParts = [String: any Stateful]
