/// A JSON value whose objects retain the order of their keys.
///
/// The order of keys decides the ids of tokens that the vocabulary lacks.
indirect enum OrderedJSON: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([OrderedJSON])
  case object(Object)

  /// An object; of equal keys the last counts, at the position of the first, as in Python.
  struct Object: Sendable {
    private(set) var keys: [String] = []
    private var values: [String: OrderedJSON] = [:]

    /// The value of a key; assigning `nil` removes the key.
    subscript(key: String) -> OrderedJSON? {
      get { values[key] }
      set {
        if newValue == nil {
          keys.removeAll { $0 == key }
        } else if values[key] == nil {
          keys.append(key)
        }
        values[key] = newValue
      }
    }

    var isEmpty: Bool { keys.isEmpty }
  }

  /// The content of a string; `nil` for any other value.
  var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The value of a Boolean; `nil` for any other value.
  var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  var isNull: Bool { if case .null = self { true } else { false } }

  /// Whether Python counts the value as true.
  var isTruthy: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .number(let number): number != 0
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let object): !object.isEmpty
    }
  }

  /// What kind of value it is, for error messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a Boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
