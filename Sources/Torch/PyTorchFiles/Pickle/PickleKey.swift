/// The identity of a dictionary's key, as Python sees it.
enum PickleKey: Hashable {
  case none
  case number(Double)
  case largeInteger(Int)
  case string(String)

  /// - Returns: `nil` for a value that cannot be a key.
  ///
  /// In Python `True`, `1` and `1.0` are one key. Integers beyond 2⁵³, which
  /// not every float can be, are kept apart from floats here.
  init?(_ value: PickleValue) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .number(value ? 1 : 0)
    case .int(let value):
      self = value.magnitude <= 1 << 53 ? .number(Double(value)) : .largeInteger(value)
    case .float(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .tensor, .list, .tuple, .dictionary: return nil
    }
  }
}
