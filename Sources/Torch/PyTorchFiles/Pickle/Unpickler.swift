/// Executes a pickle as strictly as `torch.load(weights_only=True)`.
///
/// Its instructions can create only plain values and tensors. No Python function that a pickle
/// refers to is ever called.
struct Unpickler {
  typealias Item = PickleGraph.Item

  private var cursor: ByteCursor
  private let storages: StorageReader
  private var graph = PickleGraph()
  private var stack: [Item] = []
  private var marks: [Int] = []
  private var memo: [UInt32: Item] = [:]

  init(_ bytes: [UInt8], storages: StorageReader) {
    cursor = ByteCursor(bytes)
    self.storages = storages
  }

  /// Executes the pickle and returns its value.
  mutating func value() throws(FileFailure) -> PickleValue {
    var steps = 0
    while true {
      steps += 1
      guard steps <= PickleLimits.values else {
        throw .unsupported(
          "its pickle has more than \(PickleLimits.values) instructions; save large data as tensors"
        )
      }
      let byte: UInt8 = try cursor.integer()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw .unsupported(
          "its pickle has the instruction 0x\(String(byte, radix: 16)), which torch.save does not "
            + "write for tensors and plain values")
      }
      if opcode == .stop { break }
      try run(opcode)
    }
    guard stack.count == 1, marks.isEmpty, cursor.remaining == 0 else {
      throw .damaged("its pickle does not end with exactly one value")
    }
    return try graph.value(of: stack[0])
  }

  private mutating func run(_ opcode: PickleOpcode) throws(FileFailure) {
    switch opcode {
    case .proto:
      let version: UInt8 = try cursor.integer()
      guard version == 2 else {
        throw .unsupported(
          "it uses pickle protocol \(version); save it with torch.save's default protocol, 2")
      }
    case .stop: break
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .int32: stack.append(.int(Int(try cursor.integer(Int32.self))))
    case .uint8: stack.append(.int(Int(try cursor.integer(UInt8.self))))
    case .uint16: stack.append(.int(Int(try cursor.integer(UInt16.self))))
    case .long1: stack.append(.int(try longInteger()))
    case .float:
      let bits: UInt64 = try cursor.integer()
      stack.append(.float(Double(bitPattern: bits.byteSwapped)))
    case .unicode: stack.append(.string(try text()))
    case .emptyList: stack.append(graph.add(.list))
    case .emptyDictionary: stack.append(graph.add(.dictionary))
    case .emptyTuple: stack.append(graph.add(.tuple))
    case .tuple1: try pushTuple(of: 1)
    case .tuple2: try pushTuple(of: 2)
    case .tuple3: try pushTuple(of: 3)
    case .tuple: stack.append(graph.add(.tuple, try popToMark()))
    case .append: try graph.append(pop(1), to: top(), .list)
    case .appends: try graph.append(popToMark(), to: top(), .list)
    case .setItem: try graph.append(pop(2), to: top(), .dictionary)
    case .setItems: try graph.append(popToMark(), to: top(), .dictionary)
    case .mark: marks.append(stack.count)
    case .global: stack.append(.global(try global()))
    case .reduce: try reduce()
    case .build: try build()
    case .persistentID: try loadStorage()
    case .get: try pushStored(UInt32(cursor.integer(UInt8.self)))
    case .longGet: try pushStored(cursor.integer())
    case .put: memo[UInt32(try cursor.integer(UInt8.self))] = try top()
    case .longPut: memo[try cursor.integer()] = try top()
    }
  }

  // MARK: The stack

  /// The top of the stack.
  ///
  /// Values below the last mark are not accessible.
  private func top() throws(FileFailure) -> Item {
    guard stack.count > marks.last ?? 0, let item = stack.last else { throw Unpickler.underflow }
    return item
  }

  private mutating func pop(_ count: Int) throws(FileFailure) -> [Item] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Unpickler.underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(FileFailure) -> [Item] {
    guard let mark = marks.popLast() else { throw Unpickler.underflow }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func pushTuple(of count: Int) throws(FileFailure) {
    stack.append(graph.add(.tuple, try pop(count)))
  }

  private mutating func pushStored(_ index: UInt32) throws(FileFailure) {
    guard let item = memo[index] else {
      throw .damaged("its pickle refers to the value \(index), which it has not stored")
    }
    stack.append(item)
  }

  private static let underflow = FileFailure.damaged(
    "its pickle takes a value from an empty stack")

  // MARK: Values

  private mutating func longInteger() throws(FileFailure) -> Int {
    let bytes = try cursor.bytes(Int(cursor.integer(UInt8.self)))
    let isNegative = (bytes.last ?? 0) >= 0x80
    guard bytes.dropFirst(8).allSatisfy({ $0 == (isNegative ? 0xFF : 0) }) else {
      throw .unsupported("it contains an integer that does not fit in 64 bits")
    }
    let number = bytes.prefix(8).reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    guard (number < 0) == isNegative else {
      throw .unsupported("it contains an integer that does not fit in 64 bits")
    }
    return number
  }

  private mutating func text() throws(FileFailure) -> String {
    let bytes = try cursor.bytes(Int(cursor.integer(UInt32.self)))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .damaged("it contains a string that is not valid UTF-8")
    }
    return text
  }

  private mutating func global() throws(FileFailure) -> PickleGlobal {
    let newline = UInt8(ascii: "\n")
    let module = String(decoding: try cursor.bytes(until: newline), as: UTF8.self)
    let name = String(decoding: try cursor.bytes(until: newline), as: UTF8.self)
    if let global = PickleGlobal(module: module, name: name) { return global }
    let qualified = "\(module).\(name)"
    if qualified == "torch._utils._rebuild_tensor_v3" || qualified.hasPrefix("torch.Complex") {
      throw .unsupported(
        "it contains a tensor of an unsupported element type; the supported types are "
          + DType.allCases.map { "\($0)" }.joined(separator: ", "))
    }
    throw .unsupported(
      "it requests \(qualified.quotedForMessage), which a file of tensors and plain values does "
        + "not need; no code of the file was executed. If you trust its source, load it in Python "
        + "and save its tensors, numbers and strings in dictionaries and lists")
  }

  // MARK: Calls

  /// Executes one of the supported calls.
  ///
  /// Each is a case here, not a function that a file could choose.
  private mutating func reduce() throws(FileFailure) {
    let call = try pop(2)
    guard case .global(let function) = call[0] else {
      throw .damaged("its pickle calls a value that is not a function")
    }
    let arguments = try graph.tuple(call[1])
    switch (function, arguments.count) {
    case (.orderedDict, 0), (.counter, 0): stack.append(graph.add(.dictionary))
    case (.counter, 1):
      let counts = graph.add(.dictionary)
      try graph.append(graph.dictionary(arguments[0]), to: counts, .dictionary)
      stack.append(counts)
    case (.size, 1): stack.append(graph.add(.tuple, try graph.tuple(arguments[0])))
    case (.rebuildTensor, 4): stack.append(try tensor(arguments))
    case (.rebuildTensorV2, 6): stack.append(try tensor(arguments))
    case (.rebuildTensorV2, 7) where (try? graph.dictionary(arguments[6]).isEmpty) == true:
      stack.append(try tensor(arguments))
    case (.rebuildParameter, 3):
      guard case .tensor(let tensor) = arguments[0] else {
        throw .damaged("its pickle creates a parameter from a value that is not a tensor")
      }
      try setRequiresGrad(of: tensor, to: arguments[1])
      stack.append(.tensor(tensor))
    default:
      throw .unsupported(
        "it calls \(function.names.module).\(function.names.name) with arguments that torch.save "
          + "does not write for tensors and plain values")
    }
  }

  /// Creates a tensor from its storage, offset, shape and strides.
  ///
  /// The newer form also has `requiresGrad`, and hooks, which must be empty.
  private func tensor(_ arguments: [Item]) throws(FileFailure) -> Item {
    guard case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1] else {
      throw .damaged("its pickle creates a tensor without a storage")
    }
    let tensor = try storages.tensor(
      in: storage, offset: offset, shape: try integers(arguments[2]),
      strides: try integers(arguments[3]))
    if arguments.count > 4 { try setRequiresGrad(of: tensor, to: arguments[4]) }
    return .tensor(tensor)
  }

  private func integers(_ item: Item) throws(FileFailure) -> [Int] {
    var integers: [Int] = []
    for element in try graph.tuple(item) {
      guard case .int(let integer) = element else {
        throw .damaged("its pickle creates a tensor whose shape or strides are not integers")
      }
      integers.append(integer)
    }
    return integers
  }

  private func setRequiresGrad(of tensor: Tensor, to item: Item) throws(FileFailure) {
    guard case .bool(let requiresGrad) = item,
      tensor.dtype.isFloatingPoint || !requiresGrad
    else { throw .damaged("its pickle creates an integer tensor that requires a gradient") }
    tensor.requiresGrad = requiresGrad
  }

  /// Ignores attributes of a dictionary, such as the module versions of a state dictionary.
  private mutating func build() throws(FileFailure) {
    _ = try pop(1)
    guard graph.isDictionary(try top()) else {
      throw .unsupported("its pickle sets attributes of a value that is not a dictionary")
    }
  }

  private mutating func loadStorage() throws(FileFailure) {
    let identifier = try graph.tuple(try pop(1)[0])
    guard identifier.count == 5, case .string("storage") = identifier[0],
      case .global(.storage(let dtype)) = identifier[1], case .string(let key) = identifier[2],
      case .string = identifier[3], case .int(let count) = identifier[4]
    else {
      throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
    }
    stack.append(.storage(StorageReference(key: key, dtype: dtype, count: count)))
  }
}
