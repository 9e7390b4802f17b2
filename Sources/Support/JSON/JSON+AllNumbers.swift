package import Foundation

// NaN and infinities, which JSON lacks, are encoded as the strings "NaN", "Infinity" and
// "-Infinity", as in the JSON mapping of Protocol Buffers.

extension JSONEncoder {
  /// Creates an encoder that supports NaN and infinities.
  package static func ofAllNumbers() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }
}

extension JSONDecoder {
  /// Creates a decoder for the output of ``JSONEncoder/ofAllNumbers()``.
  package static func ofAllNumbers() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}
