// Implements the functions that a pickle may call. A file cannot call any other function.
extension Unpickler {
  private typealias Kind = PickleGraph.Container.Kind

  /// Executes one of the supported calls.
  ///
  /// - Returns: The result, or a refused item. Execution continues after a refused item, so that
  ///   the error can name the keys that lead to it.
  mutating func result(of function: Item, _ arguments: Item, isNewObject: Bool)
    throws(FileFailure) -> Item
  {
    if case .refused = function { return function }
    guard case .global(let global) = function else {
      throw .damaged("its pickle calls a value that is not a function")
    }
    guard let arguments = graph.elements(arguments) else {
      return .refused(
        .damaged("its pickle calls \(global.name) without a tuple of arguments"))
    }
    for argument in arguments { if case .refused = argument { return argument } }
    do throws(FileFailure) {
      return try isNewObject ? newObject(global, arguments) : call(global, arguments)
    } catch {
      return .refused(error)
    }
  }

  private static func invalidCall(_ global: PickleGlobal) -> FileFailure {
    .unsupported(
      "it calls \(global.name) with arguments that torch.save does not write for tensors and plain "
        + "values")
  }

  /// Creates an object without a call of its initializer, which adds the elements of a container.
  private mutating func newObject(_ global: PickleGlobal, _ arguments: [Item])
    throws(FileFailure) -> Item
  {
    switch global {
    case .type(.orderedDict): graph.add(.dictionary(.ordered))
    case .type(.counter): graph.add(.dictionary(.counter))
    case .type(.set), .type(.bytearray): graph.add(.call(global))
    case .type, .tensorClass, .sparseTensorClass, .other: try call(global, arguments)
    default: throw Unpickler.invalidCall(global)
    }
  }

  private mutating func call(_ global: PickleGlobal, _ arguments: [Item])
    throws(FileFailure) -> Item
  {
    switch global {
    case .function(let function): return try call(function, arguments)
    case .type(let type): return try call(type, arguments)
    case .tensorClass(let name):
      guard arguments.isEmpty else { throw Unpickler.invalidCall(global) }
      let element = PickleElement.storageClasses[
        name.split(separator: ".").last.map { $0.dropLast(6) + "Storage" } ?? ""]
      let dtype = element.flatMap { PickleElement.all[$0]?.dtype } ?? .float32
      return .tensor(PickledTensor(Tensor.zeros([0], dtype: dtype)))
    case .sparseTensorClass:
      guard arguments.isEmpty || (2...3).contains(arguments.count) else {
        throw Unpickler.invalidCall(global)
      }
      return graph.add(.call(global), arguments)
    case .other(let name): throw PickleGlobal.refusal(of: name)
    case .storageClass, .dtype, .quantizationScheme: throw Unpickler.invalidCall(global)
    }
  }

  private mutating func call(_ type: PickleGlobal.Class, _ arguments: [Item])
    throws(FileFailure) -> Item
  {
    let global = PickleGlobal.type(type)
    switch (type, arguments.count) {
    case (.orderedDict, 0): return graph.add(.dictionary(.ordered))
    case (.counter, 0): return graph.add(.dictionary(.counter))
    case (.counter, 1):
      guard let counts = graph.dictionary(arguments[0]) else { break }
      return graph.add(.dictionary(.counter), counts)
    case (.orderedDict, 1): return graph.add(.dictionary(.ordered), try entries(arguments[0]))
    case (.set, 0): return graph.add(.call(global))
    case (.set, 1):
      guard let elements = graph.elements(arguments[0]) else { break }
      return graph.add(.call(global), elements)
    case (.complex, 0...2):
      guard arguments.allSatisfy(\.isNumber) else { break }
      return graph.add(.call(global), arguments)
    case (.bytearray, 0): return graph.add(.call(global))
    case (.bytearray, 1...2):
      guard try isBytes(arguments) else { break }
      return graph.add(.call(global), arguments)
    case (.size, 0): return graph.add(.tuple)
    case (.size, 1):
      guard let sizes = graph.elements(arguments[0]), sizes.allSatisfy(\.isInteger) else { break }
      return graph.add(.tuple, sizes)
    case (.device, 1...2):
      guard isDevice(arguments) else { break }
      return graph.add(.call(global), arguments)
    case (.tensor, 0): return .tensor(PickledTensor(Tensor.zeros([0])))
    case (.parameter, 0):
      let parameter = PickledTensor(Tensor.zeros([0]))
      parameter.requiresGrad = true
      return .tensor(parameter)
    case (.parameter, 1): return try parameter(arguments[0], .bool(true))
    case (.parameter, 2): return try parameter(arguments[0], arguments[1])
    default: break
    }
    throw Unpickler.invalidCall(global)
  }

