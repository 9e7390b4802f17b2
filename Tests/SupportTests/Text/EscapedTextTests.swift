import Support
import Testing

@Suite struct EscapedTextTests {
  @Test(arguments: [
    ("", ""), ("plain text", "plain text"), ("Zürich 東京 🙂", "Zürich 東京 🙂"),
    ("2\r", "2\\r"), ("a\nb", "a\\nb"), ("a\tb", "a\\tb"), ("\u{1B}[31mred", "\\u{1b}[31mred"),
    ("\u{0}", "\\u{0}"), ("\u{7F}", "\\u{7f}"), ("a\u{202E}b", "a\\u{202e}b"),
    ("\u{2028}", "\\u{2028}"), ("1\u{A0}2", "1\u{A0}2"),
  ])
  func controlCharactersAreEscaped(text: String, shown: String) {
    #expect(EscapedText.of(text) == shown)
    #expect(EscapedText.of(bytes: Array(text.utf8)) == shown)
  }

  @Test func newlinesCanStay() {
    #expect(EscapedText.of("a\r\nb\n", keepingNewlines: true) == "a\\r\nb\n")
  }

  @Test(
    arguments: [
      ([0x63, 0xE9], "c\\xE9"), ([0xFF, 0xFE], "\\xFF\\xFE"), ([0xC3], "\\xC3"),
      ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"), ([0xC3, 0xA9, 0x80, 0x0A], "é\\x80\\n"),
      ([0xF0, 0x9F, 0x99], "\\xF0\\x9F\\x99"), ([0xC0, 0x80], "\\xC0\\x80"),
    ] as [([UInt8], String)])
  func bytesThatAreNotUTF8AreShownAsHexadecimal(bytes: [UInt8], shown: String) {
    #expect(EscapedText.of(bytes: bytes) == shown)
  }
}
