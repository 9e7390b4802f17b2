import DataLoading
import Testing

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct SamplerPeerTests {
  private struct Case: Decodable {
    var n: Int
    var worldSize: Int
    var seed: Int
    var epoch: Int
    var shuffle: Bool
    var dropLast: Bool
    var indices: [[Int]]
  }

  @Test func distributedSamplerYieldsPyTorchsIndices() async throws {
    let lines = try await Peers.run("sampler.py", []).split(separator: "\n")
    #expect(lines.count >= 500)
    for line in lines {
      let wanted = try Peers.decode(Case.self, line)
      let indices = try (0..<wanted.worldSize).map { rank in
        var sampler = try DistributedSampler(
          count: wanted.n, worldSize: wanted.worldSize, rank: rank, shuffle: wanted.shuffle,
          seed: wanted.seed, dropLast: wanted.dropLast)
        sampler.setEpoch(wanted.epoch)
        return sampler.indices()
      }
      #expect(
        indices == wanted.indices, "n \(wanted.n), R \(wanted.worldSize), seed \(wanted.seed)")
    }
  }
}
