/// What a pickle has made so far: values that may name each other, as Python's objects do.
///
/// Containers lie side by side in an array and refer to each other by position, so that a file can
/// make neither a cycle of references nor a chain whose release overflows the stack.
struct PickleGraph {
  /// A value, or what only occurs on the way to one.
  enum Item {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case tensor(Tensor)
    /// The position of a list, tuple or dictionary.
    case container(Int)
    case global(PickleGlobal)
    case storage(StorageReference)
  }

  struct Container {
    enum Kind { case list, tuple, dictionary }

    var kind: Kind
    /// Of a dictionary: keys and values in turn.
    var items: [Item] = []
  }

  private var containers: [Container] = []
  private var results: [Result?] = []

  /// A finished container; `nil` in its place while it is being finished.
  private struct Result {
    var value: PickleValue
    /// With everything in it.
    var valueCount: Int
    var height: Int
  }

  mutating func add(_ kind: Container.Kind, _ items: [Item] = []) -> Item {
    containers.append(Container(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// Adds elements to a list, or keys and values in turn to a dictionary.
  mutating func append(_ items: some Collection<Item>, to target: Item, _ kind: Container.Kind)
    throws(FileFailure)
  {
    guard case .container(let index) = target, containers[index].kind == kind else {
      throw .damaged("its pickle adds elements to what is no \(kind)")
    }
    guard kind != .dictionary || items.count.isMultiple(of: 2) else {
      throw .damaged("its pickle has a key without a value")
    }
    containers[index].items.append(contentsOf: items)
  }

  /// The elements of a tuple.
  func tuple(_ item: Item) throws(FileFailure) -> [Item] {
    guard case .container(let index) = item, containers[index].kind == .tuple else {
      throw .damaged("its pickle has something else where a tuple belongs")
    }
    return containers[index].items
  }

  /// The keys and values of a dictionary in turn.
  func dictionary(_ item: Item) throws(FileFailure) -> [Item] {
    guard case .container(let index) = item, containers[index].kind == .dictionary else {
      throw .damaged("its pickle has something else where a dictionary belongs")
    }
    return containers[index].items
  }

  func isDictionary(_ item: Item) -> Bool { (try? dictionary(item)) != nil }

  /// The value that an item stands for, with all that is in it.
  mutating func value(of item: Item) throws(FileFailure) -> PickleValue {
    results = Array(repeating: nil, count: containers.count)
    var isOpen = Array(repeating: false, count: containers.count)
    return try finish(item, depth: 0, &isOpen).value
  }

  private mutating func finish(_ item: Item, depth: Int, _ isOpen: inout [Bool])
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
      throw .unsupported("it holds \(global.names.module).\(global.names.name) itself as a value")
    case .storage: throw .unsupported("it holds a storage outside of a tensor")
    case .container(let index):
      if let result = results[index] {
        try check(depth: depth + result.height)
        return result
      }
      try check(depth: depth)
      guard !isOpen[index] else { throw .unsupported("it holds a container that contains itself") }
      isOpen[index] = true
      defer { isOpen[index] = false }
      let result = try finish(containers[index], depth: depth, &isOpen)
      results[index] = result
      return result
    }
  }

  private mutating func finish(_ container: Container, depth: Int, _ isOpen: inout [Bool])
    throws(FileFailure) -> Result
  {
    var values: [PickleValue] = []
    values.reserveCapacity(container.items.count)
    var (valueCount, height) = (1, 0)
    for item in container.items {
      let result = try finish(item, depth: depth + 1, &isOpen)
      values.append(result.value)
      valueCount += result.valueCount
      height = max(height, result.height + 1)
      guard valueCount <= PickleLimits.values else {
        throw .unsupported(
          "it holds more than \(PickleLimits.values) values; save large data as tensors")
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
        throw .unsupported("it holds a dictionary whose keys are not texts and numbers")
      }
      guard keys.insert(key).inserted else {
        throw .damaged("it holds a dictionary with one key twice")
      }
      entries.append((key: values[index], value: values[index + 1]))
    }
    return .dictionary(entries)
  }

  private func check(depth: Int) throws(FileFailure) {
    guard depth <= PickleLimits.depth else {
      throw .unsupported("its values are nested more than \(PickleLimits.depth) deep")
    }
  }
}
