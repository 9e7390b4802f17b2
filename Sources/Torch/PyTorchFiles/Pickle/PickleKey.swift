/// The identity of a dictionary key according to Python's equality.
enum PickleKey: Hashable {
  case none
  case number(Double)
  case largeInteger(Int)
  case string(String)

  /// Creates the identity of a key.
  ///
  /// In Python, `True`, `1` and `1.0` are the same key. Integers beyond 2⁵³, which floats cannot
  /// all represent, are here distinct from floats.
  ///
  /// - Returns: `nil` for a value that cannot be a key.
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
