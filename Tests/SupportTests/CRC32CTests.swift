import CSupport
import Support
import Testing

@Suite struct CRC32CTests {
  /// RFC 3720, B.4, and the check value of the catalogue of CRC algorithms.
  @Test(arguments: [
    ([UInt8](repeating: 0, count: 32), "8a9136aa"),
    ([UInt8](repeating: 0xFF, count: 32), "62a8ab43"),
    ([UInt8](0..<32), "46dd794e"),
    (Array("123456789".utf8), "e3069283"),
    ([], "00000000"),
  ])
  func knownValuesAreReproduced(bytes: [UInt8], text: String) {
    var checksum = CRC32C()
    bytes.withUnsafeBytes { checksum.combine($0) }
    #expect(checksum.text == text)
  }

  @Test func theResultDoesNotDependOnTheInstructionOrPieces() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
    for count in 0..<bytes.count {
      bytes[..<count].withUnsafeBytes { part in
        var whole = CRC32C()
        var pieces = CRC32C()
        whole.combine(part)
        pieces.combine(UnsafeRawBufferPointer(rebasing: part[..<(count / 3)]))
        pieces.combine(UnsafeRawBufferPointer(rebasing: part[(count / 3)...]))
        #expect(whole.value == csupport_crc32c_portable(0, part.baseAddress, part.count))
        #expect(pieces.value == whole.value)
      }
    }
  }
}
