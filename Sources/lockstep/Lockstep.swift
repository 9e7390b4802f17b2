import ArgumentParser
import Elastic

@main
struct Lockstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Distributed data-parallel training: many workers, in step.",
    version: LockstepVersion.current,
    subcommands: [Run.self, Doctor.self])
}