  private mutating func call(_ function: PickleGlobal.Function, _ arguments: [Item])
    throws(FileFailure) -> Item
  {
    let global = PickleGlobal.function(function)
    switch (function, arguments.count) {
    case (.rebuildTensor, 4), (.rebuildTensorV2, 6), (.rebuildTensorV2, 7):
      return try tensor(
        arguments, metadata: arguments.count > 6 ? arguments[6] : .none, element: nil, global)
    case (.rebuildTensorV3, 7), (.rebuildTensorV3, 8):
      guard case .global(.dtype(let element)) = arguments[6] else { break }
      return try tensor(
        arguments, metadata: arguments.count > 7 ? arguments[7] : .none, element: element, global)
    case (.rebuildParameter, 3), (.rebuildParameterWithState, 4):
      return try parameter(arguments[0], arguments[1])
    case (.rebuildFromType, 4):
      // The other arguments are the Python class and the attributes of the tensor.
      guard case .global(let inner) = arguments[0], let values = graph.elements(arguments[2])
      else { break }
      return try call(inner, values)
    case (.rebuildDeviceTensorFromCPU, 4): return try copy(arguments)
    case (.rebuildDeviceTensorFromNumPy, 4):
      // Its first argument is a NumPy array, and functions that create one are not allowed.
      throw PickleGlobal.refusal(of: "numpy.ndarray")
    case (.rebuildQuantizedTensor, 7):
      try checkQuantized(arguments)
      return graph.add(.call(global), arguments)
    case (.rebuildSparseTensor, 2):
      guard case .call(.function(.getLayout)) = graph.container(arguments[0])?.kind,
        let parts = graph.elements(arguments[1]), (3...4).contains(parts.count),
        case .tensor = parts[0], case .tensor = parts[1]
      else { break }
      return graph.add(.call(global), arguments)
    case (.rebuildMetaTensor, 4):
      guard case .global(.dtype) = arguments[0], case .bool = arguments[3] else { break }
      _ = (try integers(arguments[1]), try integers(arguments[2]))
      return graph.add(.call(global), arguments)
    case (.rebuildNestedTensor, 4):
      for argument in arguments {
        guard case .tensor = argument else { throw Unpickler.invalidCall(global) }
      }
      return graph.add(.call(global), arguments)
    case (.rebuildWrapperSubclass, 8):
      throw .unsupported(
        "it contains a tensor of a Python class that wraps other tensors, but the wrapped tensors "
          + "were not saved"
      )
    case (.getLayout, 1):
      guard case .string(let name) = arguments[0], Unpickler.layouts.contains(name) else { break }
      return graph.add(.call(global), arguments)
    case (.encode, 1...2):
      guard try isBytes(arguments) else { break }
      return graph.add(.call(global), arguments)
    default: break
    }
    throw Unpickler.invalidCall(global)
  }

  private static let layouts: Set = [
    "torch.strided", "torch.sparse_coo", "torch.sparse_csr", "torch.sparse_csc",
    "torch.sparse_bsr", "torch.sparse_bsc", "torch._mkldnn", "torch.jagged",
  ]

  /// The types of devices that PyTorch has names for.
  private static let devices: Set = [
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia",
    "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
  ]

  // MARK: Plain values

  /// The keys and values of a list of pairs, as Python 2 wrote an `OrderedDict`.
  private func entries(_ pairs: Item) throws(FileFailure) -> [Item] {
    if let entries = graph.dictionary(pairs) { return entries }
    guard let pairs = graph.elements(pairs) else {
      throw Unpickler.invalidCall(.type(.orderedDict))
    }
    var entries: [Item] = []
    for pair in pairs {
      guard let pair = graph.elements(pair), pair.count == 2 else {
        throw Unpickler.invalidCall(.type(.orderedDict))
      }
      entries += pair
    }
    return entries
  }

  /// Whether arguments are a string and an encoding that can represent it, or bytes.
  private func isBytes(_ arguments: [Item]) throws(FileFailure) -> Bool {
    guard case .string(let text) = arguments[0] else {
      return arguments.count == 1
        && graph.container(arguments[0])?.kind == .call(.function(.encode))
    }
    guard arguments.count == 2 else { return true }
    guard case .string(let encoding) = arguments[1] else { return false }
    if PythonEncoding.isLatin1(encoding) {
      return text.unicodeScalars.allSatisfy { $0.value < 256 }
    }
    return PythonEncoding.isUTF8(encoding)
  }

  private func isDevice(_ arguments: [Item]) -> Bool {
    guard case .string(let text) = arguments[0] else { return false }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let type = parts.first, Unpickler.devices.contains(String(type)), parts.count <= 2 else {
      return false
    }
    if arguments.count == 2 {
      guard parts.count == 1, case .int(let index) = arguments[1] else { return false }
      return (0...127).contains(index)
    }
    return parts.count == 1 || Int(parts[1]).map { (0...127).contains($0) } == true
  }

