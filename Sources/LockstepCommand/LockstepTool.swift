import ArgumentParser
import Elastic

struct LockstepTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Launch distributed data-parallel training jobs.",
    version: LockstepVersion.current,
    subcommands: [Run.self, Doctor.self])
}
