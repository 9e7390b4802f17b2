import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

@Suite struct JoinTests {
  /// Trains; rank r takes `steps[r]` steps of one sample.
  private func train(
    _ steps: [Int], divideByAll: Bool = true, throwsEarly: Bool = false,
    options: DistributedDataParallelOptions = DistributedDataParallelOptions(bucketBytes: 512)
  ) -> [Result<[[Float]], any Error>] {
    attemptOnRanks(steps.count, timeout: .seconds(20)) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group, options: options)
      let optimizer = SGD(model.module.parameters, learningRate: 0.1)
      try model.join(
        divideByInitialWorldSize: divideByAll, throwOnEarlyTermination: throwsEarly
      ) {
        for step in 0..<steps[group.rank] {
          optimizer.zeroGrad()
          let (x, y) = batch([step * steps.count + group.rank])
          try mseLoss(try model(x), y).backward()
          try optimizer.step()
        }
      }
      return values(model.module)
    }
  }

  /// Takes the same steps in one process, with the gradients of the ranks that have inputs.
  private func alone(_ steps: [Int], divideByAll: Bool) throws -> [[Float]] {
    let network = Network(seed: 0)
    let optimizer = SGD(network.parameters, learningRate: 0.1)
    for step in 0..<(steps.max() ?? 0) {
      optimizer.zeroGrad()
      let ranks = steps.indices.filter { step < steps[$0] }
      for rank in ranks {
        let (x, y) = batch([step * steps.count + rank])
        let divisor = Double(divideByAll ? steps.count : ranks.count)
        try (mseLoss(network(x), y) / divisor).backward()
      }
      try optimizer.step()
    }
    return values(network)
  }

  @Test(arguments: [[3, 5], [5, 3], [2, 2], [0, 3], [4, 1, 2]], [true, false])
  func allRanksGetTheModelOfTheLastRank(steps: [Int], divideByAll: Bool) throws {
    let results = try train(steps, divideByAll: divideByAll).map { try $0.get() }
    for result in results { #expect(result == results[0]) }
    let expected = try alone(steps, divideByAll: divideByAll)
    #expect(largestDifference(results[0], expected) < 2e-6)
  }

  @Test func joinWorksWithUnusedParameters() throws {
    let options = DistributedDataParallelOptions(bucketBytes: 512, findsUnusedParameters: true)
    let results = try train([2, 4], options: options).map { try $0.get() }
    #expect(results[0] == results[1])
    #expect(largestDifference(results[0], try alone([2, 4], divideByAll: true)) < 2e-6)
  }

  @Test func allRanksThrowWhenTheFirstHasNoMoreInputs() {
    for result in train([2, 4, 4], throwsEarly: true) {
      #expect { try result.get() } throws: {
        ($0 as? CollectiveError)?.code == .exhausted
          && "\($0)".contains("rank 0 has no more inputs")
      }
    }
  }

  @Test func theLastRankWithInputsIsTheSource() {
    let two = Joining.round([[1, 1], [1, 0], [0, 0]])
    #expect(two?.source == 1 && two?.synchronizes == true && two?.activeCount == 2)
    let one = Joining.round([[1, 0], [0, 0]])
    #expect(one?.source == 0 && one?.synchronizes == false && one?.activeCount == 1)
    #expect(Joining.round([[0, 0], [0, 0]]) == nil)
  }
}
