/// Returns the numbers from 0 up to `count` in the order of PyTorch's `randperm`.
///
/// Bit for bit `torch.randperm(count, generator=torch.Generator().manual_seed(seed))` on the CPU, as
/// of PyTorch 2.13: a Fisher-Yates shuffle by 32-bit remainders, and from 214,748,364 numbers on the
/// inside-out variant by 64-bit remainders.
///
/// - Parameters:
///   - count: How many numbers; 0 or more.
///   - seed: Any integer; the low 32 bits count.
/// - Returns: Each number from 0 up to `count` once.
public func randomPermutation(_ count: Int, seed: some BinaryInteger) -> [Int] {
  precondition(count >= 0, "cannot permute \(count) numbers")
  var generator = MersenneTwister(seed: seed)
  if count < Int(UInt32.max / 20) {
    var numbers = Array(0..<count)
    for index in numbers.indices.dropLast() {
      let offset = generator.random32() % UInt32(count - index)
      numbers.swapAt(index, index + Int(offset))
    }
    return numbers
  }
  var numbers: [Int] = []
  numbers.reserveCapacity(count)
  for index in 0..<count {
    let place = Int(generator.random64() % UInt64(index + 1))
    numbers.append(index)
    numbers.swapAt(index, place)
  }
  return numbers
}
