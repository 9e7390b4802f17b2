/// The instructions that `torch.load(weights_only=True)` executes.
///
/// They are those of pickle protocol 2, and a few others.
enum PickleOpcode: UInt8 {
  case proto = 0x80
  case stop = 0x2E  // .
  case mark = 0x28  // (
  case none = 0x4E  // N
  case newTrue = 0x88
  case newFalse = 0x89
  case int32 = 0x4A  // J
  case uint8 = 0x4B  // K
  case uint16 = 0x4D  // M
  case long1 = 0x8A
  case float = 0x47  // G, big-endian
  case unicode = 0x58  // X
  case shortString = 0x55  // U, from Python 2
  case emptyList = 0x5D  // ]
  case append = 0x61  // a
  case appends = 0x65  // e
  case emptyTuple = 0x29  // )
  case tuple = 0x74  // t
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyDictionary = 0x7D  // }
  case setItem = 0x73  // s
  case setItems = 0x75  // u
  case emptySet = 0x8F
  case global = 0x63  // c
  case newObject = 0x81
  case reduce = 0x52  // R
  case build = 0x62  // b
  case persistentID = 0x51  // Q
  case get = 0x68  // h
  case longGet = 0x6A  // j
  case put = 0x71  // q
  case longPut = 0x72  // r

  /// The reason why a file with another instruction is rejected.
  ///
  /// `version` is the protocol that the pickle declares.
  static func failure(_ byte: UInt8, protocol version: UInt8?) -> FileFailure {
    let instruction = "the instruction 0x\(String(byte, radix: 16))"
    /// The protocol that introduced the instruction.
    let own: UInt8
    switch byte {
    case 0x8B: return .unsupported("it contains an integer of more than 255 bytes")
    case 0x49, 0x4C, 0x46, 0x53, 0x56, 0x70, 0x67, 0x64, 0x6C, 0x69, 0x50: own = 0
    case 0x54: own = 1
    case 0x42, 0x43: own = 3
    case 0x8C...0x95: own = 4
    case 0x96...0x98: own = 5
    default:
      return .unsupported(
        "its pickle has \(instruction), which torch.save does not write for tensors and plain "
          + "values")
    }
    let used = own < 2 ? own : max(own, version ?? own)
    return .unsupported(
      "it uses pickle protocol \(used), whose \(instruction) torch.load(weights_only=True) does "
        + "not "
        + "read; save it with torch.save's default protocol, 2")
  }
}

/// Limits that exceed the needs of real files, but prevent exhaustion of memory or the stack.
enum PickleLimits {
  /// The maximum depth of nested containers.
  static let depth = 500
  /// The maximum number of instructions of a pickle, and of values in its result.
  ///
  /// A value that the result refers to twice counts twice.
  static let values = 10_000_000
}
