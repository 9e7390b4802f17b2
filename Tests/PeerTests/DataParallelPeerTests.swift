import Collectives
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch

/// A way to train; see `Benchmarks/peer/ddp_cases.py`.
private struct Case: Encodable, Sendable {
  var name: String
  var model = "mlp"
  /// Of each rank.
  var steps = [20, 20]
  var bucketBytes = 512
  var bucketBytesList: [Int] = []
  var findsUnused = false
  var staticGraph = false
  var lastIsSmall = false
  /// Ranks and steps that leave the second layer out; step -1 means all.
  var skips: [[Int]] = []
  var noSync = false
  var divides = true
  var hook: String?
  var optimizer = "sgd"
  /// How far weights may be from PyTorch's, of the largest.
  var tolerance: Float = 2e-6

  var options: DistributedDataParallelOptions {
    var options = DistributedDataParallelOptions(
      bucketBytes: bucketBytes == 0 ? nil : bucketBytes, findsUnusedParameters: findsUnused,
      staticGraph: staticGraph)
    options.bucketBytesList = bucketBytesList
    options.smallBucketIsLast = lastIsSmall
    return options
  }

  /// Not the batched PowerSGD, which in PyTorch 2.13 fails an assertion of its own.
  private static let hooks = [
    "allreduce", "float16", "float16 wrapper", "noop", "quantization", "quantization of 512",
    "power1", "power2", "power4",
  ]

  static let all: [Case] =
    [
      Case(name: "plain"), Case(name: "default buckets", bucketBytes: 0),
      Case(name: "one bucket each", bucketBytes: 1),
      Case(name: "list", bucketBytesList: [64, 600, 1100]),
      Case(name: "list, small last", bucketBytesList: [64, 600, 1100], lastIsSmall: true),
      Case(name: "cnn", model: "cnn", bucketBytes: 128), Case(name: "no sync", noSync: true),
      Case(name: "find, all used", findsUnused: true),
      Case(name: "find, never used", findsUnused: true, skips: [[0, -1], [1, -1]]),
      Case(
        name: "find, used by turns", findsUnused: true,
        skips: [[0, 1], [1, 2], [0, 3], [1, 3], [0, 7], [1, 9], [0, 12], [1, 12]]),
      Case(name: "static", staticGraph: true),
      Case(name: "static, never used", staticGraph: true, skips: [[0, -1], [1, -1]]),
      Case(name: "join", steps: [14, 20]), Case(name: "join first", steps: [20, 15]),
      Case(name: "join, divides", steps: [17, 20], divides: false),
      Case(name: "join, find", steps: [17, 20], findsUnused: true),
      Case(name: "adamw", optimizer: "adamw"), Case(name: "zero", optimizer: "zero"),
      Case(name: "local", hook: "local", optimizer: "local"),
    ]
    + hooks.map { Case(name: "hook " + $0, bucketBytes: 0, hook: $0) }
    + ["float16"].map { Case(name: "buckets " + $0, hook: $0) }
}

