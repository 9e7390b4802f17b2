import ArgumentParser
package import Elastic
import FoundationEssentials
import Support

extension Run {
  /// Combines the command line, the environment and the defaults, in this order of precedence.
  ///
  /// - Returns: What to launch, and warnings about options that have no effect or an effect that is
  ///   probably not intended.
  package func launchConfiguration(
    environment: [String: String]
  ) throws -> (configuration: LaunchConfiguration, warnings: [String]) {
    let settings = Settings(environment: environment)
    let facts = try facts(settings)
    var warnings = try OptionRule.apply(to: facts)
    let rendezvous = try rendezvousConfiguration(settings)
    var configuration = LaunchConfiguration(
      program: try program(settings, hasPeers: rendezvous.hasPeers))
    configuration.rendezvous = rendezvous
    try applyJobOptions(to: &configuration, settings)
    configuration.masterAddress =
      try masterAddress(settings)?.host ?? configuration.masterAddress
    configuration.masterPort = try masterPort(settings)
    try applyMachineOptions(to: &configuration, settings)
    try applyOutputOptions(to: &configuration, settings)
    try checkCompatibility(settings)
    warnings += self.warnings(configuration, facts)
    return (configuration, warnings)
  }

  private func applyJobOptions(
    to configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws {
    if let value = settings.value(job.workerCount, "nproc-per-node") {
      configuration.workerCount = try workerCount(value)
    }
    configuration.maxRestarts =
      try settings.value(job.maxRestarts, "max-restarts")?.number(0...1_000_000)
      ?? configuration.maxRestarts
    configuration.shutdownTimeout =
      try settings.value(job.shutdownTimeout, "shutdown-timeout")?.seconds()
      ?? settings.variable("TORCH_ELASTIC_SHUTDOWN_TIMEOUT")?.seconds()
      ?? configuration.shutdownTimeout
    let isAlone = !configuration.rendezvous.hasPeers  // other nodes may have more workers
    configuration.debugRank = try settings.value(job.debugRank, "debug-rank")?
      .number(0...(isAlone ? configuration.workerCount - 1 : Int(Int32.max)))
    if let value = settings.value(job.signals, "signals-to-handle") {
      configuration.signals = try signals(value)
    }
    configuration.role = settings.value(job.role, "role")?.text ?? configuration.role
    configuration.threadsPerWorker = LaunchConfiguration.threadsPerWorker(
      workerCount: configuration.workerCount)
  }

  private func program(
    _ settings: Settings, hasPeers: Bool
  ) throws(ElasticError) -> Program {
    if let option = self.command.first, option.hasPrefix("-"), option != "--" {
      throw ElasticError(
        .usage,
        "unknown option \(ArgumentText.shown(option)); run `lockstep run --help` to list the "
          + "options"
      )
    }
    let command = commandWithoutSeparator
    let isModule = try settings.flag(job.module, "module")
    let isExecutable = try settings.flag(job.noPython, "no-python")
    let isScript = try settings.flag(job.runPath, "run-path")
    do throws(ElasticError) {
      return try Program(
        command: command.map(ArgumentText.bytes),
        kind: isModule
          ? .pythonModule : isExecutable ? .executable : isScript ? .pythonScript : .automatic,
        environment: settings.environment, launcherFolder: launcherFolder)
    } catch {
      guard hasPeers, error.code != .usage else { throw error }
      // The other nodes wait for this one, so it joins the job to report the error to them.
      return Program(unavailable: command.map(ArgumentText.shown), error: error)
    }
  }

  /// The program and its arguments, without the `--` before the program or right behind it.
  ///
  /// As in torchrun, only the first `--` is a separator; later ones are arguments.
  private var commandWithoutSeparator: [String] {
    if command.first == "--" { return Array(command.dropFirst()) }
    guard command.count > 1, command[1] == "--" else { return command }
    return [command[0]] + command[2...]
  }

  private func workerCount(_ value: OptionValue) throws(ElasticError) -> Int {
    switch value.text {
    case "cpu": return DeviceCount.processors
    case "auto": return DeviceCount.gpus > 0 ? DeviceCount.gpus : DeviceCount.processors
    case "gpu":
      guard DeviceCount.gpus > 0 else {
        throw value.error("found no GPU\(hiddenGPUs); use cpu, auto or a number")
      }
      return DeviceCount.gpus
    case "xpu", "hpu", "mps":
      throw value.error("lockstep counts only NVIDIA and AMD GPUs; use a number")
    case let text:
      guard let count = Int(text), (1...4096).contains(count) else {
        throw value.error("use a number from 1 to 4096, or cpu, gpu or auto")
      }
      return count
    }
  }

  /// The reason why a machine with GPUs shows none.
  private var hiddenGPUs: String {
    let inventory = GPUInventory.scan()
    let limits = inventory.limits(environment: ProcessInfo.processInfo.environment)
    guard !inventory.identifiers.isEmpty, !limits.isEmpty else {
      return ": there is neither /dev/nvidia0 nor an AMD GPU with /dev/kfd"
    }
    return " that is visible: the machine has \(inventory.identifiers.count), but "
      + "\(EscapedText.of(limits.joined(separator: ", "))) shows none of them"
  }

  private func signals(_ value: OptionValue) throws(ElasticError) -> [Signal] {
    var signals: [Signal] = []
    for name in value.text.split(separator: ",") {
      guard let signal = Signal(name), signal.canBeHandled else {
        throw value.error(
          "\(name) is not a signal that can be handled; use names such as SIGTERM,SIGINT")
      }
      signals.append(signal)
    }
    return signals
  }
}
