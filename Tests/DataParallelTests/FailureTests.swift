import Collectives
import DataParallel
import RankHarness
import Testing
import Torch
import TorchCollectives

/// A mistake on one rank throws the same error on all ranks, long before the timeout.
@Suite struct FailureTests {
  @Test(arguments: Mistake.allCases, [ProcessGroupBackend.gloo, .sharedMemory])
  func aMistakeIsThrownOnAllRanks(mistake: Mistake, backend: ProcessGroupBackend) throws {
    // Gloo detects an omitted pass after a tenth of the timeout.
    let limit: Duration = mistake == .noGradient ? .seconds(10) : .seconds(60)
    for result in attemptOnRanks(3, over: backend, timeout: limit, { try mistake.make($0) }) {
      guard case .failure(let error as CollectiveError) = result else {
        Issue.record("\(mistake) passed: \(result)")
        continue
      }
      #expect(error.code == mistake.code, "\(error)")
      for words in mistake.words { #expect(error.message.contains(words), "\(error)") }
    }
  }

  /// An omitted pass is detected in every mode of reduction.
  @Test(
    arguments: [
      ("finds", .sharedMemory), ("skips", .sharedMemory), ("skips", .gloo),
      ("static", .sharedMemory),
      ("hook", .sharedMemory), ("gathering hook", .sharedMemory),
    ] as [(String, ProcessGroupBackend)])
  func anOmittedPassIsDetected(mode: String, backend: ProcessGroupBackend) throws {
    var options = DistributedDataParallelOptions(
      findsUnusedParameters: mode == "finds" || mode == "skips", staticGraph: mode == "static")
    options.skipsUnusedBuckets = mode == "skips"
    let results = attemptOnRanks(3, over: backend, timeout: .seconds(10)) { [options] group in
      let hooks: [String: any CommunicationHook] = [
        "hook": AllReduceHook(), "gathering hook": QuantizationHook(),
      ]
      try Mistake.noGradient.make(group, options: options, hook: hooks[mode])
    }
    for result in results {
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .mismatch && "\($0)".contains(Mistake.noGradient.words[0])
      }
    }
  }

  /// In shared memory, buckets that exceed a slot of 64 KiB synchronize at a different location.
  @Test func anOmittedPassIsDetectedAtALargeBucket() throws {
    let results = attemptOnRanks(3, over: .sharedMemory, timeout: .seconds(60)) { group in
      let model = try DistributedDataParallel(Linear(256, 128), group: group)
      for step in 0..<3 {
        let output = try model(Tensor.full([1, 256], 1.0))
        if step != 1 || group.rank != 1 { try output.sum().backward() }
      }
    }
    for result in results {
      #expect { try result.get() } throws: { "\($0)".contains(Mistake.noGradient.words[0]) }
    }
  }

  @Test func anInterruptedBackwardPassThrowsOnAllRanksAtTheNextForward() throws {
    struct Refusal: Error {}
    let results = attemptOnRanks(2, timeout: .seconds(20)) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 1))
      let hook = GradientHook(on: model.module.second.weight) {
        if group.rank == 1 { throw Refusal() }
      }
      for _ in 0..<2 {
        let (x, y) = batch([group.rank])
        do {
          try mseLoss(try model(x), y).backward()
        } catch is Refusal {}
      }
      withExtendedLifetime(hook) {}
    }
    for result in results {
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .mismatch
          && "\($0)".contains("rank 1: the backward pass before this forward pass did not complete")
      }
    }
  }

  /// A rank that omits a pass and runs no other forward fails its peers at the timeout, or at once
  /// if the backend compares calls.
  @Test(arguments: [ProcessGroupBackend.gloo, .sharedMemory])
  func aRankThatCallsSomethingElseInsteadOfBackwardFailsItsPeers(backend: ProcessGroupBackend)
    throws
  {
    let limit: Duration = backend == .gloo ? .seconds(1) : .seconds(60)
    let results = attemptOnRanks(2, over: backend, timeout: limit) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      let output = try model(x)
      if group.rank == 0 { return try mseLoss(output, y).backward() }
      #expect { try model.checkIsFinished() } throws: {
        "\($0)".contains("gradients have not been averaged since the last forward pass")
      }
      // Keeps this rank alive, so that rank 0 does not fail because it exits.
      try group.barrier()
    }
    for result in results { #expect(throws: CollectiveError.self) { try result.get() } }
    #expect { try results[0].get() } throws: {
      "\($0)".contains(
        "averaging bucket 1 of 1 ('first.weight', 'first.bias', 'second.weight', …) failed "
          + "in pass 1: ")
    }
  }

  /// Models with two inputs do this, and passes that only need outputs.
  @Test(arguments: [ProcessGroupBackend.gloo, .sharedMemory])
  func forwardWithoutBackwardOnAllRanksIsAllowed(backend: ProcessGroupBackend) throws {
    let results = try onRanks(2, over: backend) { base in
      let group = CountingProcessGroup(base)
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      var calls: [[CountingProcessGroup.Entry]] = []
      for _ in 0..<3 {
        model.module.zeroGrad()
        let (x, y) = batch([group.rank])
        let first = try model(x)
        _ = group.takeEntries()
        let second = try model(x)
        calls.append(group.takeEntries())
        try mseLoss((first + second) / 2, y).backward()
      }
      return (calls[2], model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] })
    }
    let network = Network(seed: 0)
    let (x, y) = batch([0, 1])
    try mseLoss(network(x), y).backward()
    let expected = network.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
    for (calls, gradients) in results {
      #expect(largestDifference(gradients, expected) < 1e-6)
      #expect(
        calls == [.init("all-gather", 1), .init("broadcast", 4)],
        "the check of the previous pass, and a buffer")
    }
  }

  @Test func aNeedlessSearchIsWarnedOfOnce() throws {
    let warnings = try onRanks(2) { group in
      var warnings: [String] = []
      for usesAll in [true, false] {
        let model = try DistributedDataParallel(
          Network(seed: 0), group: group,
          options: DistributedDataParallelOptions(findsUnusedParameters: true))
        model.reducer.warn = { warnings.append($0) }
        model.module.usesSecond = usesAll || group.rank == 0
        for _ in 0..<3 {
          let (x, y) = batch([group.rank])
          try mseLoss(try model(x), y).backward()
        }
      }
      return warnings
    }
    #expect(warnings.map(\.count) == [1, 0])
    #expect(warnings[0][0].contains("the first pass used every parameter"))
  }
}
