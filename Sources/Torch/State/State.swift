internal import Foundation
public import Support

/// What a part of a job is at one moment: tensors and small values, each by name.
///
/// Whoever restores it goes on to the bit as if nothing had happened in between.
public struct State: Sendable {
  /// Tensors by name; they may share the memory of the part that they are the state of.
  public var tensors: StateDict

  /// Small values by name.
  public var values: [String: JSONValue]

  /// Creates a state.
  public init(tensors: StateDict = [:], values: [String: JSONValue] = [:]) {
    self.tensors = tensors
    self.values = values
  }

  /// Adds a small value under a name.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` when the value has no form in JSON.
  public mutating func set(_ value: some Encodable, for name: String) throws(TorchError) {
    do {
      values[name] = try JSONValue(encoding: value)
    } catch {
      throw TorchError(.invalidArgument, "'\(name)' cannot be kept as JSON: \(error)")
    }
  }

  /// The small value of a name.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` when there is none, or one of another kind.
  public func value<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(TorchError) -> Value {
    guard let json = values[name] else {
      throw TorchError(.mismatch, "the saved state has no value '\(name)'")
    }
    do {
      return try json.decoded(as: type)
    } catch {
      throw TorchError(.mismatch, "the saved value '\(name)' is no \(type): \(error)")
    }
  }
}

extension JSONValue {
  /// Any value as JSON; fractions come back to the bit, and infinities and NaN are kept as texts.
  public init(encoding value: some Encodable) throws {
    // Some parsers refuse what is neither a list nor an object.
    let text = try JSONEncoder.ofAllNumbers().encode([value])
    guard case .array(let list) = try JSONDecoder.ofAllNumbers().decode(JSONValue.self, from: text),
      let first = list.first
    else { preconditionFailure("a list of one value is encoded as a list") }
    self = first
  }

  /// The value that ``init(encoding:)`` was given.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    let text = try JSONEncoder.ofAllNumbers().encode([self])
    let list = try JSONDecoder.ofAllNumbers().decode([Value].self, from: text)
    guard let first = list.first else { preconditionFailure("a list of one value has one") }
    return first
  }
}
