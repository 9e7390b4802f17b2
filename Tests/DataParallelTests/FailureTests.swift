import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// What one rank of three does wrong ends all of them, with the same sentence, long before the time limit.
@Suite struct FailureTests {
  /// What rank 1 does in the third step, and what everybody reads.
  enum Mistake: String, CaseIterable, Sendable {
    case leavesParametersOut = "on rank 1 2 of 6 parameters got no gradient"
    case usesAParameterTwice = "on rank 1 parameter 'head."
    case changesAStaticGraph = "on rank 1 2 of 6 parameters got no gradient in this backward pass"
    case usesMoreInAStaticGraph = "got more gradients than in the first backward pass"
  }

  @Test(arguments: [
    Mistake.leavesParametersOut, .usesAParameterTwice, .changesAStaticGraph,
    .usesMoreInAStaticGraph,
  ])
  func aMistakeOfOneRankIsThrownOnAll(mistake: Mistake) throws {
    let isStatic = mistake == .changesAStaticGraph || mistake == .usesMoreInAStaticGraph
    let results = attemptOnRanks(3, timeout: .seconds(20)) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group,
        options: DistributedDataParallelOptions(staticGraph: isStatic))
      for step in 0..<4 {
        let errs = step == 2 && group.rank == 1
        let (x, y) = batch([group.rank])
        model.module.usesSecond =
          !(errs && (mistake == .leavesParametersOut || mistake == .changesAStaticGraph))
        var output = try model(x)
        if errs, mistake == .usesAParameterTwice || mistake == .usesMoreInAStaticGraph {
          // In a backward pass of its own, within the pass of the model.
          output = output + checkpointed(output) { model.module.head(Tensor(zeros: [1, 16])) + $0 }
        }
        try meanSquaredError(output, y).backward()
      }
    }
    let sentences = Set(
      results.map { result -> String in
        guard case .failure(let error as CollectiveError) = result, error.code == .mismatch else {
          return "no mismatch: \(result)"
        }
        return error.message
      })
    #expect(sentences.count == 1)
    #expect(sentences.first?.contains(mistake.rawValue) == true, "\(sentences)")
  }

  @Test func aBackwardPassThatWasLeftIsThrownOnAllAtTheNextForward() throws {
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
          try meanSquaredError(try model(x), y).backward()
        } catch is Refusal {}
      }
      withExtendedLifetime(hook) {}
    }
    for result in results {
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .mismatch
          && "\($0)".contains("on rank 1 the backward pass before this forward pass did not come")
      }
    }
  }

  /// A rank whose loss does not depend on the model has no pass to take part in: its peers' time limit
  /// ends them.
  @Test func aPassWithoutAnyGradientEndsThePeersAtTheTimeLimit() throws {
    let results = attemptOnRanks(2, timeout: .seconds(1)) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let (x, y) = batch([group.rank])
      let output = try model(x)
      if group.rank == 0 { return try meanSquaredError(output, y).backward() }
      let other = Tensor(1 as Float)
      other.requiresGrad = true
      try (other * 2).backward()
      #expect { try model.checkIsFinished() } throws: {
        "\($0)".contains("gradients have not been averaged since the last forward pass")
      }
      // Here, so that the end of this rank is not what rank 0 sees.
      try group.barrier()
    }
    for result in results {
      #expect(throws: CollectiveError.self) { try result.get() }
    }
  }
}
