/// The identity of a dictionary key or an element of a set, according to Python's equality.
indirect enum PickleKey: Hashable {
  case none
  case number(Double)
  case largeInteger(Int)
  case string(String)
  case tensor(ObjectIdentifier)
  case tuple([PickleKey])
  case global(PickleGlobal)
  case bytes([UInt8])
  case text([UInt8])
  case integer([UInt8])
  case call(PickleGlobal, [PickleKey])

  /// Creates the identity of a key.
  ///
  /// In Python, `True`, `1` and `1.0` are the same key. Integers beyond 2⁵³, which floats cannot
  /// all represent, are here distinct from floats.
  ///
  /// - Returns: `nil` for a value that cannot be a key: a list, a dictionary, a set, a `bytearray`,
  ///   or a tuple that contains one.
  init?(_ value: PickleValue) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .number(value ? 1 : 0)
    case .int(let value):
      self = value.magnitude <= 1 << 53 ? .number(Double(value)) : .largeInteger(value)
    case .float(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .tensor(let value): self = .tensor(ObjectIdentifier(value))
    case .tuple(let elements):
      var keys: [PickleKey] = []
      for element in elements {
        guard let key = PickleKey(element) else { return nil }
        keys.append(key)
      }
      self = .tuple(keys)
    case .opaque(let value):
      guard let key = PickleKey(value) else { return nil }
      self = key
    case .list, .dictionary: return nil
    }
  }

  private init?(_ value: OpaqueValue) {
    switch value.form {
    case .global(let global): self = .global(global)
    case .integer(let bytes): self = .integer(bytes)
    case .text(let bytes): self = .text(bytes)
    case .call(.function(.encode)): self = .bytes(value.bytes ?? [])
    case .call(.type(.complex)):
      let parts = value.arguments.map { $0.doubleValue ?? 0 } + [0, 0]
      self =
        parts[1] == 0
        ? .number(parts[0]) : .tuple([.string("complex"), .number(parts[0]), .number(parts[1])])
    case .call(let global):
      guard global != .type(.set), global != .type(.bytearray) else { return nil }
      self = .call(global, value.arguments.compactMap { PickleKey($0) })
    case .storage, .cycle: return nil
    }
  }
}
