package import ArgumentParser
import Elastic
import FoundationEssentials
import Support

package struct Run: ParsableCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Run a program as a job of several workers.",
    usage: "lockstep run [<options>] <program> [<arguments> ...]",
    discussion: """
      Starts the workers and passes each its rank, the world size and the address of a store in \
      environment variables (RANK, LOCAL_RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, ...), as \
      torchrun does. Shows their output; with several workers, each line starts with the worker's \
      role and local rank. The first failure stops the other workers. Lockstep then restarts all \
      of them, or reports the failure. When the job ends, no process is left behind.

      The program is an executable (a path, or a name found in PATH or in lockstep's own folder) \
      or a Python script (*.py). Everything after the program is passed to it as arguments, in \
      which ${local_rank} is replaced by the worker's local rank.

      Examples:
        Run two workers of a Swift program:
          lockstep run --nproc-per-node 2 finetune-bert --epochs 1
        Run one worker per GPU, and restart them up to 3 times after a failure:
          lockstep run --nproc-per-node gpu --max-restarts 3 ./train
        Run a PyTorch script, and also write each worker's output to files:
          lockstep run --nproc-per-node 2 --log-dir logs --tee 3 train.py --lr 0.1

        Run node 0 of four (use the same command with its own rank on each node):
          lockstep run --nnodes 4 --node-rank 0 --rdzv-endpoint 10.0.0.1:29500 ./train
        Serve the job's status over HTTP, and write its events to a file:
          lockstep run --status-port 8080 --event-log-handler events.jsonl ./train

      Exit codes:
        0      All workers succeeded.
        N      The worker that failed first exited with code N.
        128+S  Signal S ended the worker that failed first, or stopped lockstep.
        64     The options are not valid.
        69     Other nodes cannot be reached, or did not join in time.
        71     The operating system refused something that lockstep needs.
        74     All workers succeeded, but output of them could not be written.
        75     The workers were asked to stop, saved their state and exited with 75.
               They are not restarted. Run the same command to resume. If a worker
               exits with 75 although nothing requested a stop, it has failed, and
               the job's code is 1.
        76     The other nodes refused this node.
        78     Other nodes use another launcher, such as torchrun.
        126    The program cannot be executed.
        127    The program does not exist.

      Every option except --help and --numa-binding can also be set by an environment variable: \
      PET_ followed by its name in capitals, such as PET_MAX_RESTARTS=3 or PET_STANDALONE=1. The \
      command line takes precedence. Every long option can also be written with _ instead of -, \
      and shortened as long as no other option begins with the same letters: --nproc 2. \
      Run `lockstep doctor` to check this machine.
      """)

  @OptionGroup(title: "Job") var job: JobOptions
  @OptionGroup(title: "Nodes") var rendezvous: RendezvousOptions
  @OptionGroup(title: "Output and monitoring") var output: OutputOptions
  @OptionGroup(title: "Processors and GPUs") var machine: MachineOptions
  @OptionGroup(title: "Compatibility with torchrun") var compatibility: CompatibilityOptions

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The program and its arguments.", valueName: "program"))
  var command: [String] = []

  package init() {}

  package mutating func run() throws {
    // The parser does not handle these options before a program, because of captureForPassthrough.
    if command.first == "--help" || command.first == "-h" {
      throw CleanExit.helpRequest(self)
    }
    do {
      let (configuration, warnings) = try launchConfiguration(
        environment: ProcessInfo.processInfo.environment)
      for warning in warnings { Log.warning(EscapedText.of(warning)) }
      throw ExitCode(try ElasticAgent.run(configuration))
    } catch let error as ElasticError {
      LauncherErrorFile.write(error)
      throw error
    }
  }
}
