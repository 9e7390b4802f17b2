import ArgumentParser
import Elastic

extension Run {
  /// Combines the command line, the environment and the defaults, in this order of precedence.
  ///
  /// - Returns: What to launch, and warnings about options that have no effect or an effect that is
  ///   probably not intended.
  func launchConfiguration(
    environment: [String: String]
  ) throws -> (configuration: LaunchConfiguration, warnings: [String]) {
    let settings = Settings(environment: environment)
    let rendezvous = try rendezvousConfiguration(settings)
    var configuration = LaunchConfiguration(
      program: try program(settings, hasPeers: rendezvous.hasPeers))
    try applyJobOptions(to: &configuration, settings)
    configuration.rendezvous = rendezvous
    configuration.masterAddress =
      try masterAddress(settings)?.host ?? configuration.masterAddress
    configuration.masterPort = try masterPort(settings)
    try applyMachineOptions(to: &configuration, settings)
    try applyOutputOptions(to: &configuration, settings)
    try checkCompatibility(settings)
    return (configuration, warnings(configuration, settings))
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
    configuration.debugRank = try settings.value(job.debugRank, "debug-rank")?
      .number(0...(configuration.workerCount - 1))
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
    var command = command
    if command.first == "--" { command.removeFirst() }
    if let option = self.command.first, option.hasPrefix("-"), option != "--" {
      throw ElasticError(
        .usage, "unknown option \(option); run `lockstep run --help` to list the options")
    }
    let isModule = try settings.flag(job.module, "module")
    let isExecutable = try settings.flag(job.noPython, "no-python")
    let isScript = try settings.flag(job.runPath, "run-path")
    guard !(isExecutable && (isModule || isScript)) else {
      throw ElasticError(
        .usage,
        "\(isModule ? "--module" : "--run-path") and --no-python cannot be combined: remove one"
      )
    }
    guard !(isModule && isScript) else {
      throw ElasticError(
        .usage, "--module and --run-path cannot be combined: remove one")
    }
    do throws(ElasticError) {
      return try Program(
        command: command,
        kind: isModule
          ? .pythonModule : isExecutable ? .executable : isScript ? .pythonScript : .automatic,
        environment: settings.environment, launcherFolder: launcherFolder)
    } catch {
      guard hasPeers, error.code != .usage else { throw error }
      // The other nodes wait for this one, so it joins the job to report the error to them.
      return Program(unavailable: command, error: error)
    }
  }

  private func workerCount(_ value: OptionValue) throws(ElasticError) -> Int {
    switch value.text {
    case "cpu": return DeviceCount.processors
    case "auto": return DeviceCount.gpus > 0 ? DeviceCount.gpus : DeviceCount.processors
    case "gpu":
      guard DeviceCount.gpus > 0 else {
        throw value.error(
          "found no GPU: CUDA_VISIBLE_DEVICES lists none, or /dev/nvidia0 does not exist; use cpu, "
            + "auto or a number")
      }
      return DeviceCount.gpus
    case "xpu", "hpu", "mps":
      throw value.error("lockstep counts only NVIDIA GPUs; use a number")
    case let text:
      guard let count = Int(text), (1...4096).contains(count) else {
        throw value.error("use a number from 1 to 4096, or cpu, gpu or auto")
      }
      return count
    }
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
