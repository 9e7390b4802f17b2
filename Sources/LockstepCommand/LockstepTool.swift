import ArgumentParser
import Elastic

@main
struct LockstepTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Launch distributed data-parallel training jobs.",
    version: LockstepVersion.current,
    subcommands: [Run.self, Doctor.self])
}
