import Foundation
import Testing
import Torch

/// Records that zlib compressed are read, whatever the types of their blocks.
@Suite struct InflateTests {
  /// Reads a file with a compressed record `data.pkl`; `original` has its uncompressed bytes.
  private func read(_ base64: String, original: [UInt8]) throws -> PickleValue {
    let archive = try TestArchive()
    let compressed = [UInt8](try #require(Data(base64Encoded: base64)))
    let version = [UInt8](try #require(Data(base64Encoded: "M+YCAA==")))
    try archive.write(
      records: [("x/data.pkl", compressed), ("x/version", version)], method: 8,
      originals: [original, Array("3\n".utf8)])
    return try PyTorchFile.read(path: archive.path)
  }

  @Test func storedBlockIsRead() throws {
    let original = pickle("K", [7])
    let value = try read("AQUA+v+AAksHLg==", original: original)
    #expect(value.intValue == 7)
  }

  @Test func blockOfTheFixedCodeIsRead() throws {
    let original = pickle("](", (0..<40).flatMap { [0x4B, $0] }, "e")
    #expect(try read(fixedBlock, original: original).elements?.map(\.intValue) == Array(0..<40))
  }

  @Test func blockOfAnOwnCodeIsRead() throws {
    var state = 1
    let letters = (0..<255).map { _ in
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return ["a", "b", "c", "d", "e"][(state >> 16) % 5]
    }
    let original = pickle(text(letters.joined()))
    #expect(try read(dynamicBlock, original: original).stringValue == letters.joined())
  }

  @Test func repetitionThatOverlapsItselfIsRead() throws {
    let original = pickle("](", (0..<300).flatMap { [0x4B, $0 * 7 % 3] }, "e")
    let value = try read(repetition, original: original)
    #expect(value.elements?.map(\.intValue) == (0..<300).map { $0 * 7 % 3 })
  }

  /// If any bit of compressed data is changed, the file is rejected or the value is unchanged.
  @Test func changedByteNeverChangesAValue() throws {
    let original = pickle("](", (0..<300).flatMap { [0x4B, $0 * 7 % 3] }, "e")
    let compressed = [UInt8](try #require(Data(base64Encoded: repetition)))
    var rejected = 0
    for position in compressed.indices {
      for bit in 0..<8 {
        var changed = compressed
        changed[position] ^= 1 << bit
        do {
          let value = try read(Data(changed).base64EncodedString(), original: original)
          #expect(value.elements?.map(\.intValue) == (0..<300).map { $0 * 7 % 3 })
        } catch {
          rejected += 1
        }
      }
    }
    #expect(rejected > compressed.count * 6)
  }

  @Test func declaredSizeThatNoCompressionReachesIsRejected() throws {
    let archive = try TestArchive()
    let version = ("x/version", Array("3\n".utf8))
    try archive.write(
      records: [("x/data.pkl", [3, 0]), version], method: 8,
      originals: [[UInt8](repeating: 0, count: 1_000_000), Array("3\n".utf8)])
    #expect { try PyTorchFile.read(path: archive.path) } throws: {
      "\($0)".contains("inconsistent")
    }
  }
}

private let fixedBlock =
  "a2CK1fBm8Gb0ZvJm9mbxZvVm82b35vDm9Oby5vbm8eb15vPm9xbwFvQW8hb2FvEW9RbzFveW8Jb0lvKW9pbxlvWW"
  + "85b3VvBW9FbyVvZW8Vb1VvNWT9UDAA=="

private let dynamicBlock =
  "JY/bDUMhDENRB+o8/XVs79HN2xOuBAjs+MH39fmdc5JorHrqSmk8s1BHYEu4AYpg2I2YiY0oOwA0EOhHs9QIAEgt"
  + "fgyttzWMYIM+UIAmhhT5rp3ec8Bdpyu4t6wbSl5jXxCPG0qXLUdwrgGWpg6b+36DmEdIs7b0FQy/Imr7vP8="

private let repetition =
  "a2CK1fBm8Gb0ZholR0nqkql6AA=="
