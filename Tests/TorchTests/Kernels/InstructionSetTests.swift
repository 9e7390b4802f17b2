import CKernels
import Foundation
import Testing

/// The kernels of each instruction set against Swift implementations.
@Suite struct InstructionSetTests {
  @Test func philoxReturnsThePublishedValues() {
    // Random123's known answers for philox4x32, 10 rounds.
    #expect(
      philox(counter: [0, 0, 0, 0], key: [0, 0])
        == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = UInt32.max
    #expect(
      philox(counter: [ones, ones, ones, ones], key: [ones, ones])
        == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
  }

  @Test(arguments: kernelSets) func randomBitsArePhilox(_ set: KernelSet) {
    let seed: UInt64 = 0x0123_4567_89ab_cdef
    var bits = [UInt16](repeating: 0, count: 300)
    set.kernels.random_bits(seed, 5, 7, 11, 300, &bits)
    let expected = (0..<300).map { column in
      let (group, offset) = column.quotientAndRemainder(dividingBy: 128)
      let words = philox(
        counter: [UInt32(group * 16 + offset % 16), 5, 7, 11], key: [0x89ab_cdef, 0x0123_4567])
      return UInt16(truncatingIfNeeded: words[offset / 32] >> (offset % 32 / 16 * 16))
    }
    #expect(bits == expected)
  }

  @Test(arguments: kernelSets) func multiplyEqualsTheDefinition(_ set: KernelSet) {
    let m = 29
    let n = 112
    let k = 17
    let a = values(m * k, seed: 1)
    let b = values(k * n, seed: 2)
    var c = values(m * n, seed: 3)
    let before = c
    set.kernels.multiply(
      Int64(m), Int64(n), Int64(k), a, 1, Int64(m), b, Int64(n), &c, Int64(n), true)
    for i in 0..<m {
      for j in 0..<n {
        let expected = (0..<k).reduce(before[i * n + j]) { $0 + a[i + $1 * m] * b[$1 * n + j] }
        #expect(abs(c[i * n + j] - expected) < 1e-5)
      }
    }
  }

  /// Sizes that do not fill registers, with and without dropout.
  @Test(arguments: kernelSets, [0, 0.3]) func attentionEqualsTheDefinition(
    _ set: KernelSet, _ probability: Double
  ) {
    let tokens = 131
    let size = 24
    let dropout = ck_dropout_make(probability, 99)
    var q = values(tokens * size, seed: 4)
    var k = values(tokens * size, seed: 5)
    var v = values(tokens * size, seed: 6)
    var out = [Float](repeating: 0, count: tokens * size)
    var logSums = [Float](repeating: 0, count: tokens)
    var scratch = [Float](
      repeating: 0, count: Int(ck_attention_scratch(Int64(tokens), Int64(size), false)))
    var attention = ck_attention()
    attention.token_count = Int64(tokens)
    attention.query_count = Int64(tokens)
    attention.head_size = Int64(size)
    attention.scale = 0.5
    attention.dropout = dropout
    attention.sequence = 3
    attention.head = 2
    q.withUnsafeMutableBytes { q in
      k.withUnsafeMutableBytes { k in
        v.withUnsafeMutableBytes { v in
          out.withUnsafeMutableBytes { out in
            logSums.withUnsafeMutableBufferPointer { sums in
              func rows(_ memory: UnsafeMutableRawBufferPointer) -> ck_rows {
                ck_rows(data: memory.baseAddress, stride: Int64(size), type: CK_FLOAT32)
              }
              attention.query = rows(q)
              attention.key = rows(k)
              attention.value = rows(v)
              attention.out = rows(out)
              attention.log_sum = sums.baseAddress
              set.kernels.attention_forward(&attention, &scratch)
            }
          }
        }
      }
    }
    var bits = [UInt16](repeating: 0, count: tokens)
    for i in [0, 1, 47, 48, 130] {
      set.kernels.random_bits(99, UInt32(i), 2, 3, Int64(tokens), &bits)
      let scores = (0..<tokens).map { j in
        0.5 * (0..<size).reduce(0.0) { $0 + Double(q[i * size + $1]) * Double(k[j * size + $1]) }
      }
      let total = scores.reduce(0) { $0 + exp($1) }
      #expect(abs(Double(logSums[i]) - log(total)) < 1e-5)
      for h in 0..<size {
        let expected = (0..<tokens).reduce(0.0) { sum, j in
          UInt32(bits[j]) < dropout.threshold
            ? sum : sum + exp(scores[j]) / total * Double(dropout.scale) * Double(v[j * size + h])
        }
        #expect(abs(Double(out[i * size + h]) - expected) < 1e-5)
      }
    }
  }

