import ArgumentParser

@main
struct Lockstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Distributed data-parallel training: many workers, in step.",
    version: "0.1.0",
    subcommands: [Run.self, Doctor.self])
}
