import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// Models with checkpointed parts, whose activations backward recomputes in nested passes.
@Suite struct CheckpointTests {
  /// Three layers, some of them checkpointed.
  final class Layers: Module {
    let layers = [Linear(6, 16), Linear(16, 16), Linear(16, 1)]
    let checkpointed: Set<Int>

    init(_ checkpointed: Set<Int>) {
      self.checkpointed = checkpointed
      fillByFormula(self, seed: 0)
    }

    func forward(_ x: Tensor) throws -> Tensor {
      try layers.enumerated().reduce(x) { x, next in
        guard checkpointed.contains(next.offset) else { return try next.element(x).tanh() }
        return try Torch.checkpointed(x) { try next.element($0).tanh() }
      }
    }
  }

  private func train(_ checkpointed: Set<Int>, _ group: any ProcessGroup) throws -> (
    [[Float]], [[String]]
  ) {
    let model = try DistributedDataParallel(
      Layers(checkpointed), group: group, options: DistributedDataParallelOptions(bucketBytes: 100))
    let optimizer = SGD(model.module.parameters, learningRate: 0.1)
    for step in 0..<4 {
      optimizer.zeroGrad()
      let (x, y) = batch([2 * step + group.rank])
      try mseLoss(try model(x), y).backward()
      try optimizer.step()
    }
    return (values(model.module), model.bucketParameterNames)
  }

  @Test(arguments: [[0], [2], [0, 1], [1, 2], [0, 1, 2]] as [Set<Int>])
  func checkpointingChangesNeitherWeightsNorBuckets(checkpointed: Set<Int>) throws {
    let plain = try onRanks(2) { try train([], $0) }
    let recomputed = try onRanks(2) { try train(checkpointed, $0) }
    for rank in 0..<2 {
      #expect(recomputed[rank].0 == plain[rank].0, "bitwise")
      #expect(recomputed[rank].1 == plain[rank].1)
    }
  }
}
