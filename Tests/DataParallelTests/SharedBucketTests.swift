import Collectives
import DataParallel
import Foundation
import RankHarness
import Testing
import Torch
import TorchCollectives

/// Buckets in memory that the ranks of a group share.
@Suite struct SharedBucketTests {
  /// 1.5 MB of parameters, from 4 bytes to 1 MB.
  private final class Model: Module {
    let first = Linear(20, 512)
    let second = Linear(512, 512)
    let third = Linear(512, 256)
    let head = Linear(256, 1)
    init() { fillByFormula(self, seed: 1) }
    func forward(_ x: Tensor) throws -> Tensor {
      try head(third(second(first(x).tanh()).tanh()).tanh())
    }
  }

  private static func step(_ model: DistributedDataParallel<Model>, _ seed: Int) throws {
    for parameter in model.module.parameters { parameter.grad = nil }
    let inputs = (0..<160).map { Float(($0 * 37 + seed * 11 + model.group.rank * 5) % 50) / 25 - 1 }
    try model(Tensor(inputs, shape: [8, 20])).sum().backward()
  }

  private static func gradients(_ model: DistributedDataParallel<Model>) -> [[Float]] {
    model.module.parameters.map { $0.grad?.array(of: Float.self) ?? [] }
  }

  @Test(arguments: [2, 3, 4])
  func bucketSizesDoNotChangeABit(worldSize: Int) throws {
    let results = try onRanks(worldSize, over: .sharedMemory) { group -> [[[Float]]] in
      // A limit of 1 byte closes a bucket after each parameter.
      try [64 << 10, 1 << 20, 25 << 20, 1].map { bucketBytes in
        let model = try DistributedDataParallel(
          Model(), group: group, options: DistributedDataParallelOptions(bucketBytes: bucketBytes))
        for seed in 0..<3 { try Self.step(model, seed) }
        if bucketBytes == 1 { #expect(model.bucketParameterNames.count == 8) }
        return Self.gradients(model)
      }
    }
    for rank in results {
      for layout in rank { #expect(layout == results[0][0]) }
    }
    #expect(results[0][0].joined().contains { $0 != 0 })
  }

  @Test func anAllReduceOfBucketsCopiesNothing() throws {
    let staged = try onRanks(2, over: .sharedMemory) { group -> [Int] in
      let shared = try #require(group as? SharedMemoryProcessGroup)
      let model = try DistributedDataParallel(
        Model(), group: group, options: DistributedDataParallelOptions(bucketBytes: 512 << 10))
      for seed in 0..<2 { try Self.step(model, seed) }
      let before = shared.stagedByteCount
      for seed in 2..<5 { try Self.step(model, seed) }
      let after = shared.stagedByteCount
      #expect(model.bucketParameterNames.count == 3)
      let bytes = model.module.parameters.map(\.byteCount).reduce(0, +)
      try group.allReduce(Tensor.zeros([bytes / 4]))
      return [after - before, shared.stagedByteCount - after, bytes]
    }
    for counts in staged {
      // The last bucket is small enough for a slot.
      #expect(counts[0] < 3 << 16, "\(counts)")
      // A rank stages the peer's half, except for a cache line.
      #expect(counts[1] >= counts[2] / 2 - 64, "plain memory is staged")
    }
  }

  /// Runs in its own process, because it counts all shared mappings of the process.
  @Test func updatingTheGroupMovesTheBucketsAndFreesTheOldMemory() async {
    await #expect(processExitsWith: .success) {
      @Sendable func mappings() throws -> Int {
        try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
          .components(separatedBy: "memfd:lockstep").count - 1
      }
      let before = try mappings()
      let store = HashStore(timeout: .seconds(20))
      let counts = try onRankThreads(2) { rank -> [Int] in
        func make(_ generation: Int) throws -> SharedMemoryProcessGroup {
          try SharedMemoryProcessGroup(
            store: PrefixStore("\(generation)", store), rank: rank, worldSize: 2,
            timeout: .seconds(20))
        }
        let model = try DistributedDataParallel(Model(), group: make(0))
        try model.group.barrier()
        var counts = [try mappings()]
        try model.group.barrier()
        for generation in 1..<6 {
          try SharedBucketTests.step(model, generation)
          let old = SharedBucketTests.gradients(model)
          if generation % 2 == 0 { model.group.abort("a new generation starts") }
          model.update(group: try make(generation))
          #expect(SharedBucketTests.gradients(model) == old, "gradients are unchanged")
          try model.group.barrier()
          counts.append(try mappings())
          try model.group.barrier()
        }
        return counts
      }.map { try $0.get() }
      for rank in counts { #expect(rank.allSatisfy { $0 == rank[0] && $0 > before }, "\(counts)") }
      #expect(try mappings() == before)
    }
  }
}
