import LockstepCommand
import Testing

@Suite struct ArgumentTextTests {
  @Test(arguments: ["", "--lr=0.1", "Zürich 東京 🙂", "a\u{301}", "\u{FFFD}", "\u{E000}"])
  func validTextIsUnchanged(text: String) {
    #expect(ArgumentText.text(of: Array(text.utf8)) == text)
    #expect(ArgumentText.bytes(of: text) == Array(text.utf8))
    #expect(ArgumentText.isValid(text))
  }

  @Test(
    arguments: [
      [0xE9], [0x63, 0x61, 0x66, 0xE9], [0xFF, 0xFE, 0x41, 0x00], [0xC3, 0x28], [0xED, 0xB3, 0xA9],
      [0xF4, 0x8F, 0xBA, 0x80], [0x80, 0xC3, 0xA9],
    ] as [[UInt8]])
  func otherBytesComeBackUnchanged(bytes: [UInt8]) {
    let text = ArgumentText.text(of: bytes)
    #expect(ArgumentText.bytes(of: text) == bytes)
    #expect(!ArgumentText.isValid(text))
  }

  @Test func randomBytesComeBackUnchanged() {
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 1...255) }
      #expect(ArgumentText.bytes(of: ArgumentText.text(of: bytes)) == bytes)
    }
  }

  @Test func invalidBytesAreShownAsHexadecimal() {
    #expect(ArgumentText.shown(ArgumentText.text(of: [0x61, 0xE9, 0x0D])) == "a\\xE9\\r")
  }
}
