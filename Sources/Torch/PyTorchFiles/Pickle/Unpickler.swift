/// Executes a pickle as strictly as `torch.load(weights_only=True)`.
///
/// Its instructions can create only plain values, tensors and opaque values. No Python function
/// that a pickle refers to is ever called.
struct Unpickler {
  typealias Item = PickleGraph.Item

  /// The position after the pickle, once it has been executed.
  private(set) var cursor: ByteCursor
  let source: any StorageSource
  var graph = PickleGraph()
  private var stack: [Item] = []
  private var marks: [Int] = []
  private var memo: [UInt32: Item] = [:]
  /// The protocol that the pickle declares.
  private var version: UInt8?
  /// The first value that the file must not contain.
  private var firstRefusal: FileFailure?

  init(_ cursor: ByteCursor, source: any StorageSource) {
    self.cursor = cursor
    self.source = source
  }

  /// Executes the pickle and returns what remains on its stack.
  mutating func run() throws(FileFailure) -> Item {
    do throws(FileFailure) {
      try execute()
      guard stack.count == 1, marks.isEmpty else {
        throw .damaged("its pickle does not end with exactly one value")
      }
      return stack[0]
    } catch {
      // A refused value may have caused this error, so report the refusal.
      throw firstRefusal ?? error
    }
  }

  /// Converts an item to a value, once the storages have their elements.
  func value(of item: Item) throws(FileFailure) -> PickleValue {
    var converter = PickleConverter(graph)
    let value = try converter.value(of: item)
    if let firstRefusal { throw firstRefusal }
    return value
  }

  private mutating func execute() throws(FileFailure) {
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
        throw PickleOpcode.failure(byte, protocol: version)
      }
      if opcode == .stop { return }
      try run(opcode)
    }
  }

  private mutating func run(_ opcode: PickleOpcode) throws(FileFailure) {
    switch opcode {
    case .proto: version = try cursor.integer(UInt8.self)
    case .stop: break
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .int32: stack.append(.int(Int(try cursor.integer(Int32.self))))
    case .uint8: stack.append(.int(Int(try cursor.integer(UInt8.self))))
    case .uint16: stack.append(.int(Int(try cursor.integer(UInt16.self))))
    case .long1: stack.append(try longInteger())
    case .float:
      let bits: UInt64 = try cursor.integer()
      stack.append(.float(Double(bitPattern: bits.byteSwapped)))
    case .unicode: stack.append(text(try cursor.bytes(Int(cursor.integer(UInt32.self)))))
    case .shortString: stack.append(try shortString())
    case .emptyList: stack.append(graph.add(.list))
    case .emptyDictionary: stack.append(graph.add(.dictionary(.plain)))
    case .emptyTuple: stack.append(graph.add(.tuple))
    case .emptySet: stack.append(graph.add(.call(.type(.set))))
    case .tuple1: try pushTuple(of: 1)
    case .tuple2: try pushTuple(of: 2)
    case .tuple3: try pushTuple(of: 3)
    case .tuple: stack.append(graph.add(.tuple, try popToMark()))
    case .append: try graph.append(pop(1), toList: top())
    case .appends: try graph.append(popToMark(), toList: top())
    case .setItem: try graph.append(pop(2), toDictionary: top())
    case .setItems: try graph.append(popToMark(), toDictionary: top())
    case .mark: marks.append(stack.count)
    case .global: push(try global())
    case .reduce, .newObject:
      let call = try pop(2)
      push(try result(of: call[0], call[1], isNewObject: opcode == .newObject))
    case .build:
      let state = try pop(1)[0]
      try build(try top(), state)
    case .persistentID: push(try stored(try pop(1)[0]))
    case .get: try pushStored(UInt32(cursor.integer(UInt8.self)))
    case .longGet: try pushStored(cursor.integer())
    case .put: memo[UInt32(try cursor.integer(UInt8.self))] = try top()
    case .longPut: memo[try cursor.integer()] = try top()
    }
  }

  // MARK: The stack

  private mutating func push(_ item: Item) {
    if case .refused(let failure) = item, firstRefusal == nil { firstRefusal = failure }
    stack.append(item)
  }

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

  private mutating func longInteger() throws(FileFailure) -> Item {
    let bytes = try cursor.bytes(Int(cursor.integer(UInt8.self)))
    let isNegative = (bytes.last ?? 0) >= 0x80
    let number = bytes.prefix(8).reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    let isSmall =
      bytes.dropFirst(8).allSatisfy { $0 == (isNegative ? 0xFF : 0) }
      && (number < 0) == isNegative
    return isSmall ? .int(number) : .largeInteger(Array(bytes))
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> Item {
    if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
    guard Unpickler.isTextWithSurrogates(bytes) else {
      return .refused(.damaged("it contains a string that is not valid UTF-8"))
    }
    return .invalidText(Array(bytes))
  }

  /// A string of Python 2.
  private mutating func shortString() throws(FileFailure) -> Item {
    let bytes = try cursor.bytes(Int(cursor.integer(UInt8.self)))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .refused(
        .unsupported(
          "it contains a string of Python 2 that is not valid UTF-8; load it in Python with "
            + "encoding='latin1' and save it again"))
    }
    return .string(text)
  }

  /// Whether bytes are UTF-8 in which surrogates are encoded like other characters.
  private static func isTextWithSurrogates(_ bytes: ArraySlice<UInt8>) -> Bool {
    var valid: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let isSurrogate =
        index + 2 < bytes.endIndex && bytes[index] == 0xED
        && (0xA0...0xBF).contains(bytes[index + 1]) && (0x80...0xBF).contains(bytes[index + 2])
      if isSurrogate {
        index += 3
      } else {
        valid.append(bytes[index])
        index += 1
      }
    }
    return String(validating: valid, as: UTF8.self) != nil
  }

  private mutating func global() throws(FileFailure) -> Item {
    let newline = UInt8(ascii: "\n")
    let module = String(decoding: try cursor.bytes(until: newline), as: UTF8.self)
    let name = String(decoding: try cursor.bytes(until: newline), as: UTF8.self)
    if let global = PickleGlobal(module: module, name: name) { return .global(global) }
    return .refused(PickleGlobal.refusal(of: "\(module).\(name)"))
  }
}
