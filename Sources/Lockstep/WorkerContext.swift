public import Collectives
internal import Glibc
public import Torch
internal import TorchCollectives
public import Worker

/// One worker of a job: its rank, its peers and its device.
///
/// ``withWorker(timeout:device:backend:_:)`` creates it. Use it on the thread that received it.
public final class WorkerContext {
  /// The limit for joining the group and for each collective, unless another is given: 30 minutes, as
  /// PyTorch's.
  public static let defaultTimeout = GlooProcessGroup.defaultTimeout

  /// All ranks of the job.
  public let group: any ProcessGroup

  /// The device of this worker's model.
  public let device: Device

  /// What the launcher set in the environment; `nil` in a job of one that no launcher started.
  public let environment: LaunchEnvironment?

  private var agreement: StopAgreement?

  /// Joins the job that the environment describes, or makes a job of one.
  ///
  /// - Throws: ``WorkerError`` when the environment is invalid; ``TorchError`` when the device does not
  ///   exist; ``CollectiveError`` when the ranks cannot form a group within `timeout`.
  init(timeout: Duration, device: String?, backend: ProcessGroupBackend?) throws {
    let environment = LaunchEnvironment.isLaunched ? try LaunchEnvironment() : nil
    let localRank = environment?.localRank ?? 0
    let device =
      switch device {
      case nil: try Device(localRank: localRank)
      case "cuda": try Device(parsing: "cuda:\(localRank)")
      case let device?: try Device(parsing: device)
      }
    self.environment = environment
    self.device = device
    if let environment {
      group = try environment.makeProcessGroup(backend: backend, timeout: timeout, device: device)
    } else {
      group = try makeProcessGroup(
        store: HashStore(), rank: 0, worldSize: 1, backend: backend, timeout: timeout,
        device: device)
    }
  }

  /// This worker's rank among all of the job, from 0.
  public var rank: Int { group.rank }

  /// The number of workers of the job.
  public var worldSize: Int { group.worldSize }

  /// This worker's rank among those of its host, from 0.
  public var localRank: Int { environment?.localRank ?? 0 }

  /// Whether this is rank 0, the worker that prints and saves.
  public var isMain: Bool { rank == 0 }

  /// How often the launcher has restarted the job's workers; 0 without a launcher.
  public var restartCount: Int { environment?.restartCount ?? 0 }

  /// The request to stop that the launcher or a batch system sends by a signal.
  ///
  /// From the first use on, SIGTERM and SIGUSR1 no longer end the process: pass the request to a
  /// `Trainer`, or call ``shouldStop()`` after each step.
  public var stopRequest: StopRequest { stopAgreement.request }

  /// Returns whether all ranks stop after this step: the same value on every rank.
  ///
  /// Call it on every rank, once after each step; then save and call ``exitStopped()``. See
  /// ``StopAgreement/isReached()``.
  ///
  /// - Throws: ``CollectiveError`` when a peer is lost or times out.
  public func shouldStop() throws(CollectiveError) -> Bool { try stopAgreement.isReached() }

  /// Waits until all ranks have come here, and ends the process with ``StopRequest/exitCode``.
  ///
  /// Call it on every rank when everything is saved that is needed to resume.
  ///
  /// - Throws: ``CollectiveError`` when a peer is lost or times out.
  public func exitStopped() throws(CollectiveError) -> Never {
    try group.barrier()
    exit(StopRequest.exitCode)
  }

  private var stopAgreement: StopAgreement {
    if let agreement { return agreement }
    let new = StopAgreement(StopRequest(), group: group)
    agreement = new
    return new
  }
}
