/// A pickle of protocol 2 from concatenated strings and bytes.
func pickle(_ pieces: any Sendable...) -> [UInt8] { [0x80, 2] + instructions(pieces) + [0x2E] }

/// Instructions of a pickle from concatenated strings, bytes and other instructions.
func instructions(_ pieces: [any Sendable]) -> [UInt8] {
  pieces.flatMap { piece -> [UInt8] in
    switch piece {
    case let text as String: Array(text.utf8)
    case let bytes as [UInt8]: bytes
    case let bytes as [Int]: bytes.map(UInt8.init)
    default: preconditionFailure("\(piece)")
    }
  }
}

/// BINUNICODE of a short string.
func text(_ text: String) -> [UInt8] { instructions(["X", [text.utf8.count, 0, 0, 0], text]) }
