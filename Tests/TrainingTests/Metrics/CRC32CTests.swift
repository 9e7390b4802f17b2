import Testing

@testable import Training

@Suite struct CRC32CTests {
  /// RFC 3720, appendix B.4, whose tables print the bytes of the sum in the order of sending.
  static let standard: [([UInt8], UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ([UInt8](0..<32), 0x46DD_794E),
    ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
    (
      [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0,
        0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56
    ),
    ([UInt8]("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test(arguments: standard)
  func sumsAreTheStandards(bytes: [UInt8], sum: UInt32) {
    #expect(CRC32C.checksum(bytes) == sum)
  }

  @Test(arguments: [0, 1, 8, 127, 128, 300])
  func aFrameHasLengthAndTwoSumsAroundTheRecord(count: Int) {
    let record = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    let frame = TFRecord.framed(record)
    #expect(frame.count == count + 16)
    #expect(frame[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) } == count)
    #expect(Array(frame[12..<12 + count]) == record)
  }
}
