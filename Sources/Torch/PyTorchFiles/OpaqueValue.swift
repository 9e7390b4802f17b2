/// A Python value in a PyTorch file that Swift has no type for, such as a `torch.dtype`, a set, a
/// complex number, or a sparse or quantized tensor.
///
/// Such a value does not prevent the rest of a file from being read. It can be written to a file
/// again, from which Python reads the same value.
public struct OpaqueValue: Sendable, CustomStringConvertible {
  /// The Python type, such as `torch.dtype`, `set` or `complex`; `torch.Tensor` for a tensor that
  /// is sparse, quantized, nested or on the meta device, or whose element type Lockstep lacks.
  public let typeName: String

  /// The values that Python creates it from: the elements of a set, the real and imaginary part of
  /// a complex number, the layout, indices, values and shape of a sparse tensor.
  public let arguments: [PickleValue]

  /// What is written to a pickle.
  let form: Form

  /// The ways in which a pickle creates such values.
  enum Form: Sendable {
    /// A class, function or constant by its name.
    case global(PickleGlobal)
    /// A call of a class or function with the arguments.
    case call(PickleGlobal)
    /// An integer, in two's complement, little-endian.
    case integer([UInt8])
    /// A string with lone surrogates, which UTF-8 cannot represent. The bytes are those that Python
    /// encodes with `surrogatepass`.
    case text([UInt8])
    /// A storage; the argument is a vector of its elements.
    case storage(PickleGlobal)
    /// A reference from a container to itself or to an enclosing container.
    case cycle
  }

  /// The bytes of a `bytes` or `bytearray` value, or of a string that is not valid UTF-8.
  var bytes: [UInt8]? {
    switch form {
    case .text(let bytes): return bytes
    case .call(.function(.encode)), .call(.type(.bytearray)):
      guard let text = arguments.first else { return [] }
      guard case .string(let text) = text else { return text.bytesValue }
      let encoding = arguments.count > 1 ? arguments[1].stringValue ?? "utf-8" : "utf-8"
      if PythonEncoding.isLatin1(encoding) {
        return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      }
      return Array(text.utf8)
    default: return nil
    }
  }

  /// Creates a value; `typeName` defaults to the type of `form`.
  init(_ form: Form, _ arguments: [PickleValue] = [], typeName: String? = nil) {
    self.form = form
    self.arguments = arguments
    self.typeName = typeName ?? OpaqueValue.typeName(of: form)
  }
}

/// The encodings that a pickle of bytes may name.
enum PythonEncoding {
  static func isLatin1(_ name: String) -> Bool {
    ["latin1", "latin-1", "latin_1", "iso-8859-1", "iso8859-1", "l1"].contains(name.lowercased())
  }

  static func isUTF8(_ name: String) -> Bool {
    ["utf-8", "utf8", "utf_8"].contains(name.lowercased())
  }
}

extension OpaqueValue {
  private static func typeName(of form: Form) -> String {
    switch form {
    case .global(.dtype): "torch.dtype"
    case .global(.quantizationScheme): "torch.qscheme"
    case .global(.function): "function"
    case .global: "type"
    case .call(.function(.encode)): "bytes"
    case .call(.function(.getLayout)): "torch.layout"
    case .call(.type(.parameter)), .call(.function), .call(.tensorClass),
      .call(.sparseTensorClass):
      "torch.Tensor"
    case .call(let global):
      global.names.module == "builtins" ? global.names.name : global.name
    case .integer: "int"
    case .text: "str"
    case .storage: "torch.storage.TypedStorage"
    case .cycle: "list"
    }
  }

  /// The value as Python prints it, shortened: `torch.float16`, `{1, 2}`, `(1.0+2.0j)`.
  public var description: String {
    switch form {
    case .global(let global):
      switch global {
      case .dtype, .quantizationScheme: return global.name
      case .function: return "<function \(global.name)>"
      default: return "<class '\(global.name)'>"
      }
    case .integer(let bytes): return OpaqueValue.decimal(bytes)
    case .text(let bytes): return String(decoding: bytes, as: UTF8.self).quotedForMessage
    case .storage: return "\(typeName)(\(arguments.first?.tensorValue?.summary ?? "empty"))"
    case .cycle: return typeName == "dict" ? "{...}" : typeName == "tuple" ? "(...)" : "[...]"
    case .call(let global): return text(ofCall: global)
    }
  }

  private func text(ofCall global: PickleGlobal) -> String {
    let texts = arguments.prefix(8).map(\.shortText)
    let list = texts.joined(separator: ", ") + (arguments.count > 8 ? ", …" : "")
    switch global {
    case .type(.set): return arguments.isEmpty ? "set()" : "{\(list)}"
    case .type(.complex):
      let parts = arguments.map { $0.doubleValue ?? 0 } + [0, 0]
      return "(\(parts[0])\(parts[1].sign == .minus ? "" : "+")\(parts[1])j)"
    case .function(.encode), .type(.bytearray):
      let bytes = bytes ?? []
      return "\(typeName) of \(bytes.count) bytes"
    case .function(.getLayout): return arguments.first?.stringValue ?? "torch.layout"
    case .type(.device):
      let index = arguments.count > 1 ? arguments[1].intValue : nil
      let name = (arguments.first?.stringValue ?? "") + (index.map { ":\($0)" } ?? "")
      let parts = name.split(separator: ":")
      return "device(type='\(parts.first ?? "")'" + (parts.count > 1 ? ", index=\(parts[1]))" : ")")
    default: return "\(global.names.name)(\(list))"
    }
  }

  /// The decimal digits of an integer in two's complement, little-endian, of at most 255 bytes.
  private static func decimal(_ bytes: [UInt8]) -> String {
    let isNegative = (bytes.last ?? 0) >= 0x80
    var magnitude = bytes
    if isNegative {
      var carry = true
      for index in magnitude.indices {
        magnitude[index] = ~magnitude[index]
        if carry {
          magnitude[index] &+= 1
          carry = magnitude[index] == 0
        }
      }
    }
    var digits: [UInt8] = []
    while let last = magnitude.last {
      guard last != 0 else {
        magnitude.removeLast()
        continue
      }
      var remainder = 0
      for index in magnitude.indices.reversed() {
        let value = remainder << 8 | Int(magnitude[index])
        magnitude[index] = UInt8(value / 10)
        remainder = value % 10
      }
      digits.append(UInt8(ascii: "0") + UInt8(remainder))
    }
    let text = String(decoding: digits.reversed(), as: UTF8.self)
    return digits.isEmpty ? "0" : isNegative ? "-\(text)" : text
  }
}

extension PickleValue {
  /// A short text for messages and descriptions, of one line.
  var shortText: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): value.quotedForMessage
    case .tensor(let value): value.summary
    case .list(let elements): "list of \(elements.count)"
    case .tuple(let elements):
      elements.count <= 8
        ? "(\(elements.map(\.shortText).joined(separator: ", ")))" : "tuple of \(elements.count)"
    case .dictionary(let entries): "dictionary of \(entries.count)"
    case .opaque(let value): value.description
    }
  }
}
