/// A value in a PyTorch file: a tensor, a number, a string, or a list, tuple or dictionary of
/// values.
///
/// Any other Python value is opaque.
///
/// Values can be literals:
///
/// ```swift
/// let checkpoint: PickleValue = ["model": .stateDict(model.stateDict), "epoch": 3]
/// ```
public indirect enum PickleValue: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An integer of at most 64 bits.
  case int(Int)
  /// A floating-point number.
  case float(Double)
  /// A string.
  case string(String)
  /// A tensor.
  ///
  /// Tensors that share memory still share it after they are written to and read from one file.
  case tensor(Tensor)
  /// A list.
  case list([PickleValue])
  /// A tuple; also a `torch.Size`.
  case tuple([PickleValue])
  /// A dictionary, in its order; also an `OrderedDict` or `Counter`.
  ///
  /// Keys are distinct, and hashable in Python: lists and dictionaries cannot be keys.
  case dictionary([(key: PickleValue, value: PickleValue)])
  /// A Python value that Swift has no type for, such as a `torch.dtype`, a set or a sparse tensor.
  case opaque(OpaqueValue)
}

extension PickleValue {
  /// Creates a state dictionary as `torch.save(model.state_dict(), …)` stores it, sorted by name.
  ///
  /// The tensors are detached from the graph.
  public static func stateDict(_ state: StateDict) -> PickleValue {
    .dictionary(
      state.sorted { $0.key < $1.key }
        .map { (key: .string($0.key), value: .tensor($0.value.detach())) })
  }
}

extension PickleValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `None`.
  public init(nilLiteral: ()) { self = .none }
  /// A Boolean value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: PickleValue...) { self = .list(elements) }
  /// A dictionary.
  public init(dictionaryLiteral elements: (PickleValue, PickleValue)...) {
    self = .dictionary(elements.map { (key: $0.0, value: $0.1) })
  }
}
