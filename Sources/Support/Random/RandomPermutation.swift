/// Returns a random permutation of `0 ..< count`, equal to PyTorch's `randperm`.
///
/// The result equals `torch.randperm(count, generator=torch.Generator().manual_seed(seed))` on the
/// CPU in PyTorch 2.13: a Fisher-Yates shuffle with 32-bit remainders; from 214,748,364 elements,
/// the inside-out variant with 64-bit remainders.
///
/// - Parameters:
///   - count: The number of elements, 0 or more.
///   - seed: Any integer; only the low 32 bits are used.
///   - file: The source file of the caller, for messages.
///   - line: The source line of the caller, for messages.
/// - Returns: Each integer of `0 ..< count` once.
public func randomPermutation(
  _ count: Int, seed: some BinaryInteger, file: StaticString = #fileID, line: UInt = #line
) -> [Int] {
  require(
    count >= 0, "cannot permute \(count) elements; use 0 or more", file: file, line: line)
  var generator = MersenneTwister(seed: seed)
  if count < Int(UInt32.max / 20) {
    var permutation = Array(0..<count)
    for index in permutation.indices.dropLast() {
      let offset = generator.random32() % UInt32(count - index)
      permutation.swapAt(index, index + Int(offset))
    }
    return permutation
  }
  var permutation: [Int] = []
  permutation.reserveCapacity(count)
  for index in 0..<count {
    let other = Int(generator.random64() % UInt64(index + 1))
    permutation.append(index)
    permutation.swapAt(index, other)
  }
  return permutation
}
