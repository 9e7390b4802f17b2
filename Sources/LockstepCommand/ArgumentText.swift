import Support

/// Converts command-line arguments to text and back without loss.
///
/// On Linux an argument may contain any bytes except 0; a file name in Latin-1 is one example. Text
/// has no place for bytes that are not valid UTF-8, so each of them becomes a private-use character
/// from U+10FE80 to U+10FEFF while the options are parsed. These characters themselves, if they are
/// given, are converted byte by byte too, so that the way back is unambiguous.
package enum ArgumentText {
  private static let base: UInt32 = 0x10FE00

  /// The text of an argument's bytes.
  package static func text(of bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    EscapedText.forEachCharacter(in: bytes) { scalar, byte in
      if let scalar, !isStandIn(scalar) {
        text.append(scalar)
      } else {
        let raw = byte.map { [$0] } ?? scalar.map { Array(String($0).utf8) } ?? []
        text.append(contentsOf: raw.compactMap { Unicode.Scalar(base + UInt32($0)) })
      }
    }
    return String(text)
  }

  /// The bytes of an argument's text.
  package static func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      isStandIn(scalar) ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
    }
  }

  /// Whether the argument is valid UTF-8.
  package static func isValid(_ text: String) -> Bool {
    !text.unicodeScalars.contains(where: isStandIn)
  }

  /// The argument with escapes for control characters and invalid bytes, for messages.
  package static func shown(_ text: String) -> String { EscapedText.of(bytes: bytes(of: text)) }

  /// The arguments of this process, without its name.
  static var ofProcess: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { argument in
        var bytes: [UInt8] = []
        var next = argument
        while next.pointee != 0 {
          bytes.append(UInt8(bitPattern: next.pointee))
          next += 1
        }
        return text(of: bytes)
      }
    }
  }

  private static func isStandIn(_ scalar: Unicode.Scalar) -> Bool {
    (base + 0x80...base + 0xFF).contains(scalar.value)
  }
}
