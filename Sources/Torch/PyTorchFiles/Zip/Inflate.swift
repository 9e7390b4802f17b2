/// Decompresses data in the DEFLATE format (RFC 1951).
struct Inflate {
  private let input: UnsafeRawBufferPointer
  private var position = 0
  /// Bits that were read from the input but not used; the next bit is the least significant one.
  private var bits: UInt32 = 0
  private var bitCount = 0

  private init(_ input: UnsafeRawBufferPointer) { self.input = input }

  /// Decompresses `input` into `output`.
  ///
  /// - Returns: Whether the data is valid and fills the output exactly.
  static func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  )
    -> Bool
  {
    var inflate = Inflate(input)
    return inflate.run(output) == output.count
  }

  /// Returns the number of bytes that were written; `nil` if the data is invalid.
  private mutating func run(_ output: UnsafeMutableRawBufferPointer) -> Int? {
    var count = 0
    var isLast = false
    while !isLast {
      guard let last = take(1), let type = take(2) else { return nil }
      isLast = last == 1
      let end: Int?
      switch type {
      case 0: end = copyStored(to: output, at: count)
      case 1: end = expand(Inflate.fixed.literals, Inflate.fixed.distances, output, at: count)
      case 2:
        guard let codes = dynamicCodes() else { return nil }
        end = expand(codes.literals, codes.distances, output, at: count)
      default: return nil
      }
      guard let end else { return nil }
      count = end
    }
    return count
  }

  // MARK: Bits

  private mutating func take(_ count: Int) -> Int? {
    while bitCount < count {
      guard position < input.count else { return nil }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & (1 << UInt32(count) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func symbol(_ code: Code) -> Int? {
    // The first bit of a code is its highest.
    var value = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      guard let bit = take(1) else { return nil }
      value |= bit
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    return nil
  }

  // MARK: Blocks

  private mutating func copyStored(to output: UnsafeMutableRawBufferPointer, at start: Int) -> Int?
  {
    bits = 0
    bitCount = 0
    guard input.count - position >= 4 else { return nil }
    let count = Int(input[position]) | Int(input[position + 1]) << 8
    let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
    position += 4
    guard count ^ complement == 0xFFFF, input.count - position >= count,
      output.count - start >= count
    else { return nil }
    for offset in 0..<count { output[start + offset] = input[position + offset] }
    position += count
    return start + count
  }

  private mutating func expand(
    _ literals: Code, _ distances: Code, _ output: UnsafeMutableRawBufferPointer, at start: Int
  ) -> Int? {
    var count = start
    while true {
      guard let symbol = symbol(literals) else { return nil }
      if symbol < 256 {
        guard count < output.count else { return nil }
        output[count] = UInt8(symbol)
        count += 1
        continue
      }
      if symbol == 256 { return count }
      guard symbol - 257 < Inflate.lengths.count else { return nil }
      let (base, extra) = Inflate.lengths[symbol - 257]
      guard let more = take(extra), let distanceSymbol = self.symbol(distances),
        distanceSymbol < Inflate.distances.count
      else { return nil }
      let (distanceBase, distanceExtra) = Inflate.distances[distanceSymbol]
      guard let moreDistance = take(distanceExtra) else { return nil }
      let length = base + more
      let distance = distanceBase + moreDistance
      guard distance <= count, output.count - count >= length else { return nil }
      for _ in 0..<length {
        output[count] = output[count - distance]
        count += 1
      }
    }
  }

  private mutating func dynamicCodes() -> (literals: Code, distances: Code)? {
    guard let literals = take(5), let distances = take(5), let lengths = take(4),
      literals <= 29, distances <= 29
    else { return nil }
    var lengthLengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengths + 4 {
      guard let length = take(3) else { return nil }
      lengthLengths[Inflate.lengthOrder[index]] = length
    }
    guard let lengthCode = Code(lengthLengths) else { return nil }
    let count = literals + 257 + distances + 1
    var all: [Int] = []
    while all.count < count {
      guard let symbol = symbol(lengthCode) else { return nil }
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last, let more = take(2) else { return nil }
        all += Array(repeating: last, count: 3 + more)
      case 17:
        guard let more = take(3) else { return nil }
        all += Array(repeating: 0, count: 3 + more)
      default:
        guard let more = take(7) else { return nil }
        all += Array(repeating: 0, count: 11 + more)
      }
    }
    guard all.count == count, let literalCode = Code(Array(all[..<(literals + 257)])),
      let distanceCode = Code(Array(all[(literals + 257)...]))
    else { return nil }
    return (literalCode, distanceCode)
  }

  /// A canonical Huffman code.
  private struct Code {
    /// The number of codes of each length.
    var counts = [Int](repeating: 0, count: 16)
    /// The symbols, sorted by code.
    var symbols: [Int] = []

    /// Creates the code from the lengths of the symbols' codes.
    ///
    /// - Returns: `nil` if there are more codes than bits.
    init?(_ lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      var left = 1
      for length in 1...15 {
        left = left << 1 - counts[length]
        guard left >= 0 else { return nil }
      }
      for length in 1...15 {
        for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      }
    }

    /// Codes that are known to be valid.
    fileprivate init(valid lengths: [Int]) {
      self = Code(lengths) ?? Code()
    }

    private init() {}
  }

  private static let fixed = (
    literals: Code(
      valid: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }),
    distances: Code(valid: Array(repeating: 5, count: 30))
  )

  /// The order in which a block stores the lengths of the code length codes (RFC 1951, 3.2.7).
  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  /// The smallest length of each symbol from 257 on, and the number of bits that are added to it.
  private static let lengths: [(base: Int, extra: Int)] =
    steps(from: 3, extras: [0, 0, 0, 0] + (0...5).flatMap { [$0, $0, $0, $0] })
    + [(base: 258, extra: 0)]

  /// The smallest distance of each symbol, and the number of bits that are added to it.
  private static let distances: [(base: Int, extra: Int)] =
    steps(from: 1, extras: [0, 0] + (0...13).flatMap { [$0, $0] })

  private static func steps(from start: Int, extras: [Int]) -> [(base: Int, extra: Int)] {
    var base = start
    return extras.map { extra in
      defer { base += 1 << extra }
      return (base: base, extra: extra)
    }
  }
}
