import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

@Suite struct UnusedParametersTests {
  private static let finding = DistributedDataParallelOptions(
    bucketBytes: 512, findsUnusedParameters: true)

  /// Takes one step on a sample per rank; `uses` selects the ranks that use the second layer.
  private func step(
    _ uses: [Bool], options: DistributedDataParallelOptions = finding
  ) throws -> [[[Float]?]] {
    try onRanks(uses.count) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group, options: options)
      model.module.usesSecond = uses[group.rank]
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x), y).backward()
      return model.module.parameters.map { $0.grad?.array(of: Float.self) }
    }
  }

  @Test(arguments: [false, true])
  func aParameterThatOneRankUsesIsAveragedOnAll(skips: Bool) throws {
    var options = Self.finding
    options.skipsUnusedBuckets = skips
    let ranks = try step([true, false], options: options)
    #expect(ranks[0] == ranks[1])

    var expected = Network(seed: 0).parameters.map { [Float](repeating: 0, count: $0.count) }
    for (rank, uses) in [true, false].enumerated() {
      let network = Network(seed: 0)
      network.usesSecond = uses
      let (x, y) = batch([rank])
      try mseLoss(network(x), y).backward()
      for (index, parameter) in network.parameters.enumerated() {
        guard let gradient = parameter.grad?.array(of: Float.self) else { continue }
        expected[index] = zip(expected[index], gradient).map { $0 + $1 / 2 }
      }
    }
    #expect(largestDifference(ranks[0].map { $0 ?? [] }, expected) < 1e-6)
  }

  @Test(arguments: [false, true])
  func aParameterThatNoRankUsesHasNoGradient(skips: Bool) throws {
    var options = Self.finding
    options.skipsUnusedBuckets = skips
    let ranks = try step([false, false], options: options)
    #expect(ranks[0].map { $0 == nil } == [false, false, true, true, false, false])
    #expect(ranks[0] == ranks[1])
  }

  /// A model whose output may not depend on its parameters.
  final class Gate: Module {
    let network = Network(seed: 0)
    var isOpen = true

    func forward(_ x: Tensor) throws -> Tensor {
      isOpen ? try network(x) : Tensor.zeros([x.shape[0], 1])
    }
  }

  @Test(arguments: [false, true])
  func aRankThatUsesNothingSendsZeros(skips: Bool) throws {
    let ranks = try onRanks(2, timeout: .seconds(20)) { group in
      var options = Self.finding
      options.skipsUnusedBuckets = skips
      let model = try DistributedDataParallel(Gate(), group: group, options: options)
      for step in 0..<3 {
        model.module.zeroGrad()
        model.module.isOpen = group.rank == 0 || step == 0
        let (x, y) = batch([group.rank])
        let output = try model(x)
        if output.requiresGrad { try mseLoss(output, y).backward() }
      }
      return model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    }
    let network = Network(seed: 0)
    let (x, y) = batch([0])
    try (mseLoss(network(x), y) / 2).backward()
    let expected = network.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    #expect(ranks[0] == ranks[1])
    #expect(largestDifference(ranks[0], expected) < 1e-6)
  }

  @Test func bucketsKeepTheOrderOfTheParameters() throws {
    let names = try onRanks(2) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group, options: Self.finding)
      for step in 0..<3 {
        model.module.usesSecond = step != 1
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
      }
      return model.bucketParameterNames
    }
    #expect(
      names[0] == [
        ["second.bias", "head.weight", "head.bias"], ["second.weight"],
        ["first.weight", "first.bias"],
      ] || names[0].count > 1)
    #expect(names[0].last?.first == "first.weight")
  }

  /// Unused parameters are found in the first pass; buckets follow the order of the second.
  @Test func aStaticGraphFindsUnusedParametersInTheFirstPass() throws {
    let results = try onRanks(2) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group,
        options: DistributedDataParallelOptions(bucketBytes: 256, staticGraph: true))
      model.module.usesSecond = false
      let optimizer = SGD(model.module.parameters, learningRate: 0.1)
      var counts: [Int] = []
      for step in 0..<4 {
        optimizer.zeroGrad()
        let (x, y) = batch([group.rank + 2 * step])
        try mseLoss(try model(x), y).backward()
        try optimizer.step()
        counts.append(model.bucketParameterNames.count)
      }
      return (counts, values(model.module), model.bucketParameterNames.joined().suffix(2))
    }
    #expect(results[0].0.prefix(2) == [1, 1])
    #expect(results[0].0[2] > 1)
    #expect(results[0].1 == results[1].1)
    #expect(Array(results[0].2) == ["second.weight", "second.bias"])

    let alone = Network(seed: 0)
    alone.usesSecond = false
    let optimizer = SGD(alone.parameters, learningRate: 0.1)
    for step in 0..<4 {
      optimizer.zeroGrad()
      let (x, y) = batch([2 * step, 2 * step + 1])
      try mseLoss(alone(x), y).backward()
      try optimizer.step()
    }
    #expect(largestDifference(results[0].1, values(alone)) < 1e-6)
  }

  /// If only that rank threw, the others would wait for its bucket until the timeout.
  @Test(arguments: [false, true])
  func aMissingGradientOnOneRankThrowsOnAll(hasHook: Bool) throws {
    let results = attemptOnRanks(3, timeout: .seconds(10)) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      if hasHook { try model.registerCommunicationHook(AllReduceHook()) }
      for step in 0..<3 {
        model.module.usesSecond = step < 2 || group.rank != 1
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
      }
    }
    for result in results {
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .mismatch
          && "\($0)".contains("rank 1: 2 of 6 parameters got no gradient")
          && "\($0)".contains("'second.weight', 'second.bias'")
          && "\($0)".contains("findsUnusedParameters")
      }
    }
  }

  /// A rank that fails sends a NaN in its last bucket; NaN gradients look the same.
  @Test func nanGradientsAreNoFailure() throws {
    let results = try onRanks(2) { group -> [Bool] in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x * Double.nan), y).backward()
      return model.module.parameters.map { $0.grad?.sum().item.isNaN ?? false }
    }
    #expect(results == Array(repeating: Array(repeating: true, count: 6), count: 2))
  }

  @Test func aParameterUsedOutsideOfForwardThrowsOnAllRanks() throws {
    let results = attemptOnRanks(2, timeout: .seconds(10)) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      let output = try model(x)
      let bias = try #require(model.module.head.bias)
      try (bias * 1).sum().backward()
      try mseLoss(output, y).backward()
    }
    for result in results {
      #expect { try result.get() } throws: { "\($0)".contains("5 of 6 parameters") }
    }
  }

  @Test func invalidOptionsAreRejected() throws {
    var skipping = DistributedDataParallelOptions()
    skipping.skipsUnusedBuckets = true
    var ignoring = DistributedDataParallelOptions()
    ignoring.parametersToIgnore = ["frist.weight"]
    for (options, word) in [
      (DistributedDataParallelOptions(bucketBytes: 0), "0 bytes"), (skipping, "findsUnused"),
      (ignoring, "'frist.weight'"),
    ] {
      let result = attemptOnRanks(1) { group in
        _ = try DistributedDataParallel(Network(seed: 0), group: group, options: options)
      }[0]
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .invalidArgument && "\($0)".contains(word)
      }
    }
  }

  @Test func ignoredParametersAreNeitherCopiedNorAveraged() throws {
    let results = try onRanks(2) { group in
      var options = DistributedDataParallelOptions()
      options.parametersToIgnore = ["head.bias", "offset"]
      let model = try DistributedDataParallel(
        Network(seed: group.rank), group: group, options: options)
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x), y).backward()
      return (values(model.module), model.module.parameters.map { $0.grad?.sum().item })
    }
    #expect(results[0].0[5] != results[1].0[5], "not copied")
    #expect(results[0].0[..<5] == results[1].0[..<5])
    #expect(results[0].1[5] != results[1].1[5], "not averaged")
    #expect(results[0].1[..<5] == results[1].1[..<5])
  }
}
