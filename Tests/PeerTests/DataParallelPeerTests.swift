import Collectives
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Transformers

/// Compares 20 training steps of small models in many setups with PyTorch's DDP.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct DataParallelPeerTests {
  private struct Answer: Decodable {
    var losses: [[Double]]
    var buckets: [[Int]]
    var bucket_bytes: [Int]
  }

  @Test func lossesWeightsAndBucketsEqualPyTorchs() async throws {
    let folder = try TestFolder()
    try JSONEncoder().encode(DataParallelCase.all).write(
      to: URL(fileURLWithPath: folder.file("cases.json")))
    _ = try await Peers.output(
      Peers.torchrun,
      [
        "--standalone", "--nproc-per-node", "2", Peers.program("ddp_cases.py"), "--cases",
        folder.file("cases.json"), "--output", folder.path,
      ], environment: ["OMP_NUM_THREADS": "1"], within: .seconds(300))
    let answers = try Peers.decode([String: Answer].self, folder.text("results.json") ?? "")
    let weights = try Safetensors.read(path: folder.file("weights.safetensors")).tensors

    for job in DataParallelCase.all {
      let wanted = try #require(answers[job.name])
      let ours = try onRanks(2) { try train(job, $0) }
      for rank in 0..<2 {
        let losses = zip(ours[rank].losses, wanted.losses[rank]).map { abs($0 - $1) }
        #expect(ours[rank].losses.count == wanted.losses[rank].count)
        let off =
          ours[rank].weights.map { name, values -> Float in
            let theirs = weights["\(job.name)/\(rank)/\(name)"]?.to(.float32)
              .array(of: Float.self)
            return largestDifference([values], [theirs ?? []])
          }.max() ?? .infinity
        print("\(job.name), rank \(rank): losses off by \(losses.max() ?? 0), weights by \(off)")
        #expect(off <= job.tolerance, "weights of \(job.name)")
        #expect((losses.max() ?? 0) <= 2e-6, "losses of \(job.name)")
      }
      if !wanted.buckets.isEmpty {
        #expect(ours[0].buckets == wanted.buckets, "buckets of \(job.name)")
        #expect(ours[0].bucketBytes == wanted.bucket_bytes, "bucket sizes of \(job.name)")
      }
    }
    // PyTorch reports rebuilt buckets in all cases except those that find unused parameters.
    #expect(
      answers.values.count { !$0.buckets.isEmpty } >= DataParallelCase.all.count { !$0.findsUnused }
    )
  }

  private struct Outcome: Sendable {
    var losses: [Double]
    var weights: [String: [Float]]
    var buckets: [[Int]]
    var bucketBytes: [Int]
  }

  private func train(_ job: DataParallelCase, _ group: any ProcessGroup) throws -> Outcome {
    if job.model == "cnn" {
      let network = ImageNetwork()
      return try train(job, network, group, input: images) { _ in }
    }
    if job.model == "bert" {
      return try train(
        job, textNetwork(), group, input: texts, loss: { crossEntropy($0, labels($1)) }
      ) { _ in }
    }
    let network = Network(seed: 0)
    return try train(job, network, group, input: { batch($0).x }) { step in
      network.usesSecond =
        !job.skips.contains([group.rank, step]) && !job.skips.contains([group.rank, -1])
    }
  }

  private func train<Model: Module>(
    _ job: DataParallelCase, _ module: Model, _ group: any ProcessGroup,
    input: ([Int]) -> Model.Input,
    loss: (Tensor, [Int]) -> Tensor = { mseLoss($0, targets($1)) },
    prepare: (Int) -> Void
  ) throws -> Outcome where Model.Output == Tensor {
    let model = try DistributedDataParallel(module, group: group, options: job.options)
    if let hook = try hook(job.hook) { try model.registerCommunicationHook(hook) }
    let update = try optimizer(job.optimizer, module.parameters, group, model.overlap)
    var losses: [Double] = []
    func loop() throws {
      for step in 0..<job.steps[group.rank] {
        prepare(step)
        let first = (step * group.worldSize + group.rank) * 3
        let indices = [first, first + 1, first + 2]
        func pass() throws {
          let loss = loss(try model(input(indices)), indices)
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
      weights: module.stateDict.mapValues { $0.to(.float32).array(of: Float.self) },
      buckets: data.bucketParameterIndices, bucketBytes: data.bucketBytes)
  }

  private func textNetwork() -> BertForSequenceClassification {
    var sizes = BertConfiguration()
    sizes.vocabularySize = 50
    sizes.hiddenSize = 16
    sizes.layerCount = 2
    sizes.headCount = 2
    sizes.intermediateSize = 32
    sizes.maxPositions = 16
    sizes.hiddenDropout = 0
    sizes.attentionDropout = 0
    let network = BertForSequenceClassification(sizes)
    fillByFormula(network, seed: 0)
    return network
  }

  private func texts(_ indices: [Int]) -> TokenBatch {
    let ids = indices.flatMap { row in (0..<12).map { Int64((row * 37 + $0 * 11) % 50) } }
    let mask = indices.flatMap { row in (0..<12).map { $0 < 12 - row % 4 } }
    return TokenBatch(
      inputIDs: Tensor(ids, shape: [indices.count, 12]),
      attentionMask: Tensor(mask, shape: [indices.count, 12]))
  }

  private func labels(_ indices: [Int]) -> Tensor {
    Tensor(indices.map { Int64($0 % 2) }, shape: [indices.count])
  }

  private func hook(_ name: String?) throws -> (any CommunicationHook)? {
    func power(_ rank: Int, isBatched: Bool = false) throws -> PowerSGDHook {
      var configuration = PowerSGDHook.Configuration(
        rank: rank, startStep: 3, isBatched: isBatched)
      configuration.minimumCompressionRate = 1
      return try PowerSGDHook(configuration)
    }
    switch name {
    case "allreduce": return AllReduceHook()
    case "float16": return CompressionHook(.float16)
    case "bfloat16": return CompressionHook(.bfloat16)
    case "float16 wrapper": return CompressionWrapper(.float16, AllReduceHook())
    case "bfloat16 wrapper": return CompressionWrapper(.bfloat16, AllReduceHook())
    case "noop": return NoOperationHook()
    case "quantization": return QuantizationHook()
    case "quantization of 512": return QuantizationHook(channelSize: 512)
    case "local": return PostLocalSGDHook(startStep: 4, subgroup: nil)
    case "power1": return try power(1)
    case "power2": return try power(2)
    case "power4": return try power(4)
    case "batched1": return try power(1, isBatched: true)
    case "batched2": return try power(2, isBatched: true)
    case "batched4": return try power(4, isBatched: true)
    default: return nil
    }
  }

  private func optimizer(
    _ name: String, _ parameters: [Tensor], _ group: any ProcessGroup,
    _ overlap: (any Optimizer) -> Void
  ) throws -> () throws -> Void {
    let adam = [ParameterGroup(parameters, learningRate: 0.01, weightDecay: 0.01)]
    switch name {
    case "adamw": return AdamW(adam).step
    case "zero": return ZeroRedundancyOptimizer(adam, group: group) { AdamW($0) }.step
    case "hierarchical":
      return PostLocalSGDOptimizer(
        SGD(parameters, learningRate: 0.05),
        try HierarchicalModelAverager(
          sizes: [(period: 2, size: 1), (period: 4, size: 2)], of: group, warmupSteps: 4)
      ).step
    case "overlapped":
      overlap(SGD(parameters, learningRate: 0.05, momentum: 0.9))
      return {}
    case "local":
      return PostLocalSGDOptimizer(
        SGD(parameters, learningRate: 0.05),
        try PeriodicModelAverager(period: 3, warmupSteps: 4, group: group)
      ).step
    default: return SGD(parameters, learningRate: 0.05, momentum: 0.9).step
    }
  }
}