  // MARK: Tensors

  /// Creates a tensor from its storage, offset, shape and strides.
  ///
  /// Newer formats add `requiresGrad`, hooks and the element type. Hooks are ignored: PyTorch never
  /// saves any.
  private mutating func tensor(
    _ arguments: [Item], metadata: Item, element: PickleElement?, _ global: PickleGlobal
  ) throws(FileFailure) -> Item {
    guard let storage = try storage(arguments[0]), case .int(let offset) = arguments[1] else {
      throw .damaged("its pickle creates a tensor without a storage")
    }
    let shape = try integers(arguments[2])
    let strides = try integers(arguments[3])
    let marks = try marks(metadata, global)
    let element = element ?? storage.element
    guard let dtype = element.dtype else {
      try StorageMemory.check(
        shape, strides, offset: offset,
        capacity: storage.count * storage.element.byteCount / element.byteCount)
      return graph.add(.call(global), arguments)
    }
    let tensor = PickledTensor(
      try StorageMemory.tensor(
        in: storage, as: dtype, offset: offset, shape: shape, strides: strides))
    tensor.isNegative = marks.contains("neg")
    tensor.isConjugate = marks.contains("conj")
    if arguments.count > 4 { try setRequiresGrad(of: tensor, to: arguments[4]) }
    return .tensor(tensor)
  }

  /// The marks that are set in the metadata of a tensor: `neg`, `conj`.
  private func marks(_ metadata: Item, _ global: PickleGlobal) throws(FileFailure) -> Set<String> {
    if case .none = metadata { return [] }
    guard let entries = graph.dictionary(metadata) else { throw Unpickler.invalidCall(global) }
    var marks: Set<String> = []
    for index in stride(from: 0, to: entries.count, by: 2) {
      guard case .string(let name) = entries[index], name == "neg" || name == "conj",
        case .bool(let isSet) = entries[index + 1]
      else { throw Unpickler.invalidCall(global) }
      if isSet { marks.insert(name) }
    }
    return marks
  }

  private mutating func storage(_ item: Item) throws(FileFailure) -> StorageReference? {
    if case .storage(let storage) = item { return storage }
    guard source.acceptsNamesAsStorages, graph.container(item)?.kind == .tuple else { return nil }
    guard case .storage(let storage) = try stored(item) else { return nil }
    return storage
  }

  private func integers(_ item: Item) throws(FileFailure) -> [Int] {
    var integers: [Int] = []
    guard let elements = graph.elements(item) else {
      throw .damaged("its pickle has another value where a tuple is required")
    }
    for element in elements {
      guard case .int(let integer) = element else {
        throw .damaged("its pickle creates a tensor whose shape or strides are not integers")
      }
      integers.append(integer)
    }
    return integers
  }

  private func setRequiresGrad(of tensor: PickledTensor, to item: Item) throws(FileFailure) {
    let dtype = tensor.dtype ?? tensor.tensor.dtype
    guard case .bool(let requiresGrad) = item,
      dtype.isFloatingPoint || dtype.isComplex || !requiresGrad
    else { throw .damaged("its pickle creates an integer tensor that requires a gradient") }
    tensor.requiresGrad = requiresGrad
  }

  /// Creates a parameter, which shares the memory of a tensor.
  private mutating func parameter(_ data: Item, _ requiresGrad: Item) throws(FileFailure) -> Item {
    guard case .tensor(let tensor) = data else {
      // Lockstep has no type for the tensor, so the parameter is an opaque value.
      if graph.container(data)?.kind.isTensor == true {
        return graph.add(
          .call(.function(.rebuildParameter)),
          [data, requiresGrad, graph.add(.dictionary(.ordered))])
      }
      throw .damaged("its pickle creates a parameter from a value that is not a tensor")
    }
    let parameter = PickledTensor(tensor.tensor.detach())
    parameter.isNegative = tensor.isNegative
    parameter.isConjugate = tensor.isConjugate
    try setRequiresGrad(of: parameter, to: requiresGrad)
    return .tensor(parameter)
  }

  /// Creates a CPU tensor from one that was saved on a device without storages.
  private func copy(_ arguments: [Item]) throws(FileFailure) -> Item {
    guard case .tensor(let data) = arguments[0], case .global(.dtype(let element)) = arguments[1],
      let dtype = element.dtype
    else { throw Unpickler.invalidCall(.function(.rebuildDeviceTensorFromCPU)) }
    let copy = PickledTensor(data.tensor.detach())
    copy.dtype = dtype
    copy.isNegative = data.isNegative
    copy.isConjugate = data.isConjugate
    try setRequiresGrad(of: copy, to: arguments[3])
    return .tensor(copy)
  }