  /// Forward and backward of bfloat16 rows, which some processors multiply in pairs, against the
  /// generic kernels: a single token, odd sizes, and a single query for all tokens.
  @Test(
    arguments: kernelSets,
    [(131, 131, 24), (96, 96, 64), (49, 49, 33), (2, 2, 8), (1, 1, 16), (77, 1, 32)])
  func bfloat16AttentionEqualsTheGenericKernel(_ set: KernelSet, _ sizes: (Int, Int, Int)) {
    let (tokens, queries, size) = sizes
    let inputs = (0..<4).map { values(tokens * size, seed: UInt32($0 + 7)) }
    func run(_ set: KernelSet) -> [[Float]] {
      attend(set, inputs, queries: queries, size: size, dropout: 0.2)
    }
    for (ours, generic) in zip(run(set), run(kernelSets[0])) {
      // bfloat16 has eight significant bits. The tolerance is relative to the largest element,
      // because others may cancel almost completely.
      let largest = max(1, generic.map(abs).max() ?? 0)
      let difference = zip(ours, generic).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference / largest < 0.01)
    }
  }

  /// As in libtorch, a NaN query, or one whose largest score is infinite, makes everything that
  /// depends on it NaN.
  @Test(arguments: kernelSets, [.nan, 3e38] as [Float])
  func attentionPropagatesNaN(_ set: KernelSet, _ element: Float) {
    let tokens = 70
    let size = 16
    let broken = 50
    var inputs = (0..<4).map { values(tokens * size, seed: UInt32($0 + 7)) }
    inputs[0][broken * size] = element
    inputs[1][0] = 2
    let results = attend(set, inputs, queries: tokens, size: size, dropout: 0)
    for row in 0..<tokens {
      let elements = results[0][row * size..<(row + 1) * size]
      #expect(elements.allSatisfy { $0.isNaN == (row == broken) }, "row \(row)")
    }
    let gradients = results[1][broken * size..<(broken + 1) * size] + results[2] + results[3]
    #expect(gradients.allSatisfy { $0.isNaN })
  }

  /// AdamW against its formula in Swift, in the same order of operations; the size does not fill
  /// registers.
  @Test(arguments: kernelSets) func adamWEqualsTheFormula(_ set: KernelSet) {
    let count = 53
    let gradient = values(count, seed: 20)
    var step = ck_adamw(
      gradient_factor: 0.25, decay: 0.999, exp_avg_weight: 0.1, exp_avg_sq_weight: 0.001,
      step_size: 0.01, inverse_root_correction: 31.6, epsilon: 1e-8)
    let before = (21..<24).map { values(count, seed: $0) }
    var p = before[0]
    var m = before[1]
    var v = before[2].map { abs($0) }
    set.kernels.adamw(&step, Int64(count), &p, gradient, &m, &v)
    for i in 0..<count {
      let g = gradient[i] * step.gradient_factor
      let average = before[1][i] + step.exp_avg_weight * (g - before[1][i])
      let square = abs(before[2][i])
      let squareAverage = square + step.exp_avg_sq_weight * (g * g - square)
      let expected =
        before[0][i] * step.decay
        - step.step_size * average
        / (squareAverage.squareRoot() * step.inverse_root_correction + step.epsilon)
      #expect(abs(m[i] - average) < 1e-7)
      #expect(abs(v[i] - squareAverage) < 1e-7)
      #expect(abs(p[i] - expected) < 3e-7)
    }
  }

  @Test func dropoutPreservesTheExpectedValue() {
    let dropout = ck_dropout_make(0.1, 0)
    #expect(dropout.threshold == 6554)
    #expect(abs(dropout.scale * Float(65536 - 6554) / 65536 - 1) < 1e-6)
    #expect(ck_dropout_make(1, 0).scale == 0)
  }
}

