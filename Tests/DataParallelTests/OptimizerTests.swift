import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// Takes steps with an optimizer and returns the weights.
private func train(
  _ group: any ProcessGroup, steps: Int = 4,
  _ make: (DistributedDataParallel<Network>) throws -> (step: () throws -> Void, groups: [Tensor])
) throws -> [[Float]] {
  let model = try DistributedDataParallel(
    Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 512))
  let (step, parameters) = try make(model)
  for index in 0..<steps {
    for parameter in parameters { parameter.grad = nil }
    let (x, y) = batch([group.rank + group.worldSize * index])
    try mseLoss(try model(x), y).backward()
    try step()
  }
  return values(model.module)
}

private func groups(of module: Network) -> [ParameterGroup] {
  [
    ParameterGroup(
      [module.first.weight, module.second.weight, module.head.weight], learningRate: 0.01,
      weightDecay: 0.1),
    ParameterGroup(
      [module.first.bias, module.second.bias, module.head.bias].compactMap { $0 },
      learningRate: 0.02),
  ]
}

@Suite struct ZeroRedundancyOptimizerTests {
  @Test func theLargestParameterGoesToTheRankWithTheFewestElements() {
    #expect(
      ParameterAssignment(counts: [[5, 10, 3, 8], [4, 4]], worldSize: 2).ranks
        == [[1, 0, 0, 1], [0, 1]])
    #expect(ParameterAssignment(counts: [[1, 1, 1]], worldSize: 4).ranks == [[0, 1, 2]])
  }

  @Test(arguments: [1, 2, 3])
  func weightsAreBitwiseThoseOfTheUnshardedOptimizer(worldSize: Int) throws {
    let whole = try onRanks(worldSize) { group in
      try train(group) { model in
        let optimizer = AdamW(groups(of: model.module))
        return (optimizer.step, model.module.parameters)
      }
    }
    let sharded = try onRanks(worldSize) { group in
      try train(group) { model in
        let optimizer = ZeroRedundancyOptimizer(groups(of: model.module), group: group) {
          AdamW($0)
        }
        return (optimizer.step, model.module.parameters)
      }
    }
    #expect(sharded == whole)
  }

  /// Two moments in float32; each parameter also has a step count of 4 bytes.
  @Test(arguments: [1, 2, 4])
  func stateIsDistributedOverRanks(worldSize: Int) throws {
    let bytes = try onRanks(worldSize) { group in
      let layers = (0..<8).map { _ in Linear(32, 32, bias: false) }
      let optimizer = ZeroRedundancyOptimizer(
        [ParameterGroup(layers.flatMap(\.parameters), learningRate: 0.1)], group: group
      ) { AdamW($0) }
      for layer in layers { layer.weight.grad = Tensor.zeros([32, 32]) }
      try optimizer.step()
      return optimizer.stateByteCount
    }
    #expect(bytes == Array(repeating: (8 / worldSize) * (2 * 32 * 32 * 4 + 4), count: worldSize))
  }

  @Test func consolidatedStateIsThatOfTheUnshardedOptimizer() throws {
    let results = try onRanks(2) { group in
      let module = Network(seed: 0)
      func gradients(_ factor: Double) {
        for parameter in module.parameters { parameter.grad = parameter.detach() * factor }
      }
      let optimizer = ZeroRedundancyOptimizer(groups(of: module), group: group) { AdamW($0) }
      let reference = Network(seed: 0)
      let whole = AdamW(groups(of: reference))
      for factor in [1.0, 0.5] {
        gradients(factor)
        for parameter in reference.parameters { parameter.grad = parameter.detach() * factor }
        try optimizer.step()
        try whole.step()
      }
      let consolidated = try optimizer.consolidatedStateDict(to: 1)
      let expected = try whole.captureState()
      #expect((consolidated != nil) == (group.rank == 1))
      if let state = try consolidated.map({ try State($0) }) {
        #expect(state.tensors.fingerprint == expected.tensors.fingerprint)
        #expect(state.values == expected.values)
      }
      // A new optimizer continues from the consolidated state like the old one.
      let copy = Network(seed: 0)
      try copy.restoreState(module.captureState())
      let again = ZeroRedundancyOptimizer(groups(of: copy), group: group) { AdamW($0) }
      try again.loadConsolidatedStateDict(OptimizerState(expected))
      for parameter in copy.parameters { parameter.grad = parameter.detach() }
      gradients(1)
      try optimizer.step()
      try again.step()
      return values(copy) == values(module)
    }
    #expect(results == [true, true])
  }

  @Test(arguments: [1, 2, 3], [1, 2, 4])
  func consolidatedStateContinuesOnAnotherWorldSize(saved: Int, restored: Int) throws {
    @Sendable func step(_ optimizer: any Optimizer, _ module: Network, _ numbers: Range<Int>) throws
    {
      for number in numbers {
        for parameter in module.parameters {
          parameter.grad = parameter.detach() * (Double(number + 1) / 10)
        }
        try optimizer.step()
      }
    }
    let whole = Network(seed: 0)
    try step(SGD(groups(of: whole), momentum: 0.9), whole, 0..<4)

    let (state, weights) = try onRanks(saved) { group -> (OptimizerState?, State) in
      let module = Network(seed: 0)
      let optimizer = ZeroRedundancyOptimizer(groups(of: module), group: group) {
        SGD($0, momentum: 0.9)
      }
      try step(optimizer, module, 0..<2)
      return (try optimizer.consolidatedStateDict(), try module.captureState())
    }[0]
    let results = try onRanks(restored) { group in
      let module = Network(seed: 1)
      try module.restoreState(weights)
      let optimizer = ZeroRedundancyOptimizer(groups(of: module), group: group) {
        SGD($0, momentum: 0)
      }
      try optimizer.loadConsolidatedStateDict(try #require(state))
      try step(optimizer, module, 2..<4)
      return values(module)
    }
    for result in results { #expect(result == values(whole)) }
  }

  @Test func consolidatedStateOfOtherParametersIsRefused() throws {
    let group = LocalProcessGroup.make(worldSize: 1)[0]
    let optimizer = ZeroRedundancyOptimizer(groups(of: Network(seed: 0)), group: group) {
      AdamW($0)
    }
    let state = try AdamW([ParameterGroup([Tensor.zeros([2])], learningRate: 1)]).stateDict()
    #expect { try optimizer.loadConsolidatedStateDict(state) } throws: {
      ($0 as? TorchError)?.code == .mismatch
    }
  }

  @Test func itMayBeJoinedByRanksWithoutInputs() throws {
    let results = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let optimizer = ZeroRedundancyOptimizer(groups(of: model.module), group: group) { AdamW($0) }
      try model.join(shadows: [optimizer]) {
        for step in 0..<(2 + 2 * group.rank) {
          optimizer.zeroGrad()
          let (x, y) = batch([2 * step + group.rank])
          try mseLoss(try model(x), y).backward()
          try optimizer.step()
        }
      }
      return values(model.module)
    }
    #expect(results[0] == results[1])
    let alone = Network(seed: 0)
    let optimizer = AdamW(groups(of: alone))
    for step in 0..<4 {
      optimizer.zeroGrad()
      for rank in 0..<2 where step < 2 + 2 * rank {
        let (x, y) = batch([2 * step + rank])
        try (mseLoss(alone(x), y) / 2).backward()
      }
      try optimizer.step()
    }
    #expect(largestDifference(results[0], values(alone)) < 1e-5)
  }
}

