import Collectives
import DataParallel
import RankHarness
import Testing
import Torch
import TorchCollectives

/// Runs `steps` passes without an optimizer and returns the gradients of the last one, by rank.
private func gradients(
  _ worldSize: Int = 2, steps: Int = 1,
  _ hook:
    @escaping @Sendable (any ProcessGroup) throws ->
    (any CommunicationHook)?
) throws -> [[[Float]]] {
  try onRanks(worldSize) { group in
    let model = try DistributedDataParallel(
      Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 512))
    if let hook = try hook(group) { try model.registerCommunicationHook(hook) }
    for step in 0..<steps {
      model.module.zeroGrad()
      let (x, y) = batch([group.rank + worldSize * step])
      try mseLoss(try model(x), y).backward()
    }
    return model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
  }
}

@Suite struct CommunicationHookTests {
  @Test func theAllReduceHookEqualsNoHook() throws {
    let plain = try gradients(steps: 3) { _ in nil }
    let hooked = try gradients(steps: 3) { _ in AllReduceHook() }
    #expect(plain == hooked)
  }

  /// Compares with the mean of rounded gradients, computed without hooks.
  @Test(arguments: [DType.float16, .bfloat16])
  func compressedGradientsAreRounded(dtype: DType) throws {
    let hooked = try gradients(steps: 2) { _ in CompressionHook(dtype) }
    let wrapped = try gradients(steps: 2) { _ in CompressionWrapper(dtype, AllReduceHook()) }
    #expect(hooked == wrapped)
    #expect(hooked[0] == hooked[1])
    let own = try gradients(steps: 2) { _ in NoOperationHook() }
    for index in own[0].indices {
      let halves = own.map { (Tensor($0[index]).to(dtype) / 2) }
      let expected = (halves[0] + halves[1]).to(.float32).array(of: Float.self)
      #expect(hooked[0][index] == expected)
    }
  }

  @Test func theNoOperationHookLeavesGradientsUnchanged() throws {
    let own = try gradients { _ in NoOperationHook() }
    for (rank, gradients) in own.enumerated() {
      let network = Network(seed: 0)
      let (x, y) = batch([rank])
      try mseLoss(network(x), y).backward()
      #expect(gradients == network.parameters.map { $0.grad?.array(of: Float.self) ?? [] })
    }
  }

  @Test(arguments: [nil, 512, 16])
  func quantizedGradientsAreCloseToTheMean(channelSize: Int?) throws {
    let plain = try gradients { _ in nil }
    let hooked = try gradients { _ in QuantizationHook(channelSize: channelSize) }
    #expect(hooked[0] == hooked[1])
    let largest = plain[0].joined().map(abs).max() ?? 0
    let difference = largestDifference(plain[0], hooked[0])
    #expect(difference > 0 && difference <= largest / 100)
  }

  @Test func aClosureMaySumAndAddAStep() throws {
    let sums = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      try model.registerCommunicationHook(named: "sum") { bucket, group in
        try Reduction(summing: bucket.buffer, over: group).then { $0 * 0.5 }
      }
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x), y).backward()
      return (
        model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] },
        model.loggingData.communicationHook
      )
    }
    let plain = try gradients { _ in nil }
    #expect(sums[0].0 == plain[0])
    #expect(sums[0].1 == "sum")
  }

  @Test func backwardThrowsTheErrorsOfHooks() throws {
    struct Refusal: Error {}
    let result = attemptOnRanks(1) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      try model.registerCommunicationHook(named: "refusal") { _, _ in throw Refusal() }
      let (x, y) = batch([0])
      try mseLoss(try model(x), y).backward()
    }[0]
    #expect(throws: Refusal.self) { try result.get() }
  }

  @Test(arguments: [false, true])
  func powerSGDIsEqualOnAllRanksAndConverges(isBatched: Bool) throws {
    let results = try onRanks(2) { group in
      let network = Network(seed: 0)
      let model = try DistributedDataParallel(network, group: group)
      let hook = try PowerSGDHook(.init(rank: 1, startStep: 2, isBatched: isBatched))
      try model.registerCommunicationHook(hook)
      let optimizer = SGD(network.parameters, learningRate: 0.05)
      var losses: [Double] = []
      for _ in 0..<30 {
        optimizer.zeroGrad()
        let (x, y) = batch([group.rank, group.rank + 2])
        let loss = mseLoss(try model(x), y)
        try loss.backward()
        try optimizer.step()
        losses.append(loss.item)
      }
      return (values(network), losses, hook.countBefore, hook.countAfter)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1[29] < results[0].1[2] / 4)
    #expect(results[0].3 < results[0].2 * 6 / 10)
  }

  @Test func powerSGDBeforeBucketsAreRebuiltIsRejected() {
    #expect { try PowerSGDHook(.init(startStep: 1)) } throws: { "\($0)".contains("startStep") }
    var plain = PowerSGDHook.Configuration(startStep: 0)
    plain.usesErrorFeedback = false
    plain.usesWarmStart = false
    #expect(throws: Never.self) { try PowerSGDHook(plain) }
  }

  @Test func buffersMayBeSummed() throws {
    let results = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      model.registerBufferHook { buffers in
        for buffer in buffers { try group.allReduce(buffer.tensor) }
      }
      model.module.offset.copy_(Tensor([Float(group.rank + 1)]))
      _ = try model(batch([0]).x)
      return model.module.offset.item
    }
    #expect(results == [3, 3])
  }
}
