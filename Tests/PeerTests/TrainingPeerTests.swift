import Collectives
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training
import Transformers

/// Training with given batches and weights, without dropout.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct TrainingPeerTests {
  private struct Answer: Decodable {
    /// The losses of all ranks, per step.
    var losses: [[Double]]
  }

  @Test func thirtyLossesFollowPyTorchsAndOneProcessFollowsTwo() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run(
      "batches.py",
      [
        "--model", Peers.model, "--csv", Peers.trainCSV, "--output", folder.path, "--steps", "30",
        "--ranks", "2",
      ])
    _ = try await Peers.output(
      Peers.torchrun,
      [
        "--standalone", "--nproc-per-node", "2", Peers.program("losses.py"), "--model",
        folder.file("model"), "--batches", folder.file("batches.safetensors"), "--output",
        folder.file("losses.json"),
      ])
    let wanted = try Peers.decode(Answer.self, folder.text("losses.json") ?? "").losses
    try #require(wanted.count == 30)

    let path = folder.path
    let ours = try onRanks(2, timeout: .seconds(300)) { group in
      try train(folder: path, rank: group.rank, group: group)
    }
    var largest = 0.0
    for (step, losses) in wanted.enumerated() {
      for (rank, loss) in losses.enumerated() {
        largest = max(largest, abs(ours[rank].losses[step] - loss) / loss)
      }
    }
    print("largest relative difference of 30 losses from PyTorch's: \(largest)")
    #expect(largest <= 1e-4)
    #expect(ours[0].weights == ours[1].weights, "replicas are equal to the bit")

    let alone = try train(folder: path, rank: nil, group: nil)
    let joined = zip(ours[0].losses, ours[1].losses).map { ($0 + $1) / 2 }
    let difference = zip(alone.losses, joined).map { abs($0 - $1) / $1 }.max() ?? .infinity
    print("largest relative difference of one process on the joined batch: \(difference)")
    #expect(difference <= 1e-4)
  }
}

/// The data type of forward passes.
///
/// Unless it is float32, gradients are clipped to a norm of 1.
struct MixedPrecision: Sendable {
  var precision: Precision
  var scaler: GradientScaler.State

  init(_ precision: Precision, scaler: GradientScaler.State = .init()) {
    self.precision = precision
    self.scaler = scaler
  }
}

/// Trains like `Benchmarks/peer/losses.py`; without a rank, on the joined batches of both ranks.
func train(
  folder: String, rank: Int?, group: (any ProcessGroup)?,
  _ mixed: MixedPrecision = MixedPrecision(.float32)
) throws -> (losses: [Double], scales: [Double], weights: UInt64) {
  let batches = try Safetensors.read(path: "\(folder)/batches.safetensors").tensors
  let ids = try #require(batches["input_ids"])
  let masks = try #require(batches["attention_mask"]).to(.bool)
  let labels = try #require(batches["labels"])
  func part(_ tensor: Tensor, _ step: Int) -> Tensor {
    let both = tensor.select(dim: 0, index: step)
    guard let rank else { return both.reshape([-1] + both.shape.dropFirst(2)) }
    return both.select(dim: 0, index: rank)
  }

  let (model, _) = try BertForSequenceClassification.pretrained(at: "\(folder)/model") {
    $0.hiddenDropout = 0
    $0.attentionDropout = 0
  }
  let parallel = try group.map { try DistributedDataParallel(model, group: $0) }
  let named = model.namedParameters
  func isExempt(_ name: String) -> Bool { name.hasSuffix("bias") || name.contains("LayerNorm") }
  let optimizer = AdamW([
    ParameterGroup(
      named.filter { !isExempt($0.name) }.map(\.tensor), learningRate: 1e-4, weightDecay: 0.01),
    ParameterGroup(
      named.filter { isExempt($0.name) }.map(\.tensor), learningRate: 1e-4, weightDecay: 0),
  ])
  let steps = ids.shape[0]
  let scheduler = LearningRateScheduler(
    optimizer, factor: LinearSchedule(numWarmupSteps: 3, numTrainingSteps: steps).factor)
  let scaler = mixed.precision == .float16 ? try GradientScaler(mixed.scaler) : nil
  var losses: [Double] = []
  var scales: [Double] = []
  for step in 0..<steps {
    optimizer.zeroGrad()
    let batch = TokenBatch(inputIDs: part(ids, step), attentionMask: part(masks, step))
    let loss = try mixed.precision.run(on: .cpu) {
      crossEntropy(try parallel?(batch) ?? model(batch), part(labels, step))
    }
    try (scaler?.scale(loss) ?? loss).backward()
    try scaler?.unscale(optimizer)
    if mixed.precision != .float32 { try clipGradNorm(model.parameters, 1) }
    var isUpdated = true
    if let scaler {
      isUpdated = try scaler.step(optimizer)
      try scaler.update()
      scales.append(scaler.scale)
    } else {
      try optimizer.step()
    }
    if isUpdated { scheduler.step() }
    losses.append(loss.item)
  }
  return (losses, scales, model.stateDict.fingerprint)
}
