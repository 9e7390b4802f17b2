/// The values that a pickle has created.
///
/// They may refer to each other, like Python's objects.
///
/// Containers are elements of an array and refer to each other by index. A file therefore can
/// create neither a reference cycle nor a chain whose release overflows the stack.
struct PickleGraph {
  /// A value, or an intermediate item such as a function or a storage.
  enum Item {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    /// An integer of more than 64 bits, in two's complement, little-endian.
    case largeInteger([UInt8])
    /// A string that is not valid UTF-8.
    case invalidText([UInt8])
    case tensor(PickledTensor)
    /// The index of a container.
    case container(Int)
    case global(PickleGlobal)
    case storage(StorageReference)
    /// A value that the file must not contain.
    ///
    /// It is reported with the keys that lead to it, after the rest of the pickle was executed.
    case refused(FileFailure)
  }

  struct Container {
    enum Kind: Equatable {
      case list
      case tuple
      case dictionary(Dictionary)
      /// A call of a class or function that makes an opaque value, with its arguments.
      case call(PickleGlobal)

      /// The Python class of a dictionary.
      enum Dictionary { case plain, ordered, counter }
    }

    var kind: Kind
    /// The elements or arguments; in a dictionary, alternating keys and values.
    var items: [Item] = []
  }

  private(set) var containers: [Container] = []

  mutating func add(_ kind: Container.Kind, _ items: [Item] = []) -> Item {
    containers.append(Container(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// Appends elements to a list.
  mutating func append(_ items: some Collection<Item>, toList target: Item) throws(FileFailure) {
    if case .refused = target { return }
    guard case .container(let index) = target, containers[index].kind == .list else {
      throw .damaged("its pickle appends elements to a value that is not a list")
    }
    containers[index].items.append(contentsOf: items)
  }

  /// Adds alternating keys and values to a dictionary.
  mutating func append(_ items: some Collection<Item>, toDictionary target: Item)
    throws(FileFailure)
  {
    if case .refused = target { return }
    guard case .container(let index) = target, isDictionary(target) else {
      throw .damaged("its pickle appends elements to a value that is not a dictionary")
    }
    guard items.count.isMultiple(of: 2) else {
      throw .damaged("its pickle has a key without a value")
    }
    containers[index].items.append(contentsOf: items)
  }

  func container(_ item: Item) -> Container? {
    if case .container(let index) = item { containers[index] } else { nil }
  }

  /// The elements of a tuple.
  func tuple(_ item: Item) throws(FileFailure) -> [Item] {
    guard let container = container(item), container.kind == .tuple else {
      throw .damaged("its pickle has another value where a tuple is required")
    }
    return container.items
  }

  /// The elements of a list or tuple; `nil` for any other value.
  func elements(_ item: Item) -> [Item]? {
    guard let container = container(item), container.kind == .list || container.kind == .tuple
    else { return nil }
    return container.items
  }

  /// The alternating keys and values of a dictionary; `nil` for any other value.
  func dictionary(_ item: Item) -> [Item]? {
    guard isDictionary(item) else { return nil }
    return container(item)?.items
  }

  func isDictionary(_ item: Item) -> Bool {
    if case .dictionary = container(item)?.kind { true } else { false }
  }
}

/// A tensor that a pickle creates.
///
/// In the format before PyTorch 1.6, the elements follow the pickle. Call ``value()`` only after
/// they have been read.
final class PickledTensor {
  var tensor: Tensor
  var requiresGrad = false
  /// Whether the elements are the negatives of the stored ones.
  var isNegative = false
  /// Whether the elements are the conjugates of the stored ones.
  var isConjugate = false
  /// The element type; `nil` for that of the storage.
  var dtype: DType?
  private var finished: Tensor?

  init(_ tensor: Tensor) { self.tensor = tensor }

  /// The tensor with its elements, computed once.
  ///
  /// PyTorch represents a negated or conjugated tensor by a flag. Here the elements of the result
  /// are negated or conjugated.
  func value() -> Tensor {
    if let finished { return finished }
    var value = tensor
    if isConjugate { value = conjugate.tensor(.tensor(value)) }
    if isNegative { value = negative.tensor(.tensor(value)) }
    if let dtype { value = value.to(dtype) }
    if requiresGrad { value.requiresGrad = true }
    finished = value
    return value
  }
}

private let conjugate = Operator("aten::conj_physical")
private let negative = Operator("aten::neg")
