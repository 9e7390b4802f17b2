import Collectives
import DataParallel
import RankHarness
import Testing
import Torch
import TorchCollectives

@Suite struct NCCLTrainingTests {
  /// Trains a network on two ranks, which agree on unused parameters as well.
  private static func train(_ group: any ProcessGroup) throws -> [[Float]] {
    var options = DistributedDataParallelOptions()
    options.findsUnusedParameters = true
    options.bucketBytes = 256
    let model = Network(seed: group.rank)
    let parallel = try DistributedDataParallel(model, group: group, options: options)
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    for step in 0..<3 {
      model.usesSecond = step != 1
      let (x, y) = batch([step * 4 + group.rank * 2, step * 4 + group.rank * 2 + 1])
      optimizer.zeroGrad()
      try mseLoss(try parallel(x), y).backward()
      try optimizer.step()
    }
    return values(model)
  }

  /// With two ranks the sum does not depend on the order.
  @Test func trainsToTheSameBitsAsOverGloo() throws {
    let overNCCL = try attemptOnStandIn(2) { try Self.train($0) }.map { try $0.get() }
    let overGloo = try onRanks(2) { try Self.train($0) }
    #expect(overNCCL == overGloo)
    #expect(overNCCL[0] == overNCCL[1])
  }
}
