import DataLoading
import Foundation
import Support
import Testing

/// A random number generator with a fixed seed.
private struct SeededGenerator: RandomNumberGenerator {
  var twister: MersenneTwister
  mutating func next() -> UInt64 { twister.random64() }
}

private func samplers(
  _ count: Int, _ worldSize: Int, shuffle: Bool = true, seed: Int = 3, dropLast: Bool = false
) throws -> [DistributedSampler] {
  try (0..<worldSize).map {
    try DistributedSampler(
      count: count, worldSize: worldSize, rank: $0, shuffle: shuffle, seed: seed,
      dropLast: dropLast)
  }
}

@Suite struct SamplerPositionTests {
  /// Interrupts an epoch at random steps and resumes it with random world sizes.
  @Test func everySampleIsSeenOnceAcrossWorldSizes() throws {
    var random = SeededGenerator(twister: MersenneTwister(seed: 11))
    for trial in 0..<3000 {
      let count = Int.random(in: 1...70, using: &random)
      let shuffle = Bool.random(using: &random)
      let dropLast = Bool.random(using: &random)
      let epoch = Int.random(in: 0...5, using: &random)
      let batchSize = Int.random(in: 1...5, using: &random)
      var position = try samplers(count, 1, shuffle: shuffle)[0].position
      for _ in 0..<epoch { position.startNextEpoch() }
      var seen: [Int] = []
      var padding: [Int] = []
      var dropped = 0
      let runs = Int.random(in: 1...4, using: &random)
      for run in 1...runs {
        let worldSize = Int.random(in: 1...9, using: &random)
        let paddedBefore = padding.count
        var ranks = try samplers(count, worldSize, shuffle: shuffle, dropLast: dropLast)
        for rank in ranks.indices { try ranks[rank].setPosition(position) }
        let shares = ranks.map { $0.indices() }
        #expect(Set(shares.map(\.count)) == [ranks[0].count])
        let steps = (ranks[0].count + batchSize - 1) / batchSize
        let taken = run == runs ? steps : Int.random(in: 0...steps, using: &random)
        for step in 0..<taken {
          let batches = shares.map { Array($0.dropFirst(step * batchSize).prefix(batchSize)) }
          for (rank, batch) in batches.enumerated() {
            let isLast = step == steps - 1
            let extra = isLast ? ranks[rank].paddingCount : 0
            seen += batch.dropLast(extra)
            padding += batch.suffix(extra)
          }
          position.advance(by: batches.map(\.count).reduce(0, +))
        }
        // Only the run that reaches the end of the epoch adds padding.
        #expect(padding.count - paddedBefore < worldSize)
        #expect(paddedBefore == 0 || padding.count == paddedBefore)
        dropped = count - seen.count
        if run == runs { #expect(dropped < worldSize) }
      }
      if dropLast {
        #expect(padding.isEmpty)
        #expect(Set(seen).count == seen.count, "trial \(trial)")
        #expect(Set(seen).isSubset(of: 0..<count))
      } else {
        #expect(seen.sorted() == Array(0..<count), "trial \(trial)")
      }
    }
  }

  @Test func unchangedWorldSizeContinuesTheSameOrder() throws {
    let cases = [(10, 3, false), (11, 4, true), (64, 2, false), (2, 5, false)]
    for (count, worldSize, dropLast) in cases {
      for rank in 0..<worldSize {
        var sampler = try samplers(count, worldSize, dropLast: dropLast)[rank]
        sampler.setEpoch(2)
        let whole = sampler.indices()
        let start = sampler.position
        for steps in 0...whole.count {
          var position = start
          position.advance(by: steps * worldSize)
          try sampler.setPosition(position)
          #expect(sampler.indices() == Array(whole.dropFirst(steps)))
          #expect(sampler.count == whole.count - steps)
        }
      }
    }
  }

  @Test func oneRankEqualsRandomSampler() throws {
    var position = SamplerPosition(datasetCount: 20, seed: 3)
    position.startNextEpoch()
    position.advance(by: 7)
    var random = RandomSampler(count: 20, seed: 3)
    var distributed = try samplers(20, 1)[0]
    try random.setPosition(position)
    try distributed.setPosition(position)
    #expect(random.indices() == distributed.indices())
    #expect(random.count == 13)
    #expect(random.position == position)
  }

  @Test func positionRoundTripsAsJSON() throws {
    var position = SamplerPosition(datasetCount: 20, seed: nil)
    position.advance(by: 4)
    let text = try JSONEncoder().encode(position)
    #expect(try JSONDecoder().decode(SamplerPosition.self, from: text) == position)
  }

  @Test(arguments: [
    (SamplerPosition(datasetCount: 21, seed: 3), "longer data set: it had 21 samples"),
    (SamplerPosition(datasetCount: 19, seed: 3), "shorter data set: it had 19 samples"),
    (SamplerPosition(datasetCount: 20, seed: 4), "shuffled with seed 4"),
    (SamplerPosition(datasetCount: 20, seed: nil), "samples in order"),
  ])
  func positionOfDifferentDataThrows(position: SamplerPosition, reason: String) throws {
    var sampler = try samplers(20, 2)[1]
    #expect { try sampler.setPosition(position) } throws: { error in
      (error as? DataLoadingError)?.code == .mismatch && "\(error)".contains(reason)
    }
    var random = RandomSampler(count: 20, seed: 3)
    #expect(throws: DataLoadingError.self) { try random.setPosition(position) }
  }
}
