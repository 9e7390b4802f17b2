/// What a PyTorch file holds: a tensor, a number, a text, or a list, tuple or dictionary of such.
///
/// Literals make the plain ones:
///
/// ```swift
/// let checkpoint: PickleValue = ["model": .stateDict(model.stateDict), "epoch": 3]
/// ```
public indirect enum PickleValue: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An integer; Python's longer ones do not fit.
  case int(Int)
  /// A floating-point number.
  case float(Double)
  /// A text.
  case string(String)
  /// A tensor. Tensors that share memory go on sharing it when they are in one file.
  case tensor(Tensor)
  /// A list.
  case list([PickleValue])
  /// A tuple; `torch.Size` is one too.
  case tuple([PickleValue])
  /// A dictionary, in its order; `OrderedDict` and `Counter` are read as one too.
  ///
  /// Keys are texts, numbers, truth values or `None`, and each stands there once.
  case dictionary([(key: PickleValue, value: PickleValue)])
}

extension PickleValue {
  /// A state dictionary as `torch.save(model.state_dict(), …)` stores it: tensors without autograd,
  /// here sorted by name.
  public static func stateDict(_ state: StateDict) -> PickleValue {
    .dictionary(
      state.sorted { $0.key < $1.key }
        .map { (key: .string($0.key), value: .tensor($0.value.detached())) })
  }
}

extension PickleValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `None`.
  public init(nilLiteral: ()) { self = .none }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: PickleValue...) { self = .list(elements) }
  /// A dictionary.
  public init(dictionaryLiteral elements: (PickleValue, PickleValue)...) {
    self = .dictionary(elements.map { (key: $0.0, value: $0.1) })
  }
}