/// The kernels of an instruction set that this processor supports.
struct KernelSet: CustomTestStringConvertible, @unchecked Sendable {
  // Sendable: the table is a constant.
  let kernels: ck_kernels
  var testDescription: String { String(cString: kernels.name) }
}

private let kernelSets: [KernelSet] = {
  var tables = [UnsafePointer<ck_kernels>?](repeating: nil, count: 4)
  let count = ck_kernels_all(&tables)
  return tables[..<count].compactMap { $0.map { KernelSet(kernels: $0.pointee) } }
}()

/// Runs attention of one head over bfloat16 rows, forward and backward.
///
/// The inputs are query, key, value and the gradient of the output. The results are the output and
/// the gradients of query, key and value.
private func attend(
  _ set: KernelSet, _ inputs: [[Float]], queries: Int, size: Int, dropout: Double
) -> [[Float]] {
  let tokens = inputs[0].count / size
  let tensors =
    inputs.map { $0.map(bfloat16) }
    + Array(repeating: [UInt16](repeating: 0, count: tokens * size), count: 4)
  var logSums = [Float](repeating: 0, count: tokens)
  let memory = Int(ck_attention_scratch(Int64(tokens), Int64(size), true))
  var scratch = [Float](repeating: .nan, count: memory + 1)
  scratch[memory] = 42
  let buffers = tensors.map { tensor in
    let buffer = UnsafeMutablePointer<UInt16>.allocate(capacity: tensor.count)
    buffer.initialize(from: tensor, count: tensor.count)
    return buffer
  }
  defer { buffers.forEach { $0.deallocate() } }
  let rows = buffers.map { ck_rows(data: $0, stride: Int64(size), type: CK_BFLOAT16) }
  var attention = ck_attention()
  attention.token_count = Int64(tokens)
  attention.query_count = Int64(queries)
  attention.head_size = Int64(size)
  attention.scale = 0.5
  attention.dropout = ck_dropout_make(dropout, 99)
  attention.query = rows[0]
  attention.key = rows[1]
  attention.value = rows[2]
  attention.out_gradient = rows[3]
  attention.out = rows[4]
  attention.query_gradient = rows[5]
  attention.key_gradient = rows[6]
  attention.value_gradient = rows[7]
  logSums.withUnsafeMutableBufferPointer { sums in
    attention.log_sum = sums.baseAddress
    set.kernels.attention_forward(&attention, &scratch)
    set.kernels.attention_backward(&attention, &scratch)
  }
  #expect(scratch[memory] == 42, "a kernel wrote beyond the scratch memory")
  return zip(buffers[4...], [queries, queries, tokens, tokens]).map { buffer, rows in
    (0..<rows * size).map { Float(bitPattern: UInt32(buffer[$0]) << 16) }
  }
}

/// Rounds to nearest; the upper bits of a NaN.
private func bfloat16(_ value: Float) -> UInt16 {
  UInt16((value.bitPattern + 0x8000) >> 16)
}

/// Values in ±1 from a linear congruential generator.
private func values(_ count: Int, seed: UInt32) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(state >> 8) / Float(1 << 23) - 1
  }
}

/// Philox 4x32-10 (Salmon and others 2011).
private func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
  var c = counter
  var k = key
  for _ in 0..<10 {
    let first = c[0].multipliedFullWidth(by: 0xD251_1F53)
    let second = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
    c = [second.high ^ c[1] ^ k[0], second.low, first.high ^ c[3] ^ k[1], first.low]
    k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
  }
  return c
}