/// Small models trained in many ways for 20 steps, beside PyTorch's DistributedDataParallel.
@Suite(.enabled(if: Peers.areThere, Peers.absent)) struct DataParallelPeerTests {
  private struct Answer: Decodable {
    var losses: [[Double]]
    var buckets: [[Int]]
    var bucket_bytes: [Int]
  }

  @Test func lossesWeightsAndBucketsArePyTorchs() async throws {
    let folder = try TestFolder()
    try JSONEncoder().encode(Case.all).write(to: URL(fileURLWithPath: folder.file("cases.json")))
    _ = try await Peers.output(
      Peers.torchrun,
      [
        "--standalone", "--nproc-per-node", "2", Peers.program("ddp_cases.py"), "--cases",
        folder.file("cases.json"), "--output", folder.path,
      ])
    let answers = try Peers.decode([String: Answer].self, folder.text("results.json") ?? "")
    let weights = try Safetensors.read(path: folder.file("weights.safetensors")).tensors

    for job in Case.all {
      let wanted = try #require(answers[job.name])
      let ours = try onRanks(2) { try train(job, $0) }
      for rank in 0..<2 {
        let losses = zip(ours[rank].losses, wanted.losses[rank]).map { abs($0 - $1) }
        #expect(ours[rank].losses.count == wanted.losses[rank].count)
        let off =
          ours[rank].weights.map { name, values -> Float in
            let theirs = weights["\(job.name)/\(rank)/\(name)"]?.converted(to: .float32)
              .array(of: Float.self)
            return largestDifference([values], [theirs ?? []])
          }.max() ?? .infinity
        print("\(job.name), rank \(rank): losses off by \(losses.max() ?? 0), weights by \(off)")
        #expect(off <= job.tolerance, "weights of \(job.name)")
        #expect((losses.max() ?? 0) <= Double(job.tolerance), "losses of \(job.name)")
      }
      if !wanted.buckets.isEmpty {
        #expect(ours[0].buckets == wanted.buckets, "buckets of \(job.name)")
        #expect(ours[0].bucketBytes == wanted.bucket_bytes, "bucket sizes of \(job.name)")
      }
    }
    // PyTorch reports the buckets that it has rebuilt: in all but the cases that search the graph.
    #expect(answers.values.count { !$0.buckets.isEmpty } >= Case.all.count { !$0.findsUnused })
  }

  private struct Outcome: Sendable {
    var losses: [Double]
    var weights: [String: [Float]]
    var buckets: [[Int]]
    var bucketBytes: [Int]
  }

  private func train(_ job: Case, _ group: any ProcessGroup) throws -> Outcome {
    if job.model == "cnn" {
      let network = ImageNetwork()
      return try train(job, network, group, input: images) { _ in }
    }
    let network = Network(seed: 0)
    return try train(job, network, group, input: { batch($0).x }) { step in
      network.usesSecond =
        !job.skips.contains([group.rank, step]) && !job.skips.contains([group.rank, -1])
    }
  }

  private func train<Model: Module>(
    _ job: Case, _ module: Model, _ group: any ProcessGroup, input: ([Int]) -> Tensor,
    prepare: (Int) -> Void
  ) throws -> Outcome where Model.Input == Tensor, Model.Output == Tensor {
    let model = try DistributedDataParallel(module, group: group, options: job.options)
    if let hook = try hook(job.hook) { try model.registerCommunicationHook(hook) }
    let update = try optimizer(job.optimizer, module.parameters, group)
    var losses: [Double] = []
    func loop() throws {
      for step in 0..<job.steps[group.rank] {
        prepare(step)
        let first = (step * group.worldSize + group.rank) * 3
        let indices = [first, first + 1, first + 2]
        func pass() throws {
          let loss = meanSquaredError(try model(input(indices)), targets(indices))
          try loss.backward()
          losses.append(loss.item)
        }
        if job.noSync, step % 2 == 0 {
          try model.noSync { try pass() }
        } else {
          try pass()
          try update()
          module.zeroGrad()
        }
      }
    }
    if Set(job.steps).count > 1 {
      try model.join(divideByInitialWorldSize: job.divides) { try loop() }
    } else {
      try loop()
    }
    let data = model.loggingData
    return Outcome(
      losses: losses,
      weights: module.stateDict.mapValues { $0.converted(to: .float32).array(of: Float.self) },
      buckets: data.bucketParameterIndices, bucketBytes: data.bucketBytes)
  }

  private func hook(_ name: String?) throws -> (any CommunicationHook)? {
    func power(_ rank: Int) throws -> PowerSGDHook {
      var configuration = PowerSGDHook.Configuration(rank: rank, startStep: 3)
      configuration.minimumCompressionRate = 1
      return try PowerSGDHook(configuration)
    }
    switch name {
    case "allreduce": return AllReduceHook()
    case "float16": return CompressionHook(.float16)
    case "float16 wrapper": return CompressionWrapper(.float16, AllReduceHook())
    case "noop": return NoOperationHook()
    case "quantization": return QuantizationHook()
    case "quantization of 512": return QuantizationHook(channelSize: 512)
    case "local": return PostLocalSGDHook(startStep: 4, subgroup: nil)
    case "power1": return try power(1)
    case "power2": return try power(2)
    case "power4": return try power(4)
    default: return nil
    }
  }

  private func optimizer(_ name: String, _ parameters: [Tensor], _ group: any ProcessGroup) throws
    -> () throws -> Void
  {
    let adam = [ParameterGroup(parameters, learningRate: 0.01, weightDecay: 0.01)]
    switch name {
    case "adamw": return AdamW(adam).step
    case "zero": return ZeroRedundancyOptimizer(adam, group: group) { AdamW($0) }.update
    case "local":
      return PostLocalSGDOptimizer(
        SGD(parameters, learningRate: 0.05),
        try PeriodicModelAverager(period: 3, warmupSteps: 4, group: group)
      ).update
    default: return SGD(parameters, learningRate: 0.05, momentum: 0.9).step
    }
  }
}
