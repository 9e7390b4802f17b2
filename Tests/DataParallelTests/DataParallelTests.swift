import DataParallel
import RankHarness
import Testing
import Torch

@Suite struct DataParallelTests {
  @Test(arguments: [1, 2, 3, 5])
  func replicasMatchTheModel(replicas: Int) throws {
    let network = Network(seed: 1)
    let alone = Network(seed: 1)
    let parallel = try DataParallel(
      network, devices: Array(repeating: .cpu, count: replicas)
    ) { Network(seed: 9) }
    let optimizers = [network, alone].map { SGD($0.parameters, learningRate: 0.1) }
    for step in 0..<3 {
      let (x, y) = batch([step, step + 1, step + 2])
      optimizers.forEach { $0.zeroGrad() }
      try mseLoss(parallel(x), y).backward()
      try mseLoss(alone(x), y).backward()
      try optimizers.forEach { try $0.step() }
    }
    #expect(largestDifference(values(network), values(alone)) < 1e-6)
    let (x, _) = batch([7, 8, 9])
    let outputs = try noGrad { (try parallel(x), try alone(x)) }
    #expect(outputs.0.shape == [3, 1] && !outputs.0.requiresGrad)
  }

  @Test func aReplicaWithOtherParametersIsRejected() throws {
    #expect(throws: TorchError.self) {
      _ = try DataParallel(Linear(2, 2), devices: [.cpu]) { Linear(2, 2, bias: false) }
    }
  }
}
