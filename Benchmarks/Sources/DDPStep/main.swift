import ArgumentParser
import Collectives
import DataParallel
import Foundation
import Torch
import Transformers

// One rank of the data parallelism benchmark, configured by RANK, WORLD_SIZE and STORE (a file).
//
// It runs training steps and prints one line of JSON: the duration of each step in nanoseconds, the
// peak memory, and the size of the optimizer's state in bytes. The counterpart for PyTorch is
// ../peer/ddp_step.py, which takes the same options.

struct DDPStep: ParsableCommand {
  @Option(help: "Model to train.") var model = ModelKind.toy
  @Option(help: "Parallelism.") var mode = Mode.ddp
  @Option(help: "Optimizer.") var optimizer = Update.sgd
  @Option(help: "Samples per step and rank.") var batch = 32
  @Option(help: "Tokens per sample, for BERT.") var tokens = 32
  @Option(help: "Steps to measure.") var steps = 1000
  @Option(help: "Steps before the measured ones.") var warmup = 20

  enum ModelKind: String, ExpressibleByArgument { case toy, dense, bert }
  enum Mode: String, ExpressibleByArgument {
    /// Each rank trains its own model.
    case alone
    /// `DistributedDataParallel`.
    case ddp
    /// `DataParallel`: two replicas in one process.
    case replicas
  }
  enum Update: String, ExpressibleByArgument { case sgd, adamw, zero }

  func run() throws {
    Runtime.threadCount = 1
    manualSeed(1)
    switch model {
    case .toy:
      try train(
        Linear(20, 1), replica: { Linear(20, 1) }, Tensor.randn([samples, 20]),
        Tensor.randn([samples, 1]), { mseLoss($0, $1) })
    case .dense:
      try train(
        Dense(), replica: Dense.init, Tensor.randn([samples, Dense.width]),
        Tensor.randn([samples, Dense.width]), { mseLoss($0, $1) })
    case .bert:
      let ids = (0..<Int64(batch * tokens)).map { ($0 * 7919 + 13) % 29_000 + 1_000 }
      try train(
        BertForSequenceClassification(BertConfiguration()),
        TokenBatch(inputIDs: Tensor(ids, shape: [batch, tokens])),
        Tensor((0..<batch).map { Int64($0 % 2) })
      ) { crossEntropy($0, $1) }
    }
  }

  /// The number of samples per step in this process, which has two replicas in mode `replicas`.
  private var samples: Int { mode == .replicas ? 2 * batch : batch }

  private func train<Model: Module>(
    _ model: Model, replica: () -> Model, _ x: Tensor, _ y: Tensor,
    _ loss: @escaping (Tensor, Tensor) -> Tensor
  ) throws where Model.Input == Tensor, Model.Output == Tensor {
    guard mode == .replicas else { return try train(model, x, y, loss) }
    let parallel = try DataParallel(model, devices: [.cpu, .cpu], replica: replica)
    try measure(try makeOptimizer(model.parameters, nil), nil) { loss(try parallel(x), y) }
  }

  private func train<Model: Module>(
    _ model: Model, _ x: Model.Input, _ y: Tensor, _ loss: @escaping (Tensor, Tensor) -> Tensor
  ) throws where Model.Output == Tensor {
    let group = try makeGroup()
    let optimizer = try makeOptimizer(model.parameters, group)
    if mode == .alone {
      try measure(optimizer, group) { loss(try model(x), y) }
    } else {
      let parallel = try DistributedDataParallel(model, group: group)
      try measure(optimizer, group) { loss(try parallel(x), y) }
    }
  }

  private func makeGroup() throws -> any ProcessGroup {
    let environment = ProcessInfo.processInfo.environment
    guard let rank = environment["RANK"].flatMap({ Int($0) }),
      let worldSize = environment["WORLD_SIZE"].flatMap({ Int($0) }),
      let path = environment["STORE"]
    else { throw ValidationError("set RANK, WORLD_SIZE and STORE") }
    return try SharedMemoryProcessGroup(
      store: try FileStore(path: path, timeout: .seconds(60)), rank: rank, worldSize: worldSize,
      timeout: .seconds(60))
  }

  private func makeOptimizer(_ parameters: [Tensor], _ group: (any ProcessGroup)?) throws
    -> any Optimizer
  {
    let groups = [ParameterGroup(parameters, learningRate: 1e-3)]
    switch optimizer {
    case .sgd: return SGD(groups)
    case .adamw: return AdamW(groups)
    case .zero:
      guard let group else {
        throw ValidationError("--optimizer zero needs a process group; use --mode ddp or alone")
      }
      return ZeroRedundancyOptimizer(groups, group: group) { AdamW($0) }
    }
  }

  /// Runs the warm-up and the measured steps, and prints the report.
  private func measure(
    _ optimizer: any Optimizer, _ group: (any ProcessGroup)?, _ loss: () throws -> Tensor
  ) throws {
    func step() throws {
      optimizer.zeroGrad()
      try loss().backward()
      try optimizer.step()
    }
    for _ in 0..<warmup { try step() }
    try group?.barrier()
    var times: [UInt64] = []
    var start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<steps {
      try step()
      let end = DispatchTime.now().uptimeNanoseconds
      times.append(end - start)
      start = end
    }
    try group?.barrier()
    let report = Report(
      times: times, peak_bytes: peakBytes, state_bytes: try stateBytes(of: optimizer))
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }

  private struct Report: Encodable {
    var times: [UInt64]
    var peak_bytes: Int
    var state_bytes: Int
  }

  private func stateBytes(of optimizer: any Optimizer) throws -> Int {
    switch optimizer {
    case let zero as ZeroRedundancyOptimizer<AdamW>: zero.stateByteCount
    case let adam as AdamW: try adam.captureState().tensors.values.map(\.byteCount).reduce(0, +)
    default: 0
    }
  }

  /// The peak resident memory in bytes.
  ///
  /// `getrusage` would include the memory of the process before `exec`.
  private var peakBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }
}

/// Four square layers.
final class Dense: Module {
  static let width = 1024
  let layers = (0..<4).map { _ in Linear(width, width) }

  func forward(_ x: Tensor) throws -> Tensor { try layers.reduce(x) { try $1($0).relu() } }
}

DDPStep.main()
