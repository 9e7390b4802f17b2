import Collectives
import Testing

/// Compares with the bytes that Python's `pickle` reads as the same values (`pickletools.dis`).
@Suite struct PickledValueTests {
  @Test(arguments: [
    (PickledValue.none, "N"), (.bool(true), "\u{88}"), (.bool(false), "\u{89}"),
    (.int(0), "J\0\0\0\0"), (.int(-2), "J\u{FE}\u{FF}\u{FF}\u{FF}"),
    (.int(2_147_483_647), "J\u{FF}\u{FF}\u{FF}\u{7F}"),
    (.int(2_147_483_648), "\u{8A}\u{8}\0\0\0\u{80}\0\0\0\0"),
    (.int(-2_147_483_649), "\u{8A}\u{8}\u{FF}\u{FF}\u{FF}\u{7F}\u{FF}\u{FF}\u{FF}\u{FF}"),
    (.float(1.5), "G\u{3F}\u{F8}\0\0\0\0\0\0"), (.string(""), "X\0\0\0\0"),
    (.string("é"), "X\u{2}\0\0\0\u{C3}\u{A9}"), (.list([]), "](e"),
    (.list([.none, .list([.bool(true)])]), "](N](\u{88}ee"), (.dictionary([]), "}(u"),
    (.dictionary([("a", .none)]), "}(X\u{1}\0\0\0aNu"),
  ])
  func bytesAreThoseOfProtocol2(value: PickledValue, content: String) {
    let bytes = content.unicodeScalars.map { UInt8($0.value) }
    #expect(value.pickle() == [0x80, 2] + bytes + [UInt8(ascii: ".")])
  }
}
