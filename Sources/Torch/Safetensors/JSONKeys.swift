internal import Foundation

/// Finds duplicate keys in a JSON object, which Foundation's parser silently accepts.
enum JSONKeys {
  /// Returns the first duplicate key of an object at any depth.
  ///
  /// Only strings and brackets are inspected. The parser checks the rest of the syntax.
  static func firstDuplicate(in json: Data) -> String? {
    var open: [Set<String>?] = []  // A set for each object, nil for each array.
    var textStart: Data.Index?
    var pendingKey: String?
    var isEscaped = false
    for (index, byte) in zip(json.indices, json) {
      if let start = textStart {
        if isEscaped || byte == UInt8(ascii: "\\") {
          isEscaped = !isEscaped
        } else if byte == UInt8(ascii: "\"") {
          pendingKey = decoded(json[start...index])
          textStart = nil
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): textStart = index
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "["): open.append(nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: ":"):
        guard let key = pendingKey, var keys = open.popLast() ?? nil else { break }
        guard keys.insert(key).inserted else { return key }
        open.append(keys)
        pendingKey = nil
      default: break
      }
    }
    return nil
  }

  /// Decodes a key, so that two spellings such as `a` and `\u0061` are equal.
  private static func decoded(_ quoted: Data) -> String {
    (try? JSONDecoder().decode(String.self, from: quoted))
      ?? String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
  }
}
