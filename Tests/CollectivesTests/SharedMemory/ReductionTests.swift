import CSharedMemory
import Testing

/// Compares the loops of each instruction set with a plain implementation.
@Suite struct ReductionTests {
  @Test(arguments: [1, 2, 3, 5], [1, 63, 4097])
  func float16IsAddedInFloat32AndRoundedOnce(sources: Int, count: Int) {
    let bits = (0..<sources).map { source in
      (0..<count).map { UInt16(truncatingIfNeeded: ($0 &* 40_503 &+ source &* 9973) & 0xfbff) }
    }
    let finite = bits.map {
      $0.map { Float16(bitPattern: $0 & 0x7c00 == 0x7c00 ? $0 & 0x83ff : $0) }
    }
    let expected = (0..<count).map { index in
      Float16(finite.dropFirst().reduce(Float(finite[0][index])) { $0 + Float($1[index]) })
        .bitPattern
    }
    for isa in instructionSets {
      #expect(reduce(isa, CSM_F16, CSM_SUM, finite.map { $0.map(\.bitPattern) }) == expected)
    }
  }

  @Test(arguments: [2, 3])
  func bfloat16IsAddedInFloat32AndRoundedOnce(sources: Int) {
    let numbers = (0..<sources).map { source in
      (0..<5000).map { Float($0 % 251 - 100) * (source == 1 ? 0.37 : 1.13) }
    }
    let bits = numbers.map { $0.map(bfloat16) }
    let expected = (0..<5000).map { index in
      bfloat16(bits.dropFirst().reduce(float(bits[0][index])) { $0 + float($1[index]) })
    }
    for isa in instructionSets { #expect(reduce(isa, CSM_BF16, CSM_SUM, bits) == expected) }
  }

  @Test(arguments: [2, 3, 4])
  func averageIsTheSumDividedOnce(sources: Int) {
    let numbers = (0..<sources).map { source in (0..<3000).map { Float($0 * 31 + source) * 0.1 } }
    let expected = (0..<3000).map { index in
      numbers.dropFirst().reduce(numbers[0][index]) { $0 + $1[index] } / Float(sources)
    }
    for isa in instructionSets { #expect(reduce(isa, CSM_F32, CSM_AVG, numbers) == expected) }
  }

  @Test func minimumAndMaximumPropagateNaN() {
    for isa in instructionSets {
      for op in [CSM_MIN, CSM_MAX] {
        let results = reduce(
          isa, op == CSM_MIN ? CSM_F32 : CSM_F32, op, [[Float.nan, 1, 2], [1, .nan, 3]])
        #expect(results[0].isNaN && results[1].isNaN)
        #expect(results[2] == (op == CSM_MIN ? 2 : 3))
      }
    }
  }

  @Test func integersWrapAndBooleansStayBoolean() {
    for isa in instructionSets {
      #expect(reduce(isa, CSM_I8, CSM_SUM, [[Int8.max, -128], [1, -1]]) == [-128, 127])
      #expect(reduce(isa, CSM_I64, CSM_PRODUCT, [[Int.max], [2]]) == [-2])
      #expect(reduce(isa, CSM_I16, CSM_XOR, [[Int16(5)], [3], [8]]) == [14])
      #expect(reduce(isa, CSM_BOOL, CSM_SUM, [[UInt8(1), 1, 0], [1, 0, 0]]) == [1, 1, 0])
      #expect(reduce(isa, CSM_BOOL, CSM_PRODUCT, [[UInt8(1), 1, 0], [1, 0, 0]]) == [1, 0, 0])
    }
  }

  @Test func allInstructionSetsGiveTheSameBits() {
    let types: [(csm_type, Int)] = [
      (CSM_F64, 8), (CSM_F32, 4), (CSM_I64, 8), (CSM_I32, 4), (CSM_I16, 2), (CSM_I8, 1),
      (CSM_U8, 1),
    ]
    let bytes = (0..<3).map { source in
      (0..<20_011 / 8 * 8).map {
        UInt8(truncatingIfNeeded: $0 &* 131 &+ source &* 57 &+ $0 >> 8) & 0xbf
      }
    }
    for (type, _) in types {
      for op in [CSM_SUM, CSM_PRODUCT, CSM_MIN, CSM_MAX] {
        let results = instructionSets.map { reduceBytes($0, type, op, bytes) }
        #expect(results.allSatisfy { $0 == results[0] }, "\(type) \(op)")
      }
    }
  }

  @Test(arguments: [0, 1, 31, 4095, 4096, 100_003])
  func copiesAreComplete(count: Int) {
    let from = (0..<count + 7).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for streaming: Int32 in [0, 1] {
      var to = [UInt8](repeating: 0, count: count + 7)
      to.withUnsafeMutableBytes { to in
        from.withUnsafeBytes { from in
          csm_copy(to.baseAddress! + 3, from.baseAddress! + 5, count, streaming)
        }
      }
      #expect(Array(to[3..<3 + count]) == Array(from[5..<5 + count]))
      #expect(to.prefix(3).allSatisfy { $0 == 0 } && to.suffix(4).allSatisfy { $0 == 0 })
    }
  }
}

private var instructionSets: [csm_isa] {
  [CSM_PLAIN, CSM_AVX2, CSM_AVX512].filter { $0.rawValue <= csm_best_isa().rawValue }
}

private func reduce<Number: BitwiseCopyable>(
  _ isa: csm_isa, _ type: csm_type, _ op: csm_op, _ sources: [[Number]]
) -> [Number] {
  let buffers = sources.map { source in
    let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: source.count)
    _ = buffer.initialize(from: source)
    return buffer
  }
  defer { for buffer in buffers { buffer.deallocate() } }
  let addresses = buffers.map { UnsafeRawPointer($0.baseAddress) }
  csm_reduce(
    isa, type, op, buffers[0].baseAddress, nil, addresses, addresses.count, sources[0].count)
  return Array(buffers[0])
}

private func reduceBytes(_ isa: csm_isa, _ type: csm_type, _ op: csm_op, _ bytes: [[UInt8]])
  -> [UInt8]
{
  let size =
    switch type {
    case CSM_F64, CSM_I64: 8
    case CSM_F32, CSM_I32: 4
    case CSM_I16: 2
    default: 1
    }
  let buffers = bytes.map { source in
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.count)
    _ = buffer.initialize(from: source)
    return buffer
  }
  defer { for buffer in buffers { buffer.deallocate() } }
  let addresses = buffers.map { UnsafeRawPointer($0.baseAddress) }
  csm_reduce(
    isa, type, op, buffers[0].baseAddress, nil, addresses, addresses.count, bytes[0].count / size)
  return Array(buffers[0])
}

private func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

/// Rounds to nearest, ties to even.
private func bfloat16(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  return UInt16((bits + 0x7fff + (bits >> 16 & 1)) >> 16)
}