@Suite struct OverlappedOptimizerTests {
  @Test func overlappedStepsEqualStepsAfterBackward() throws {
    let after = try onRanks(2) { group in
      try train(group) { model in
        let optimizer = AdamW(groups(of: model.module))
        return (optimizer.step, model.module.parameters)
      }
    }
    let during = try onRanks(2) { group in
      try train(group) { model in
        model.overlap(AdamW(groups(of: model.module)))
        return ({}, model.module.parameters)
      }
    }
    #expect(during == after)
  }

  @Test func zeroRedundancyMayOverlap() throws {
    let after = try onRanks(2) { group in
      try train(group) { model in
        let optimizer = AdamW(groups(of: model.module))
        return (optimizer.step, model.module.parameters)
      }
    }
    let during = try onRanks(2) { group in
      try train(group) { model in
        let optimizer = ZeroRedundancyOptimizer(groups(of: model.module), group: group) {
          AdamW($0)
        }
        model.overlap(optimizer.overlappable)
        return (optimizer.shareParameters, model.module.parameters)
      }
    }
    #expect(during == after)
  }
}

@Suite struct ModelAveragerTests {
  private func averagedSteps(
    _ steps: Int,
    _ make:
      @escaping @Sendable (any ProcessGroup) throws ->
      any ModelAverager
  ) throws -> [Int] {
    try onRanks(2) { group in
      let averager = try make(group)
      let parameter = Tensor([Float(0)])
      parameter.grad = Tensor([Float(0)])
      return try (0..<steps).filter { _ in
        parameter.copy_(Tensor([Float(group.rank)]))
        try averager.average([parameter])
        return parameter.item == 0.5
      }
    }[1]
  }

