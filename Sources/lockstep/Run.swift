import ArgumentParser
import Elastic
import FoundationEssentials
import Glibc

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run several workers of a program as one job.",
    usage: "lockstep run [<options>] <program> [<arguments> ...]",
    discussion: """
      Starts the workers, each with its rank, the world size and the address of a store in its \
      environment (RANK, LOCAL_RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, ...), as torchrun does. \
      Shows their output, each line after the name of its worker. When a worker fails, the others \
      are stopped; then all are restarted, or the one that failed first is reported. Leaves no \
      process behind.

      The program is an executable (a path, or a name in PATH or beside lockstep) or a Python \
      script (*.py). All that follows it is passed on to it; ${local_rank} in it becomes the \
      worker's local rank.

      Examples:
        Two workers of a Swift program:
          lockstep run --nproc-per-node 2 finetune-bert --epochs 1
        One worker per GPU, restarted up to 3 times when one fails:
          lockstep run --nproc-per-node gpu --max-restarts 3 ./train
        A PyTorch script, with the output of each worker in files too:
          lockstep run --nproc-per-node 2 --log-dir logs --tee 3 train.py --lr 0.1

        This node of four; all run the same command with their own rank:
          lockstep run --nnodes 4 --node-rank 0 --rdzv-endpoint 10.0.0.1:29500 ./train
        With a page of its state, and the events in a file:
          lockstep run --status-port 8080 --event-log-handler events.jsonl ./train

      The exit code is 0 when all workers succeeded, else that of the worker that failed first \
      (128 + the signal's number if a signal ended it), 128 + the signal if lockstep itself was \
      stopped by one, 75 if the workers were asked to stop and have saved what they need to go on \
      (they end with 75, and are not restarted), 127 or 126 if the program does not exist or cannot be \
      executed, 64 for wrong options.

      Every option but --help and --numa-binding can be set by an environment variable too: PET_ and its \
      name in capitals, such as PET_MAX_RESTARTS=3 or PET_STANDALONE=1. The command line wins. All long options \
      can be written with _ in place of - as well. `lockstep doctor` checks this machine.
      """)

  @OptionGroup(title: "Job") var job: JobOptions
  @OptionGroup(title: "Nodes") var rendezvous: RendezvousOptions
  @OptionGroup(title: "Output and state") var output: OutputOptions
  @OptionGroup(title: "Processors and GPUs") var machine: MachineOptions
  @OptionGroup(title: "Accepted for torchrun's sake") var compatibility: CompatibilityOptions

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The program and its arguments.", valueName: "program"))
  var command: [String] = []

  mutating func run() throws {
    if command.first == "--help" || command.first == "-h" {  // the parser leaves these to us
      throw CleanExit.helpRequest(self)
    }
    do {
      let (configuration, warnings) = try launchConfiguration(
        environment: ProcessInfo.processInfo.environment)
      for warning in warnings { writeToStandardError("lockstep: warning: \(warning)\n") }
      let code = try LocalAgent.run(configuration)
      throw ExitCode(code)
    } catch let error as ElasticError {
      writeToStandardError("lockstep: error: \(error)\n")
      throw ExitCode(error.exitCode)
    }
  }
}

private func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
