/// A counter-based random number generator, Philox 4x32-10.
///
/// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Its numbers are a function of
/// a key and a counter. Generators with different keys or streams are independent and cost nothing
/// to create, so each sample of a data set can have its own.
///
/// ```swift
/// var generator = PhiloxGenerator(seed: 42, epoch: 3, index: 1_000)
/// let angle = Double.random(in: -10...10, using: &generator)
/// ```
public struct PhiloxGenerator: RandomNumberGenerator, Sendable {
  private let key: UInt64
  private let stream: UInt64
  private var block: UInt64 = 0
  private var spare: UInt64?

  /// Creates a generator.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - stream: The high half of the counter. The low half counts the blocks of 128 bits.
  public init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// Creates the generator of one sample.
  ///
  /// - Parameters:
  ///   - seed: The seed of the job.
  ///   - epoch: The epoch.
  ///   - index: The index of the sample in the data set.
  ///   - repetition: The number of times that the sample was drawn before in the epoch.
  public init(seed: Int, epoch: Int, index: Int, repetition: Int = 0) {
    // The key of an epoch is a random number of the seed's key, like JAX's `fold_in`.
    let key = PhiloxGenerator.randomBlock(
      key: UInt64(bitPattern: Int64(seed)),
      counter: (UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(repetition)))
    ).0
    self.init(key: key, stream: UInt64(bitPattern: Int64(index)))
  }

  /// Returns 64 random bits.
  public mutating func next() -> UInt64 {
    if let last = spare {
      spare = nil
      return last
    }
    let (first, second) = PhiloxGenerator.randomBlock(key: key, counter: (block, stream))
    block &+= 1
    spare = second
    return first
  }

  /// Returns the 128 random bits of a counter; the first element of each pair is the low half.
  package static func randomBlock(
    key: UInt64, counter: (UInt64, UInt64)
  ) -> (UInt64, UInt64) {
    var word0 = UInt32(truncatingIfNeeded: counter.0)
    var word1 = UInt32(truncatingIfNeeded: counter.0 >> 32)
    var word2 = UInt32(truncatingIfNeeded: counter.1)
    var word3 = UInt32(truncatingIfNeeded: counter.1 >> 32)
    var key0 = UInt32(truncatingIfNeeded: key)
    var key1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let product0 = word0.multipliedFullWidth(by: 0xD251_1F53)
      let product1 = word2.multipliedFullWidth(by: 0xCD9E_8D57)
      word0 = product1.high ^ word1 ^ key0
      word1 = product1.low
      word2 = product0.high ^ word3 ^ key1
      word3 = product0.low
      key0 &+= 0x9E37_79B9
      key1 &+= 0xBB67_AE85
    }
    return (
      UInt64(word1) << 32 | UInt64(word0), UInt64(word3) << 32 | UInt64(word2)
    )
  }
}
