import ArgumentParser
import Elastic

extension Run {
  /// Decides what to launch from the options, the environment and the defaults, in this order.
  ///
  /// Warnings are about what is given but has no effect, or not the one that is likely meant.
  func launchConfiguration(
    environment: [String: String]
  ) throws -> (configuration: LaunchConfiguration, warnings: [String]) {
    let settings = Settings(environment: environment)
    let rendezvous = try rendezvousConfiguration(settings)
    var configuration = LaunchConfiguration(
      program: try program(settings, hasPeers: rendezvous.hasPeers))
    try decideJob(&configuration, settings)
    configuration.rendezvous = rendezvous
    configuration.masterAddress =
      try masterAddress(settings)?.host ?? configuration.masterAddress
    configuration.masterPort = try masterPort(settings)
    try decideMachine(&configuration, settings)
    try decideOutput(&configuration, settings)
    try checkCompatibility(settings)
    return (configuration, warnings(configuration, settings))
  }

  private func decideJob(
    _ configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws {
    if let given = settings.value(job.workerCount, "nproc-per-node") {
      configuration.workerCount = try workerCount(given)
    }
    configuration.maxRestarts =
      try settings.value(job.maxRestarts, "max-restarts")?.number(0...1_000_000)
      ?? configuration.maxRestarts
    configuration.shutdownTimeout =
      try settings.value(job.shutdownTimeout, "shutdown-timeout")?.seconds()
      ?? settings.variable("TORCH_ELASTIC_SHUTDOWN_TIMEOUT")?.seconds()
      ?? configuration.shutdownTimeout
    configuration.debugRank = try settings.value(job.debugRank, "debug-rank")?
      .number(0...(configuration.workerCount - 1))
    if let given = settings.value(job.signals, "signals-to-handle") {
      configuration.signals = try signals(given)
    }
    configuration.role = settings.value(job.role, "role")?.text ?? configuration.role
    configuration.threadsPerWorker = LaunchConfiguration.threadsPerWorker(
      workerCount: configuration.workerCount)
  }

  private func program(
    _ settings: Settings, hasPeers: Bool
  ) throws(ElasticError) -> Program {
    var command = command
    if command.first == "--" { command.removeFirst() }
    if let option = self.command.first, option.hasPrefix("-"), option != "--" {
      throw ElasticError(
        .usage, "there is no option \(option); `lockstep run --help` lists them")
    }
    let isModule = try settings.flag(job.module, "module")
    let isExecutable = try settings.flag(job.noPython, "no-python")
    let isScript = try settings.flag(job.runPath, "run-path")
    guard !(isExecutable && (isModule || isScript)) else {
      throw ElasticError(
        .usage,
        "\(isModule ? "--module" : "--run-path") needs Python, --no-python forbids it: leave one of "
          + "them out")
    }
    guard !(isModule && isScript) else {
      throw ElasticError(
        .usage, "the program is a module or a script: leave --module or --run-path out")
    }
    do throws(ElasticError) {
      return try Program(
        command: command,
        kind: isModule
          ? .pythonModule : isExecutable ? .executable : isScript ? .pythonScript : .automatic,
        environment: settings.environment, ownFolder: ownFolder)
    } catch {
      guard hasPeers, error.code != .usage else { throw error }
      return Program(unusable: command, because: error)  // the other nodes should not wait in vain
    }
  }

  private func workerCount(_ given: GivenValue) throws(ElasticError) -> Int {
    switch given.text {
    case "cpu": return DeviceCount.processors
    case "auto": return DeviceCount.gpus > 0 ? DeviceCount.gpus : DeviceCount.processors
    case "gpu":
      guard DeviceCount.gpus > 0 else {
        throw given.refused(
          "no GPU here: CUDA_VISIBLE_DEVICES names none and there is no /dev/nvidia0; use cpu, "
            + "auto or a number")
      }
      return DeviceCount.gpus
    case "xpu", "hpu", "mps":
      throw given.refused("only NVIDIA GPUs are counted; give their number")
    case let text:
      guard let count = Int(text), (1...4096).contains(count) else {
        throw given.refused("give a number from 1 to 4096, or cpu, gpu or auto")
      }
      return count
    }
  }

  private func signals(_ given: GivenValue) throws(ElasticError) -> [Signal] {
    var signals: [Signal] = []
    for name in given.text.split(separator: ",") {
      guard let signal = Signal(name), signal.canBeHandled else {
        throw given.refused(
          "\(name) is no signal that can be handled; give names such as SIGTERM,SIGINT")
      }
      signals.append(signal)
    }
    return signals
  }
}
