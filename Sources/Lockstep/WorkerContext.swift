public import Collectives
internal import Support
public import Torch
internal import TorchCollectives
public import Worker

/// One worker of a job: its rank, its peers and its device.
///
/// ``withWorker(timeout:device:backend:_:)`` creates it. Use it on the thread that received it.
public final class WorkerContext {
  /// The default time limit for joining the group and for each collective: 30 minutes, as in
  /// PyTorch.
  public static let defaultTimeout = GlooProcessGroup.defaultTimeout

  /// All ranks of the job.
  public let group: any ProcessGroup

  /// The device of this worker's model.
  public let device: Device

  /// The launcher's environment variables; `nil` if no launcher started this process.
  public let environment: LaunchEnvironment?

  private var agreement: StopAgreement?

  /// Joins the job that the environment describes; without a launcher, creates a job of one worker.
  ///
  /// - Throws: ``WorkerError`` if the environment is invalid; ``TorchError`` if the device does not
  ///   exist; ``CollectiveError`` if the ranks cannot form a group within `timeout`.
  init(timeout: Duration, device: String?, backend: ProcessGroupBackend?) throws {
    StandardOutput.bufferByLine()
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

  /// This worker's rank in the job, starting at 0.
  public var rank: Int { group.rank }

  /// The number of workers in the job.
  public var worldSize: Int { group.worldSize }

  /// This worker's rank among the workers on its host, starting at 0.
  public var localRank: Int { environment?.localRank ?? 0 }

  /// Whether this is rank 0, the worker that prints and saves.
  public var isMain: Bool { rank == 0 }

  /// The number of times the launcher restarted the job's workers; 0 without a launcher.
  public var restartCount: Int { environment?.restartCount ?? 0 }

  /// The request to stop, which the launcher or a batch system sends as a signal.
  ///
  /// After the first use of this property, SIGTERM and SIGUSR1 no longer end the process. Pass the
  /// request to a `Trainer`, or call ``shouldStop()`` after each step.
  public var stopRequest: StopRequest { stopAgreement.request }

  /// Returns whether all ranks must stop after this step; the result is the same on every rank.
  ///
  /// Call it on every rank, once after each step. If it returns `true`, save the state and call
  /// ``exitStopped()``. See ``StopAgreement/isReached()``.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or times out.
  public func shouldStop() throws(CollectiveError) -> Bool { try stopAgreement.isReached() }

  /// Waits until all ranks have called this function, and exits with ``StopRequest/exitCode``.
  ///
  /// Call it on every rank after saving the state that is needed to resume.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or times out.
  public func exitStopped() throws(CollectiveError) -> Never {
    try group.barrier()
    StopRequest.exit()
  }

  private var stopAgreement: StopAgreement {
    if let agreement { return agreement }
    let new = StopAgreement(StopRequest(), group: group)
    agreement = new
    return new
  }
}
