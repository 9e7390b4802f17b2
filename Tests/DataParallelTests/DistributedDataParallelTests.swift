import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// Returns the weights after `steps` steps on samples 0..<12, distributed over the ranks of a group
/// if there is one.
private func train(
  _ group: (any ProcessGroup)?, steps: Int = 5,
  options: DistributedDataParallelOptions = DistributedDataParallelOptions()
) throws -> [[Float]] {
  let network = Network(seed: group?.rank ?? 0)
  let parallel = try group.map {
    try DistributedDataParallel(network, group: $0, options: options)
  }
  let optimizer = SGD(network.parameters, learningRate: 0.1, momentum: 0.9)
  let share = Array(stride(from: group?.rank ?? 0, to: 12, by: group?.worldSize ?? 1))
  for _ in 0..<steps {
    optimizer.zeroGrad()
    let (x, y) = batch(share)
    let output = try parallel?(x) ?? network(x)
    try mseLoss(output, y).backward()
    try optimizer.step()
  }
  return values(network)
}

@Suite struct DistributedDataParallelTests {
  @Test(arguments: [1, 2, 3, 4])
  func ranksTrainLikeOneProcessOnTheGlobalBatch(worldSize: Int) throws {
    let alone = try train(nil)
    let together = try onRanks(worldSize) { try train($0) }
    for rank in together {
      #expect(rank == together[0], "all replicas are bitwise equal")
    }
    #expect(largestDifference(together[0], alone) < 2e-6)
    #expect(alone != values(Network(seed: 0)), "the weights changed")
  }

  @Test func equalRunsGiveEqualBits() throws {
    let first = try onRanks(2) { try train($0) }
    let second = try onRanks(2) { try train($0) }
    #expect(first == second)
  }

  @Test func bucketSizesDoNotChangeTheBitsOfTwoRanks() throws {
    let whole = try onRanks(2) { try train($0) }
    for bucketBytes in [1, 100, 1500] {
      let options = DistributedDataParallelOptions(bucketBytes: bucketBytes)
      let other = try onRanks(2) { try train($0, options: options) }
      #expect(other == whole)
    }
  }

  @Test func bucketsFollowTheGradientsFromTheSecondStepOn() throws {
    let names = try onRanks(2) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 1024))
      let before = model.bucketParameterNames
      let (x, y) = batch([0, 1])
      try mseLoss(try model(x), y).backward()
      _ = try model(x)
      return [before, model.bucketParameterNames]
    }
    #expect(names[0] == names[1])
    #expect(
      names[0][0] == [
        [
          "first.weight", "first.bias", "second.weight", "second.bias", "head.weight", "head.bias",
        ]
      ])
    #expect(names[0][1].count == 2)
    #expect(Set(names[0][1][0]).isSuperset(of: ["head.weight", "head.bias", "second.weight"]))
  }

  @Test func allRanksGetTheWeightsAndBuffersOfRank0() throws {
    let results = try onRanks(3) { group in
      let network = Network(seed: group.rank)
      network.offset.copy_(Tensor([Float(group.rank + 5)]))
      _ = try DistributedDataParallel(network, group: group)
      return values(network) + [network.offset.array(of: Float.self)]
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
    #expect(results[0] == values(Network(seed: 0)) + [[5]])
  }

  @Test func buffersAreCopiedFromRank0BeforeEachForward() throws {
    let results = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      model.module.offset.copy_(Tensor([Float(group.rank + 5)]))
      _ = try model(batch([0]).x)
      return model.module.offset.item
    }
    #expect(results == [5, 5])
  }

  @Test func noSyncAccumulatesGradientsThatAreAveragedOnce() throws {
    let accumulated = try onRanks(2) { group -> [[Float]] in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let first = batch([group.rank])
      let second = batch([group.rank + 2])
      try model.noSync { try mseLoss(try model(first.x), first.y).backward() }
      let local = model.module.head.bias?.grad?.item ?? 0
      try mseLoss(try model(second.x), second.y).backward()
      #expect(model.module.head.bias?.grad?.item != local)
      return model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    }
    let network = Network(seed: 0)
    for indices in [[0, 1], [2, 3]] {
      let (x, y) = batch(indices)
      try mseLoss(network(x), y).backward()
    }
    let expected = network.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    #expect(accumulated[0] == accumulated[1])
    #expect(largestDifference(accumulated[0], expected) < 1e-6)
  }

  /// Gradients that stay in the bucket between passes are not lost and not divided twice.
  @Test func gradientsAccumulateOverSteps() throws {
    let twice = try onRanks(2) { group -> [[Float]] in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      for _ in 0..<3 { try mseLoss(try model(x), y).backward() }
      return model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    }
    let network = Network(seed: 0)
    let (x, y) = batch([0, 1])
    for _ in 0..<3 { try mseLoss(network(x), y).backward() }
    let expected = network.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    #expect(largestDifference(twice[0], expected) < 1e-6)
  }

  @Test func evaluationNeedsNoPeer() throws {
    let results = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      guard group.rank == 0 else { return true }
      return try noGrad { try model(batch([0]).x).shape == [1, 1] }
    }
    #expect(results == [true, true])
  }

  @Test func backwardThrowsIfAPeerLeaves() throws {
    let results = attemptOnRanks(2, timeout: .seconds(5)) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      let loss = mseLoss(try model(x), y)
      if group.rank == 0 { try loss.backward() }
    }
    #expect(throws: CollectiveError.self) { try results[0].get() }
  }
}
