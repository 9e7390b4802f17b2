import Collectives
import DataLoading
import DataParallel
import RankHarness
import Torch
import Training

/// A small model and data set that train in milliseconds.
struct SmallJob {
  /// Two layers with fixed initial weights.
  final class Network: Module {
    let first = Linear(4, 8)
    let dropout = Dropout(0)
    let head = Linear(8, 1)

    init() { fillByFormula(self, seed: 0) }

    func forward(_ x: Tensor) throws -> Tensor { try head(dropout(first(x).tanh())) }
  }

  /// A collated batch.
  struct Batch: Sendable {
    var indices: [Int]
    var x: Tensor
    var y: Tensor
  }

  typealias Loader = DataLoader<InMemoryDataset<Int>, DistributedSampler, Batch>

  let model: DistributedDataParallel<Network>
  let optimizer: SGD
  let loader: Loader

  init(
    _ group: any ProcessGroup, samples: Int = 12, batchSize: Int = 2, seed: Int = 3,
    bucketBytes: Int? = nil
  ) throws {
    model = try DistributedDataParallel(
      Network(), group: group, options: DistributedDataParallelOptions(bucketBytes: bucketBytes))
    optimizer = SGD(model.module.parameters, learningRate: 0.1, momentum: 0)
    loader = try DataLoader(
      InMemoryDataset(Array(0..<samples)),
      batches: BatchSampler(
        DistributedSampler(
          count: samples, worldSize: group.worldSize, rank: group.rank, seed: seed),
        batchSize: batchSize)
    ) { indices in
      let x = indices.flatMap { index -> [Float] in
        (0..<4).map { column -> Float in Float((index * 37 + column * 11) % 50) / 25 - 1 }
      }
      return Batch(
        indices: indices, x: Tensor(x, shape: [indices.count, 4]),
        y: Tensor(indices.map { Float($0 % 7) / 7 }, shape: [indices.count, 1]))
    }
  }

  static func loss(_ model: DistributedDataParallel<Network>, _ batch: Batch) throws -> Tensor {
    mseLoss(try model(batch.x), batch.y)
  }

  var weights: [[Float]] { model.module.parameters.map { $0.array() } }

  func trainer(_ options: TrainerOptions) throws -> Trainer<Network> {
    try Trainer(model, optimizer, options: options)
  }
}
