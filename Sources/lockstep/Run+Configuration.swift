import ArgumentParser
import Elastic
import Glibc

extension Run {
  /// Decides what to launch from the options, the environment and the defaults, in this order.
  func launchConfiguration(environment: [String: String]) throws -> LaunchConfiguration {
    let settings = Settings(environment: environment)
    try checkNodes(settings.text(job.nnodes, "NNODES"))

    var configuration = LaunchConfiguration(program: try program(settings))
    configuration.workerCount = try workerCount(settings.text(job.workerCount, "NPROC_PER_NODE"))
    configuration.maxRestarts =
      try settings.number(job.maxRestarts, "MAX_RESTARTS", "--max-restarts", 0...1_000_000)
      ?? configuration.maxRestarts
    configuration.shutdownTimeout =
      try settings.seconds(job.shutdownTimeout, "SHUTDOWN_TIMEOUT", "--shutdown-timeout")
      ?? Settings(environment: environment, prefix: "TORCH_ELASTIC_")
      .seconds(nil, "SHUTDOWN_TIMEOUT", "TORCH_ELASTIC_SHUTDOWN_TIMEOUT")
      ?? configuration.shutdownTimeout
    configuration.debugRank = try settings.number(
      job.debugRank, "DEBUG_RANK", "--debug-rank", 0...(configuration.workerCount - 1))
    configuration.signals =
      try settings.text(job.signals, "SIGNALS_TO_HANDLE").map(signals) ?? configuration.signals
    configuration.role = settings.text(job.role, "ROLE") ?? configuration.role
    configuration.runID = settings.text(job.runID, "RDZV_ID") ?? randomID()
    configuration.masterAddress =
      settings.text(job.masterAddress, "MASTER_ADDR") ?? configuration.masterAddress
    configuration.masterPort = try settings.number(
      job.masterPort, "MASTER_PORT", "--master-port", 1...65535)
    configuration.threadsPerWorker = LaunchConfiguration.threadsPerWorker(
      workerCount: configuration.workerCount)
    configuration.logFolder = settings.text(output.logFolder, "LOG_DIR")
    configuration.redirects = try streams(
      settings.text(output.redirects, "REDIRECTS"), "--redirects", configuration.workerCount)
    configuration.tee = try streams(
      settings.text(output.tee, "TEE"), "--tee", configuration.workerCount)
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
    let isModule = try settings.flag(job.module, "MODULE")
    let isExecutable = try settings.flag(job.noPython, "NO_PYTHON")
    guard !(isModule && isExecutable) else {
      throw ElasticError(
        .usage, "--module needs Python, --no-python forbids it: leave one of them out")
    }
    return try Program(
      command: command, kind: isModule ? .pythonModule : isExecutable ? .executable : .automatic,
      environment: settings.environment, ownFolder: ownFolder)
  }

  private func checkNodes(_ text: String?) throws {
    guard let text, text != "1", text != "1:1" else { return }
    throw ElasticError(
      .usage, "--nnodes \(text): several machines are not supported yet, only --nnodes 1")
  }

  private func workerCount(_ text: String?) throws -> Int {
    switch text {
    case nil: return 1
    case "cpu": return DeviceCount.processors
    case "auto": return DeviceCount.gpus > 0 ? DeviceCount.gpus : DeviceCount.processors
    case "gpu":
      guard DeviceCount.gpus > 0 else {
        throw ElasticError(
          .usage,
          "--nproc-per-node gpu: no GPU here: CUDA_VISIBLE_DEVICES names none and there is "
            + "no /dev/nvidia0; use cpu, auto or a number")
      }
      return DeviceCount.gpus
    case let text?:
      guard let count = Int(text), (1...4096).contains(count) else {
        throw ElasticError(
          .usage, "--nproc-per-node \(text): give a number from 1 to 4096, or cpu, gpu or auto")
      }
      return count
    }
  }

  private func signals(_ text: String) throws -> [Signal] {
    try text.split(separator: ",").map { name in
      guard let signal = Signal(name), signal.canBeHandled else {
        throw ElasticError(
          .usage,
          "--signals-to-handle: \(name) is no signal that can be handled; "
            + "give names such as SIGTERM,SIGINT")
      }
      return signal
    }
  }

  private func streams(_ text: String?, _ option: String, _ count: Int) throws -> StreamSelection {
    guard let text else { return .none }
    guard let selection = StreamSelection(text) else {
      throw ElasticError(
        .usage,
        "\(option) \(text): give 0, 1, 2 or 3, or one of them for each local rank as in "
          + "0:1,1:3")
    }
    if let stranger = selection.strangers(workerCount: count).first {
      throw ElasticError(
        .usage, "\(option) \(text): there is no local rank \(stranger) among \(count) workers")
    }
    return selection
  }

  private func randomID() -> String {
    String(UInt64.random(in: 0 ... .max), radix: 16)
  }

  private var ownFolder: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    guard count > 0 else { return nil }
    let text = String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.lastIndex(of: "/").map { String(text[..<$0]) }
  }
}
