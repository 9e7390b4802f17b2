package import Foundation

// Numbers that JSON lacks are the texts "NaN", "Infinity" and "-Infinity", as in the JSON form of Protocol
// Buffers.

extension JSONEncoder {
  /// An encoder that takes all numbers.
  package static func ofAllNumbers() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }
}

extension JSONDecoder {
  /// The decoder of what such an encoder has made.
  package static func ofAllNumbers() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}
