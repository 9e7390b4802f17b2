extension PickleValue {
  /// Whether this is `None`.
  public var isNone: Bool { if case .none = self { true } else { false } }

  /// The Boolean value, if this is one.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The integer, if this is one.
  public var intValue: Int? { if case .int(let value) = self { value } else { nil } }

  /// The floating-point number, if this is a number; an integer is converted.
  public var doubleValue: Double? {
    switch self {
    case .float(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  /// The complex number, if this is one.
  public var complexValue: Complex? {
    guard let opaqueValue, case .call(.type(.complex)) = opaqueValue.form else { return nil }
    let parts = opaqueValue.arguments.compactMap(\.doubleValue)
    return parts.count == 2 ? Complex(parts[0], parts[1]) : nil
  }

  /// The string, if this is one.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  /// The tensor, if this is one.
  public var tensorValue: Tensor? { if case .tensor(let value) = self { value } else { nil } }

  /// The value that Swift has no type for, if this is one.
  public var opaqueValue: OpaqueValue? { if case .opaque(let value) = self { value } else { nil } }

  /// The bytes, if this is a `bytes` or `bytearray` value or a string with lone surrogates.
  ///
  /// UTF-8 cannot represent such a string. Its bytes are those that Python encodes with
  /// `surrogatepass`.
  public var bytesValue: [UInt8]? { opaqueValue?.bytes }

  /// The element type, if this is a `torch.dtype` that Lockstep has.
  public var dtypeValue: DType? {
    if case .global(.dtype(let element)) = opaqueValue?.form { element.dtype } else { nil }
  }

  /// The elements of a list, a tuple or a set.
  public var elements: [PickleValue]? {
    switch self {
    case .list(let elements), .tuple(let elements): elements
    case .opaque(let value):
      if case .call(.type(.set)) = value.form { value.arguments } else { nil }
    default: nil
    }
  }

  /// The keys and values of a dictionary, in its order.
  public var entries: [(key: PickleValue, value: PickleValue)]? {
    if case .dictionary(let entries) = self { entries } else { nil }
  }

  /// The value of a string key, if this is a dictionary with that key.
  public subscript(key: String) -> PickleValue? {
    entries?.first { $0.key.stringValue == key }?.value
  }

  /// The element at an index of a list, tuple or set, or the value of an integer key of a
  /// dictionary.
  ///
  /// It is `nil` if there is no such element.
  public subscript(index: Int) -> PickleValue? {
    if let elements { return elements.indices.contains(index) ? elements[index] : nil }
    return entries?.first { $0.key.intValue == index }?.value
  }

  /// The tensors by name, if this is a dictionary with only string keys and tensor values.
  public var stateDict: StateDict? {
    guard let entries else { return nil }
    var state: StateDict = [:]
    for (key, value) in entries {
      guard let name = key.stringValue, let tensor = value.tensorValue else { return nil }
      state[name] = tensor
    }
    return state
  }
}
