/// Converts what a pickle has created to values.
struct PickleConverter {
  private typealias Item = PickleGraph.Item

  private let containers: [PickleGraph.Container]
  private var results: [Result?]
  private var isOpen: [Bool]
  private var path: [Step] = []

  /// A step from a container to one of its elements.
  private enum Step {
    case key(Item)
    case index(Int)
    /// An argument of a call, which is not shown in the path.
    case argument
  }

  /// A converted item.
  private struct Result {
    var value: PickleValue
    /// The number of values, including nested ones.
    var valueCount = 1
    /// The depth of nested containers.
    var height = 0
  }

  init(_ graph: PickleGraph) {
    containers = graph.containers
    results = Array(repeating: nil, count: containers.count)
    isOpen = Array(repeating: false, count: containers.count)
  }

  /// Converts an item and everything that it contains.
  ///
  /// - Throws: The failure of a value that the file must not contain, with the keys that lead to
  ///   it.
  mutating func value(of item: PickleGraph.Item) throws(FileFailure) -> PickleValue {
    do throws(FileFailure) {
      return try convert(item).value
    } catch {
      throw error.at(pathText)
    }
  }

  private mutating func convert(_ item: Item) throws(FileFailure) -> Result {
    switch item {
    case .none: return Result(value: .none)
    case .bool(let value): return Result(value: .bool(value))
    case .int(let value): return Result(value: .int(value))
    case .float(let value): return Result(value: .float(value))
    case .string(let value): return Result(value: .string(value))
    case .largeInteger(let bytes): return Result(value: .opaque(OpaqueValue(.integer(bytes))))
    case .invalidText(let bytes): return Result(value: .opaque(OpaqueValue(.text(bytes))))
    case .tensor(let value): return Result(value: .tensor(value.value()))
    case .global(let global): return Result(value: .opaque(OpaqueValue(.global(global))))
    case .storage(let storage): return Result(value: .opaque(try opaque(storage)))
    case .refused(let failure): throw failure
    case .container(let index):
      if let result = results[index] {
        try check(depth: path.count + result.height)
        return result
      }
      try check(depth: path.count)
      let container = containers[index]
      guard !isOpen[index] else {
        return Result(value: .opaque(OpaqueValue(.cycle, typeName: container.kind.pythonName)))
      }
      isOpen[index] = true
      defer { isOpen[index] = false }
      let result = try convert(container)
      results[index] = result
      return result
    }
  }

  private mutating func convert(_ container: PickleGraph.Container) throws(FileFailure) -> Result {
    var values: [PickleValue] = []
    values.reserveCapacity(container.items.count)
    var valueCount = 1
    var height = 0
    for (index, item) in container.items.enumerated() {
      path.append(step(to: index, of: container))
      let result = try convert(item)
      path.removeLast()
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
      case .call(.type(.set)):
        .opaque(OpaqueValue(.call(.type(.set)), try distinct(values)))
      case .call(let global): .opaque(OpaqueValue(.call(global), values))
      }
    return Result(value: value, valueCount: valueCount, height: height)
  }

  /// Like Python's dictionaries: a key that occurs again replaces the value of the first.
  private func dictionary(_ values: [PickleValue]) throws(FileFailure) -> PickleValue {
    var entries: [(key: PickleValue, value: PickleValue)] = []
    var positions: [PickleKey: Int] = [:]
    for index in stride(from: 0, to: values.count, by: 2) {
      guard let key = PickleKey(values[index]) else {
        throw .damaged(
          "it contains a dictionary whose keys are not hashable in Python: "
            + "\(values[index].shortText)")
      }
      if let known = positions[key] {
        entries[known].value = values[index + 1]
      } else {
        positions[key] = entries.count
        entries.append((key: values[index], value: values[index + 1]))
      }
    }
    return .dictionary(entries)
  }

  private func distinct(_ values: [PickleValue]) throws(FileFailure) -> [PickleValue] {
    var keys: Set<PickleKey> = []
    var elements: [PickleValue] = []
    for value in values {
      guard let key = PickleKey(value) else {
        throw .damaged(
          "it contains a set whose elements are not hashable in Python: \(value.shortText)")
      }
      if keys.insert(key).inserted { elements.append(value) }
    }
    return elements
  }

  /// A storage outside of a tensor, with its elements as a vector.
  private func opaque(_ storage: StorageReference) throws(FileFailure) -> OpaqueValue {
    let dtype = storage.element.dtype ?? .uint8
    let count = storage.element.dtype == nil ? storage.count * storage.element.byteCount : nil
    let vector = try StorageMemory.tensor(
      in: storage, as: dtype, offset: 0, shape: [count ?? storage.count], strides: [1])
    return OpaqueValue(.storage(storage.storageClass), [.tensor(vector)])
  }

  private func check(depth: Int) throws(FileFailure) {
    guard depth <= PickleLimits.depth else {
      throw .unsupported("its values are nested more than \(PickleLimits.depth) levels deep")
    }
  }

  // MARK: The path

  private func step(to index: Int, of container: PickleGraph.Container) -> Step {
    switch container.kind {
    case .list, .tuple: .index(index)
    case .dictionary: .key(container.items[index / 2 * 2])
    case .call: .argument
    }
  }

  /// The keys and indices of the current item, as Python subscripts: `['model'][0]`.
  ///
  /// A long path is shortened to its last eight steps.
  private var pathText: String {
    let shown = path.suffix(8)
    let steps = shown.map { step in
      switch step {
      case .index(let index): "[\(index)]"
      case .argument: ""
      case .key(.string(let key)): "[\(key.quotedForMessage)]"
      case .key(.int(let key)): "[\(key)]"
      case .key: "[…]"
      }
    }
    return (shown.count < path.count ? "…" : "") + steps.joined()
  }
}

extension PickleGraph.Container.Kind {
  fileprivate var pythonName: String {
    switch self {
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .call(let global): global.name
    }
  }
}
