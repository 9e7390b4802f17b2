import ArgumentParser
import Elastic
import Glibc

extension Run {
  /// Decides what to launch from the options, the environment and the defaults, in this order.
  func launchConfiguration(environment: [String: String]) throws -> LaunchConfiguration {
    let settings = Settings(environment: environment)
    var configuration = LaunchConfiguration(program: try program(settings))
    configuration.workerCount =
      try settings.value(job.workerCount, "nproc-per-node").map(workerCount)
      ?? configuration.workerCount
    configuration.maxRestarts =
      try settings.value(job.maxRestarts, "max-restarts")?.number(0...1_000_000)
      ?? configuration.maxRestarts
    configuration.shutdownTimeout =
      try settings.value(job.shutdownTimeout, "shutdown-timeout")?.seconds()
      ?? settings.variable("TORCH_ELASTIC_SHUTDOWN_TIMEOUT")?.seconds()
      ?? configuration.shutdownTimeout
    configuration.debugRank = try settings.value(job.debugRank, "debug-rank")?
      .number(0...(configuration.workerCount - 1))
    configuration.signals =
      try settings.value(job.signals, "signals-to-handle").map(signals) ?? configuration.signals
    configuration.role = settings.value(job.role, "role")?.text ?? configuration.role
    configuration.rendezvous = try rendezvousConfiguration(settings)
    configuration.masterAddress =
      try masterAddress(settings)?.host ?? configuration.masterAddress
    configuration.masterPort = try masterPort(settings)
    configuration.threadsPerWorker = LaunchConfiguration.threadsPerWorker(
      workerCount: configuration.workerCount)
    configuration.logFolder = settings.value(output.logFolder, "log-dir")?.text
    configuration.redirects = try streams(
      settings.value(output.redirects, "redirects"), configuration.workerCount)
    configuration.tee = try streams(settings.value(output.tee, "tee"), configuration.workerCount)
    configuration.linePrefixTemplate =
      environment["TORCHELASTIC_LOG_LINE_PREFIX_TEMPLATE"] ?? configuration.linePrefixTemplate
    return configuration
  }

  private func program(_ settings: Settings) throws -> Program {
    var command = command
    if command.first == "--" { command.removeFirst() }
    if let option = self.command.first, option.hasPrefix("-"), option != "--" {
      throw ElasticError(
        .usage, "there is no option \(option); `lockstep run --help` lists them")
    }
    let isModule = try settings.flag(job.module, "module")
    let isExecutable = try settings.flag(job.noPython, "no-python")
    guard !(isModule && isExecutable) else {
      throw ElasticError(
        .usage, "--module needs Python, --no-python forbids it: leave one of them out")
    }
    return try Program(
      command: command, kind: isModule ? .pythonModule : isExecutable ? .executable : .automatic,
      environment: settings.environment, ownFolder: ownFolder)
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

  private func streams(
    _ given: GivenValue?, _ count: Int
  ) throws(ElasticError) -> StreamSelection {
    guard let given else { return .none }
    guard let selection = StreamSelection(given.text) else {
      throw given.refused(
        "give 0, 1, 2 or 3, or one of them for each local rank as in 0:1,1:3")
    }
    if let stranger = selection.strangers(workerCount: count).first {
      throw given.refused("there is no local rank \(stranger) among \(count) workers")
    }
    return selection
  }

  private var ownFolder: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    guard count > 0 else { return nil }
    let text = String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.lastIndex(of: "/").map { String(text[..<$0]) }
  }
}