  private func checkQuantized(_ arguments: [Item]) throws(FileFailure) {
    guard case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1],
      let parameters = graph.elements(arguments[4]),
      case .global(.quantizationScheme(let scheme)) = parameters.first,
      scheme.contains("affine"), parameters.count == (scheme.contains("per_tensor") ? 3 : 4)
    else { throw Unpickler.invalidCall(.function(.rebuildQuantizedTensor)) }
    try StorageMemory.check(
      try integers(arguments[2]), try integers(arguments[3]), offset: offset,
      capacity: storage.count)
  }

  // MARK: Attributes and storages

  /// Sets the state of a tensor from PyTorch before 0.4, and ignores attributes of others, such as
  /// the module versions of a state dictionary.
  mutating func build(_ target: Item, _ state: Item) throws(FileFailure) {
    switch target {
    case .refused: return
    case .tensor(let tensor): try set(tensor, state)
    default:
      switch graph.container(target)?.kind {
      case .dictionary(.ordered), .dictionary(.counter), .call: return
      default:
        throw .unsupported(
          "its pickle sets attributes of a value that is not a tensor, an OrderedDict or a Counter")
      }
    }
  }

  /// Sets the memory of a tensor, and whether it requires a gradient, from a saved state.
  private mutating func set(_ tensor: PickledTensor, _ state: Item) throws(FileFailure) {
    let state = try graph.tuple(state)
    func invalid() -> FileFailure {
      .damaged("its pickle sets the state of a tensor to a value that PyTorch does not write")
    }
    switch state.count {
    case 3: try setRequiresGrad(of: tensor, to: state[0])
    case 4:
      guard let storage = try storage(state[0]), case .int(let offset) = state[1],
        let dtype = storage.element.dtype
      else { throw invalid() }
      tensor.tensor = try StorageMemory.tensor(
        in: storage, as: dtype, offset: offset, shape: try integers(state[2]),
        strides: try integers(state[3]))
    case 5:
      guard case .tensor(let data) = state[0] else { throw invalid() }
      tensor.tensor = data.tensor.detach()
      tensor.isNegative = data.isNegative
      tensor.isConjugate = data.isConjugate
      try setRequiresGrad(of: tensor, to: state[3])
    default: throw invalid()
    }
  }

  /// Returns the item that a persistent ID identifies: a storage or, in a tar archive, a tensor.
  mutating func stored(_ identifier: Item) throws(FileFailure) -> Item {
    switch identifier {
    case .refused: return identifier
    case .int(let number): return try source.value(number)
    case .string(let text):
      if let number = Int(text) { return try source.value(number) }
    default: break
    }
    let parts = try graph.tuple(identifier)
    for part in parts { if case .refused = part { return part } }
    guard parts.count == 5 || parts.count == 6, case .string("storage") = parts[0],
      case .global(let storageClass) = parts[1], case .string = parts[3],
      case .int(let count) = parts[4]
    else {
      throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
    }
    let element: PickleElement
    switch storageClass {
    case .storageClass(_, let type): element = type
    case .type(.untypedStorage): element = .uint8
    default:
      throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
    }
    let name = StorageName(
      storageClass: storageClass, element: element, key: try key(parts[2]), count: count,
      view: parts.count == 6 ? try view(parts[5]) : nil)
    do throws(FileFailure) {
      return .storage(try source.storage(name))
    } catch {
      return .refused(error)
    }
  }

  /// The key of a storage: a string or an integer.
  private func key(_ item: Item) throws(FileFailure) -> String {
    switch item {
    case .string(let key): return key
    case .int(let key): return "\(key)"
    default:
      throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
    }
  }

  private func view(_ item: Item) throws(FileFailure) -> StorageName.View? {
    if case .none = item { return nil }
    let parts = try graph.tuple(item)
    guard parts.count == 3, case .int(let offset) = parts[1], case .int(let count) = parts[2]
    else {
      throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
    }
    return StorageName.View(key: try key(parts[0]), offset: offset, count: count)
  }
}

extension PickleGraph.Item {
  fileprivate var isInteger: Bool { if case .int = self { true } else { false } }

  fileprivate var isNumber: Bool {
    switch self {
    case .int, .float, .bool: true
    default: false
    }
  }
}

extension PickleGraph.Container.Kind {
  /// Whether this is a call that creates a tensor.
  fileprivate var isTensor: Bool {
    switch self {
    case .call(.sparseTensorClass): true
    case .call(.function(let function)): function != .encode && function != .getLayout
    default: false
    }
  }
}
