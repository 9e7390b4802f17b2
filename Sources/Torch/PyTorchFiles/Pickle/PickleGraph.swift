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
    case tensor(Tensor)
    /// The index of a list, tuple or dictionary.
    case container(Int)
    case global(PickleGlobal)
    case storage(StorageReference)
  }

  struct Container {
    enum Kind { case list, tuple, dictionary }

    var kind: Kind
    /// The elements; in a dictionary, alternating keys and values.
    var items: [Item] = []
  }

  private var containers: [Container] = []
  private var results: [Result?] = []

  /// A converted container.
  private struct Result {
    var value: PickleValue
    /// The number of values, including nested ones.
    var valueCount: Int
    /// The depth of nested containers.
    var height: Int
  }

  mutating func add(_ kind: Container.Kind, _ items: [Item] = []) -> Item {
    containers.append(Container(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// Appends elements to a list, or alternating keys and values to a dictionary.
  mutating func append(_ items: some Collection<Item>, to target: Item, _ kind: Container.Kind)
    throws(FileFailure)
  {
    guard case .container(let index) = target, containers[index].kind == kind else {
      throw .damaged("its pickle appends elements to a value that is not a \(kind)")
    }
    guard kind != .dictionary || items.count.isMultiple(of: 2) else {
      throw .damaged("its pickle has a key without a value")
    }
    containers[index].items.append(contentsOf: items)
  }

  /// The elements of a tuple.
  func tuple(_ item: Item) throws(FileFailure) -> [Item] {
    guard case .container(let index) = item, containers[index].kind == .tuple else {
      throw .damaged("its pickle has another value where a tuple is required")
    }
    return containers[index].items
  }

  /// The alternating keys and values of a dictionary.
  func dictionary(_ item: Item) throws(FileFailure) -> [Item] {
    guard case .container(let index) = item, containers[index].kind == .dictionary else {
      throw .damaged("its pickle has another value where a dictionary is required")
    }
    return containers[index].items
  }

  func isDictionary(_ item: Item) -> Bool { (try? dictionary(item)) != nil }

  /// Converts an item and everything that it contains to a value.
  mutating func value(of item: Item) throws(FileFailure) -> PickleValue {
    results = Array(repeating: nil, count: containers.count)
    var isOpen = Array(repeating: false, count: containers.count)
    return try convert(item, depth: 0, &isOpen).value
  }

  private mutating func convert(_ item: Item, depth: Int, _ isOpen: inout [Bool])
    throws(FileFailure) -> Result
  {
    switch item {
    case .none: return Result(value: .none, valueCount: 1, height: 0)
    case .bool(let value): return Result(value: .bool(value), valueCount: 1, height: 0)
    case .int(let value): return Result(value: .int(value), valueCount: 1, height: 0)
    case .float(let value): return Result(value: .float(value), valueCount: 1, height: 0)
    case .string(let value): return Result(value: .string(value), valueCount: 1, height: 0)
    case .tensor(let value): return Result(value: .tensor(value), valueCount: 1, height: 0)
    case .global(let global):
      throw .unsupported(
        "it contains the class or function \(global.names.module).\(global.names.name) as a value")
    case .storage: throw .unsupported("it contains a storage outside of a tensor")
    case .container(let index):
      if let result = results[index] {
        try check(depth: depth + result.height)
        return result
      }
      try check(depth: depth)
      guard !isOpen[index] else { throw .unsupported("it has a container that contains itself") }
      isOpen[index] = true
      defer { isOpen[index] = false }
      let result = try convert(containers[index], depth: depth, &isOpen)
      results[index] = result
      return result
    }
  }

  private mutating func convert(_ container: Container, depth: Int, _ isOpen: inout [Bool])
    throws(FileFailure) -> Result
  {
    var values: [PickleValue] = []
    values.reserveCapacity(container.items.count)
    var valueCount = 1
    var height = 0
    for item in container.items {
      let result = try convert(item, depth: depth + 1, &isOpen)
      values.append(result.value)
      valueCount += result.valueCount
      height = max(height, result.height + 1)
      guard valueCount <= PickleLimits.values else {
        throw .unsupported(
          "it contains more than \(PickleLimits.values) values; save large data as tensors")
      }
    }
    let value: PickleValue =
      switch container.kind {
      case .list: .list(values)
      case .tuple: .tuple(values)
      case .dictionary: try dictionary(values)
      }
    return Result(value: value, valueCount: valueCount, height: height)
  }

  private func dictionary(_ values: [PickleValue]) throws(FileFailure) -> PickleValue {
    var entries: [(key: PickleValue, value: PickleValue)] = []
    var keys = Set<PickleKey>()
    for index in stride(from: 0, to: values.count, by: 2) {
      guard let key = PickleKey(values[index]) else {
        throw .unsupported("it contains a dictionary whose keys are not strings or numbers")
      }
      guard keys.insert(key).inserted else {
        throw .damaged("it contains a dictionary with a duplicate key")
      }
      entries.append((key: values[index], value: values[index + 1]))
    }
    return .dictionary(entries)
  }

  private func check(depth: Int) throws(FileFailure) {
    guard depth <= PickleLimits.depth else {
      throw .unsupported("its values are nested more than \(PickleLimits.depth) levels deep")
    }
  }
}
