/// What to launch and how: the decided form of the options of `lockstep run`.
public struct LaunchConfiguration: Sendable, Hashable {
  /// The program that every worker runs.
  public var program: Program

  /// How many workers to run on this machine.
  public var workerCount = 1

  /// How often all workers are restarted after one of them failed, before the job fails.
  public var maxRestarts = 0

  /// How long workers may take to end after SIGTERM, before SIGKILL; on every path.
  public var shutdownTimeout: Duration = .seconds(30)

  /// The rank that waits for a debugger before it runs the program; `nil` for none.
  public var debugRank: Int?

  /// The signals that the launcher passes on to its workers.
  ///
  /// All but `SIGUSR1` and `SIGUSR2` also end the job. torchrun's, and SIGUSR1: batch systems
  /// announce the end of a job with it, to all its processes, and it would end a launcher that does
  /// not.
  public var signals: [Signal] = [.terminate, .interrupt, .hangup, .quit, .user1]

  /// The workers' role, as they and their output's prefix name it.
  public var role = "default"

  /// How the nodes of the job find each other, and the job's name.
  public var rendezvous = RendezvousConfiguration()

  /// `OMP_NUM_THREADS` of each worker, unless it is set already; `nil` leaves it to the worker.
  public var threadsPerWorker: Int?

  /// The address of the store, as workers are told it, and that it listens at.
  public var masterAddress = "127.0.0.1"

  /// The port of the store; `nil` takes a free one for each attempt.
  public var masterPort: Int?

  /// Where a folder with the run's logs and error files is created; `nil` keeps no error files.
  public var logFolder: String?

  /// The streams that go to log files and not to the console.
  public var redirects = StreamSelection.none

  /// The streams that go to log files and to the console.
  public var tee = StreamSelection.none

  /// The local ranks whose output is shown on the console; `nil` shows all.
  public var shownLocalRanks: Set<Int>?

  /// Lines of standard output that contain one of these are copied to `filtered_stdout.log`.
  public var outputFilters: [String] = []

  /// Lines of standard error that contain one of these are copied to `filtered_stderr.log`.
  public var errorFilters: [String] = []

  /// What stands before each line of output when there are several workers; torchrun's macros.
  public var linePrefixTemplate = LinePrefix.standardTemplate

  /// Where events, such as a worker's failure, are reported; `nil` for nowhere.
  public var eventLog: EventLog?

  /// The port at which the launcher tells its state over HTTP, 0 for any free one; `nil` for none.
  public var statusPort: Int?

  /// Whether each worker sees only its own GPU, and itself as local rank 0.
  public var isLocalRankVirtual = false

  /// To which processors workers are bound; `nil` leaves that to the kernel.
  public var numaBinding: NUMABinding?

  /// What else is set in the workers' environment.
  package var variables: [String: String] = [:]

  /// Creates the configuration of one worker without restarts.
  public init(program: Program) { self.program = program }

  /// A fair share of this machine's processors for each of several workers; at least 1.
  ///
  /// One worker alone chooses for itself.
  public static func threadsPerWorker(workerCount: Int) -> Int? {
    workerCount > 1 ? max(1, DeviceCount.processors / workerCount) : nil
  }
}
