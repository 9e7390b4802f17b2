public import Support

/// A value that a hyperparameter can have: a number, a Boolean value, a choice, or a list.
public protocol HyperparameterValue: Sendable {
  /// Decodes the form in which a group holds the value; `nil` if it is of another type.
  init?(hyperparameter value: JSONValue)

  /// The form in which a group holds the value.
  var hyperparameter: JSONValue { get }
}

extension Double: HyperparameterValue {
  /// Decodes a number.
  public init?(hyperparameter value: JSONValue) {
    guard let number = value.double else { return nil }
    self = number
  }

  /// The number; an integer where it is one, as JSON decodes it.
  public var hyperparameter: JSONValue {
    let isNegativeZero = self == 0 && sign == .minus
    if !isNegativeZero, let integer = Int64(exactly: self) { return .integer(integer) }
    return .number(self)
  }
}

extension Int: HyperparameterValue {
  /// Decodes an integer.
  public init?(hyperparameter value: JSONValue) {
    guard case .integer(let integer) = value else { return nil }
    self = Int(integer)
  }

  /// The integer.
  public var hyperparameter: JSONValue { .integer(Int64(self)) }
}

extension Bool: HyperparameterValue {
  /// Decodes a Boolean value.
  public init?(hyperparameter value: JSONValue) {
    guard case .bool(let flag) = value else { return nil }
    self = flag
  }

  /// The Boolean value.
  public var hyperparameter: JSONValue { .bool(self) }
}

extension String: HyperparameterValue {
  /// Decodes a string.
  public init?(hyperparameter value: JSONValue) {
    guard case .string(let text) = value else { return nil }
    self = text
  }

  /// The string.
  public var hyperparameter: JSONValue { .string(self) }
}

extension Array: HyperparameterValue where Element: HyperparameterValue {
  /// Decodes a list.
  public init?(hyperparameter value: JSONValue) {
    guard case .array(let elements) = value else { return nil }
    let decoded = elements.compactMap { Element(hyperparameter: $0) }
    guard decoded.count == elements.count else { return nil }
    self = decoded
  }

  /// The list.
  public var hyperparameter: JSONValue { .array(map(\.hyperparameter)) }
}

extension Optional: HyperparameterValue where Wrapped: HyperparameterValue {
  /// Decodes a value or null.
  public init?(hyperparameter value: JSONValue) {
    if value == .null {
      self = .none
      return
    }
    guard let wrapped = Wrapped(hyperparameter: value) else { return nil }
    self = wrapped
  }

  /// The value or null.
  public var hyperparameter: JSONValue { self?.hyperparameter ?? .null }
}

extension HyperparameterValue where Self: RawRepresentable<String> {
  /// Decodes a choice.
  public init?(hyperparameter value: JSONValue) {
    guard case .string(let text) = value else { return nil }
    self.init(rawValue: text)
  }

  /// The name of the choice in PyTorch.
  public var hyperparameter: JSONValue { .string(rawValue) }
}
