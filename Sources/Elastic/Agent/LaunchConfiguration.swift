/// The job to run: the evaluated options of `lockstep run`.
///
/// It has one property for each option.
public struct LaunchConfiguration: Sendable, Hashable {
  /// The program that every worker runs.
  public var program: Program

  /// The number of workers on this machine.
  public var workerCount = 1

  /// The number of times that all workers are restarted after a failure before the job fails.
  public var maxRestarts = 0

  /// The time between SIGTERM and SIGKILL, whenever workers are stopped.
  public var shutdownTimeout: Duration = .seconds(30)

  /// The rank that waits for a debugger before it runs the program; `nil` for no rank.
  public var debugRank: Int?

  /// The signals that the launcher forwards to its workers.
  ///
  /// All except `SIGUSR1` and `SIGUSR2` also stop the job. The default is torchrun's, and
  /// `SIGUSR1`: batch systems send it to all processes of a job before its end, and it would kill a
  /// launcher that does not handle it.
  public var signals: [Signal] = [.terminate, .interrupt, .hangup, .quit, .user1]

  /// The role of the workers, which is also part of their output's prefix.
  public var role = "default"

  /// How the nodes of the job find each other, and the job id.
  public var rendezvous = RendezvousConfiguration()

  /// `OMP_NUM_THREADS` of each worker, unless it is already set; `nil` does not set it.
  public var threadsPerWorker: Int?

  /// The address at which the store listens, and the workers' `MASTER_ADDR`.
  public var masterAddress = "127.0.0.1"

  /// The port of the store; `nil` uses a free port for each attempt.
  public var masterPort: Int?

  /// The folder in which a folder for the run's logs and error files is created; `nil` keeps no
  /// error files.
  public var logFolder: String?

  /// The streams that are written to log files only.
  public var redirects = StreamSelection.none

  /// The streams that are written to log files and the console.
  public var tee = StreamSelection.none

  /// The local ranks whose output is shown on the console; `nil` shows all.
  public var shownLocalRanks: Set<Int>?

  /// Lines of standard output that are in ``tee`` and contain one of these are copied to
  /// `filtered_stdout.log`.
  public var outputFilters: [String] = []

  /// Lines of standard error that are in ``tee`` and contain one of these are copied to
  /// `filtered_stderr.log`.
  public var errorFilters: [String] = []

  /// The prefix of output lines if there are several workers, with torchrun's macros.
  public var linePrefixTemplate = LinePrefix.standardTemplate

  /// The log for events, such as a worker's failure; `nil` for no log.
  public var eventLog: EventLog?

  /// The port at which the launcher serves its status over HTTP, 0 for any free one; `nil` for
  /// none.
  public var statusPort: Int?

  /// Whether the job runs without ``statusPort`` if another process listens there.
  public var isStatusPortOptional = false

  /// Whether each worker has local rank 0 and sees only its own GPU.
  public var isLocalRankVirtual = false

  /// How workers are bound to processors; `nil` leaves it to the kernel.
  public var numaBinding: NUMABinding?

  /// Other variables in the workers' environment.
  package var variables: [String: String] = [:]

  /// Creates the configuration of one worker without restarts.
  public init(program: Program) { self.program = program }

  /// An equal share of this machine's processors for each worker, at least 1.
  ///
  /// It is `nil` for a single worker, which chooses for itself.
  public static func threadsPerWorker(workerCount: Int) -> Int? {
    workerCount > 1 ? max(1, DeviceCount.processors / workerCount) : nil
  }
}
