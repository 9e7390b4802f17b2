internal import Foundation
public import Support

/// The state of a part of a job: tensors and small values, each by name.
///
/// A part that restores its state continues with the same results to the bit.
public struct State: Sendable {
  /// The tensors by name; they may share memory with the part.
  public var tensors: StateDict

  /// The small values by name.
  public var values: [String: JSONValue]

  /// Creates a state.
  public init(tensors: StateDict = [:], values: [String: JSONValue] = [:]) {
    self.tensors = tensors
    self.values = values
  }

  /// Sets a small value.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the value cannot be encoded as JSON.
  public mutating func set(_ value: some Encodable, for name: String) throws(TorchError) {
    values[name] = try JSONValue(encoding: value, for: name)
  }

  /// Returns a small value.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if there is no such value, or it has another
  ///   type.
  public func value<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(TorchError) -> Value {
    try values.value(name)
  }
}

extension [String: JSONValue] {
  /// Decodes a value of a saved state.
  func value<Decoded: Decodable>(_ name: String) throws(TorchError) -> Decoded {
    guard let json = self[name] else {
      throw TorchError(.mismatch, "the saved state has no value '\(name)'")
    }
    do {
      return try json.decoded()
    } catch {
      throw TorchError(
        .mismatch, "the saved value '\(name)' cannot be decoded as \(Decoded.self): \(error)")
    }
  }
}

extension JSONValue {
  /// Encodes a value of a state.
  init(encoding value: some Encodable, for name: String) throws(TorchError) {
    do {
      self = try JSONValue(encoding: value)
    } catch {
      throw TorchError(.invalidArgument, "'\(name)' cannot be encoded as JSON: \(error)")
    }
  }
}

extension JSONValue {
  /// Encodes any value; fractions are preserved to the bit, infinities and NaN are encoded as
  /// strings.
  public init(encoding value: some Encodable) throws {
    // Some parsers reject a top-level value that is neither an array nor an object.
    let text = try JSONEncoder.ofAllNumbers().encode([value])
    guard case .array(let list) = try JSONDecoder.ofAllNumbers().decode(JSONValue.self, from: text),
      let first = list.first
    else { preconditionFailure("an array of one value was not encoded as an array") }
    self = first
  }

  /// Decodes the value that was passed to ``init(encoding:)``.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    let text = try JSONEncoder.ofAllNumbers().encode([self])
    let list = try JSONDecoder.ofAllNumbers().decode([Value].self, from: text)
    guard let first = list.first else {
      preconditionFailure("an array of one value was decoded as an empty array")
    }
    return first
  }
}