  @Test func averagesPeriodicallyAfterTheWarmUp() throws {
    #expect(
      try averagedSteps(12) { try PeriodicModelAverager(period: 4, warmupSteps: 3, group: $0) }
        == [3, 7, 11])
  }

  @Test func theLevelWithTheLongestPeriodWins() throws {
    // Usually the levels have groups of different sizes; here both have all ranks.
    #expect(
      try averagedSteps(8) {
        try HierarchicalModelAverager([(period: 2, group: $0), (period: 4, group: $0)])
      } == [0, 2, 4, 6])
  }

  @Test func pairsAverageMoreOftenThanAllRanks() throws {
    let means = try onRanks(4) { group in
      let averager = try HierarchicalModelAverager(
        sizes: [(period: 2, size: 2), (period: 4, size: 4)], of: group, warmupSteps: 1)
      let parameter = Tensor([Float(0)])
      parameter.grad = Tensor([Float(0)])
      return try (0..<7).map { _ in
        parameter.copy_(Tensor([Float(group.rank)]))
        try averager.average([parameter])
        return parameter.item
      }
    }
    #expect(means[0] == [0, 0, 0.5, 0, 1.5, 0, 0.5])
    #expect(means[3] == [3, 3, 2.5, 3, 1.5, 3, 2.5])
  }

  @Test(arguments: [[(2, 2), (4, 3)], [(2, 3), (4, 4)], []] as [[(Int, Int)]])
  func invalidGroupSizesAreRejected(sizes: [(Int, Int)]) throws {
    for result in attemptOnRanks(
      4,
      { group in
        _ = try HierarchicalModelAverager(sizes: sizes.map { ($0.0, $0.1) }, of: group)
      })
    {
      #expect { try result.get() } throws: { ($0 as? CollectiveError)?.code == .invalidArgument }
    }
  }

  @Test func periodsThatDoNotAscendAreRejected() throws {
    let result = attemptOnRanks(1) { group in
      _ = try HierarchicalModelAverager([(period: 4, group: group), (period: 2, group: group)])
    }[0]
    #expect(throws: CollectiveError.self) { try result.get() }
  }

  @Test func parametersWithoutAGradientAreNotAveraged() throws {
    let results = try onRanks(2) { group in
      let parameter = Tensor([Float(group.rank)])
      try PeriodicModelAverager(period: 1, group: group).average([parameter])
      return parameter.item
    }
    #expect(results == [0, 1])
  }

  /// With plain SGD, averaging weights after each local step equals averaging gradients.
  @Test func postLocalSGDWithAPeriodOfOneEqualsAveragingGradients() throws {
    let averaged = try onRanks(2) { group in
      try train(group) { model in
        let optimizer = SGD(model.module.parameters, learningRate: 0.1)
        return (optimizer.step, model.module.parameters)
      }
    }
    let local = try onRanks(2) { group in
      try train(group) { model in
        try model.registerCommunicationHook(PostLocalSGDHook(startStep: 2, subgroup: nil))
        let optimizer = PostLocalSGDOptimizer(
          SGD(model.module.parameters, learningRate: 0.1),
          try PeriodicModelAverager(period: 1, warmupSteps: 2, group: group))
        return (optimizer.step, model.module.parameters)
      }
    }
    #expect(local[0] == local[1])
    #expect(largestDifference(local[0], averaged[0]) < 1e-6)
  }
}
