import Support
import Testing

@Suite struct PhiloxGeneratorTests {
  /// The known answers of Random123, the authors' implementation, for philox4x32-10.
  @Test(
    arguments: [
      (0, (0, 0), (0xe169_c58d_6627_e8d5, 0x9b00_dbd8_bc57_ac4c)),
      (
        0xffff_ffff_ffff_ffff, (0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff),
        (0x41c8_3b0e_408f_276d, 0x6d54_51fd_a20b_c7c6)
      ),
      (
        0x299f_31d0_a409_3822, (0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e),
        (0x94fd_cceb_d16c_fe09, 0x24126ea1_5001_e420)
      ),
    ] as [(UInt64, (UInt64, UInt64), (UInt64, UInt64))])
  func theGeneratorIsPhilox(
    key: UInt64, counter: (UInt64, UInt64), expected: (UInt64, UInt64)
  ) {
    #expect(PhiloxGenerator.randomBlock(key: key, counter: counter) == expected)
  }

  @Test func drawsAreTheHalvesOfSuccessiveBlocks() {
    var generator = PhiloxGenerator(key: 9, stream: 4)
    let drawn = (0..<6).map { _ in generator.next() }
    let blocks = ([0, 1, 2] as [UInt64]).flatMap { index -> [UInt64] in
      let block = PhiloxGenerator.randomBlock(key: 9, counter: (index, 4))
      return [block.0, block.1]
    }
    #expect(drawn == blocks)
  }

  /// Each of seed, epoch, index and repetition changes all draws; equal ones repeat them.
  @Test func everyPartOfTheIdentityMatters() {
    let identities = [
      (0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (-1, 0, 0, 0),
      (0, 0, 1 << 40, 0), (1 << 40, 0, 0, 0), (0, 1 << 40, 0, 0), (0, 1, 1, 0), (1, 1, 0, 1),
    ]
    func draws(_ identity: (Int, Int, Int, Int)) -> [UInt64] {
      var generator = PhiloxGenerator(
        seed: identity.0, epoch: identity.1, index: identity.2, repetition: identity.3)
      return (0..<8).map { _ in generator.next() }
    }
    var seen: Set<UInt64> = []
    for identity in identities {
      let first = draws(identity)
      #expect(first == draws(identity))
      for draw in first { #expect(seen.insert(draw).inserted, "\(identity)") }
    }
    #expect(seen.count == 8 * identities.count)
  }

  @Test func normalDrawsHaveMeanZeroAndVarianceOne() {
    var generator = PhiloxGenerator(seed: 3, epoch: 0, index: 0)
    let draws = (0..<40_000).map { _ in generator.nextNormal() }
    let mean = draws.reduce(0, +) / 40_000
    let variance = draws.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40_000
    let beyondTwo = draws.count { abs($0) > 2 }
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.03)
    // 4.55 % of a normal distribution.
    #expect((1_650...1_990).contains(beyondTwo))
    #expect(draws.allSatisfy { $0.isFinite })
  }

  /// A generator of zeros is the corner in which a logarithm of 0 would be infinite.
  @Test func normalDrawsOfExtremeBitsAreFinite() {
    struct Constant: RandomNumberGenerator {
      let value: UInt64
      func next() -> UInt64 { value }
    }
    for value in [0, .max, 1, 1 << 63, 0x7ff, ~0x7ff] as [UInt64] {
      var generator = Constant(value: value)
      #expect(generator.nextNormal().isFinite)
    }
  }
}
