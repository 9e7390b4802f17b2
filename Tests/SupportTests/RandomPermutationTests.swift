import Support
import Testing

@Suite struct RandomPermutationTests {
  /// With the default seed, 5489, Matsumoto & Nishimura's generator starts with 3499211612; its
  /// 10,000th value is 4123659995 (ISO C++ [rand.predef]).
  @Test func theGeneratorIsMT19937() {
    var generator = MersenneTwister(seed: 5489)
    #expect(generator.random32() == 3_499_211_612)
    for _ in 2..<10_000 { _ = generator.random32() }
    #expect(generator.random32() == 4_123_659_995)
  }

  @Test func sixtyFourBitsAreTwoDrawsWithTheHighHalfFirst() {
    var one = MersenneTwister(seed: 7)
    var two = MersenneTwister(seed: 7)
    let high = one.random32()
    let low = one.random32()
    #expect(two.random64() == UInt64(high) << 32 | UInt64(low))
  }

  /// `torch.randperm(count, generator=torch.Generator().manual_seed(seed))`, PyTorch 2.13.0.
  @Test(
    arguments: [
      (0, 0, []), (1, 0, [0]), (2, 0, [0, 1]), (3, 5, [2, 1, 0]),
      (10, 0, [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]), (10, 1, [5, 6, 1, 2, 0, 8, 9, 3, 7, 4]),
      (10, -1, [1, 4, 6, 2, 0, 5, 8, 7, 9, 3]), (10, 1 << 31, [6, 7, 3, 0, 9, 2, 5, 1, 8, 4]),
      (10, 1 << 32, [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]),
      (10, 1 << 32 + 1, [5, 6, 1, 2, 0, 8, 9, 3, 7, 4]),
      (10, .min, [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]),
      (12, .max, [3, 1, 8, 9, 2, 6, 10, 11, 0, 5, 7, 4]),
    ] as [(Int, Int, [Int])])
  func permutationsEqualPyTorchs(count: Int, seed: Int, expected: [Int]) {
    #expect(randomPermutation(count, seed: seed) == expected)
    #expect(randomPermutation(count, seed: UInt64(bitPattern: Int64(seed))) == expected)
  }

  @Test func aLongPermutationEqualsPyTorchs() {
    let numbers = randomPermutation(25_000, seed: 42)
    #expect(numbers.prefix(6) == [12542, 12918, 13566, 15968, 18130, 17220])
    #expect(numbers.suffix(6) == [1942, 21402, 10821, 2083, 18766, 5267])
    #expect(numbers.sorted() == Array(0..<25_000))
  }
}
