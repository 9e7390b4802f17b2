/// PyTorch's CPU random number generator: MT19937 (Matsumoto & Nishimura 1998).
///
/// It equals `torch.Generator().manual_seed(seed)`; PyTorch uses only the low 32 bits of the seed.
public struct MersenneTwister: Sendable {
  private static let size = 624
  private static let period = 397

  private var state: [UInt32]
  private var next: Int

  /// Creates a generator from the low 32 bits of a seed; negative seeds are allowed.
  public init(seed: some BinaryInteger) {
    state = [UInt32(truncatingIfNeeded: seed)]
    state.reserveCapacity(Self.size)
    for index in 1..<Self.size {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
    }
    next = Self.size
  }

  /// Returns 32 random bits, like PyTorch's `random()`.
  public mutating func random32() -> UInt32 {
    if next == Self.size { twist() }
    var value = state[next]
    next += 1
    value ^= value >> 11
    value ^= value << 7 & 0x9D2C_5680
    value ^= value << 15 & 0xEFC6_0000
    return value ^ value >> 18
  }

  /// Returns 64 random bits, like PyTorch's `random64()`: the first draw is the high half.
  public mutating func random64() -> UInt64 {
    let high = random32()
    return UInt64(high) << 32 | UInt64(random32())
  }

  private mutating func twist() {
    for index in 0..<Self.size {
      let mixed =
        state[index] & 0x8000_0000 | state[(index + 1) % Self.size] & 0x7FFF_FFFF
      let odd: UInt32 = mixed & 1 == 0 ? 0 : 0x9908_B0DF
      state[index] = state[(index + Self.period) % Self.size] ^ mixed >> 1 ^ odd
    }
    next = 0
  }
}
