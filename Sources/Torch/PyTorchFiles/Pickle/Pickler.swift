internal import CTorch

/// Converts values to a pickle of protocol 2, and collects the storages of its tensors.
struct Pickler {
  /// The pickle.
  private(set) var bytes: [UInt8] = []

  /// The storages of the tensors, each as a vector.
  ///
  /// The index of a storage is its name in the file.
  private(set) var storages: [Tensor] = []

  private var storageNames: [UnsafeRawPointer: Int] = [:]
  /// The types that the file declares for the elements of the storages.
  private var elements: [PickleElement] = []
  private var memo: [MemoKey: UInt32] = [:]
  private var valueCount = 0
  private var tensors: [Tensor] = []

  /// A value that is pickled once; further occurrences refer to the first.
  private enum MemoKey: Hashable {
    case string(String)
    case global(PickleGlobal)
    case tensor(OpaquePointer)
  }

  /// Pickles the value of a file.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the format cannot represent the value.
  mutating func pickle(_ value: PickleValue) throws(TorchError) {
    emit(.proto)
    bytes.append(2)
    try emit(value, depth: 0)
    emit(.stop)
  }

  private mutating func emit(_ value: PickleValue, depth: Int) throws(TorchError) {
    valueCount += 1
    guard depth <= PickleLimits.depth, valueCount <= PickleLimits.values else {
      throw TorchError(
        .invalidArgument,
        "a PyTorch file can contain at most \(PickleLimits.values) values, nested at most "
          + "\(PickleLimits.depth) levels deep; save large data as tensors")
    }
    switch value {
    case .none: emit(.none)
    case .bool(let value): emit(value ? .newTrue : .newFalse)
    case .int(let value): emit(value)
    case .float(let value):
      emit(.float)
      emitBigEndian(value.bitPattern)
    case .string(let value): try emit(value)
    case .tensor(let tensor): try emit(tensor)
    case .list(let elements):
      emit(.emptyList)
      guard !elements.isEmpty else { return }
      emit(.mark)
      for element in elements { try emit(element, depth: depth + 1) }
      emit(.appends)
    case .tuple(let elements): try emitTuple(elements, depth: depth)
    case .dictionary(let entries): try emit(entries, depth: depth)
    case .opaque(let value): try emit(value, depth: depth)
    }
  }

  private mutating func emit(_ value: OpaqueValue, depth: Int) throws(TorchError) {
    switch value.form {
    case .global(let global): emit(global)
    case .integer(let integer):
      emit(.long1)
      bytes.append(UInt8(integer.count))  // At most 255; see Unpickler.
      bytes.append(contentsOf: integer)
    case .text(let text):
      emit(.unicode)
      emitLittleEndian(UInt32(text.count))
      bytes.append(contentsOf: text)
    case .storage(let storageClass):
      guard case .tensor(let tensor) = value.arguments.first else { return }
      try emitStorage(of: tensor, storageClass)
    case .call(let global):
      emit(global)
      // A set is created from a list of its elements.
      let arguments = global == .type(.set) ? [.list(value.arguments)] : value.arguments
      try emitTuple(arguments, depth: depth + 1)
      emit(.reduce)
    case .cycle:
      throw TorchError(
        .invalidArgument,
        "a container that contains itself cannot be written; replace the value \(value)")
    }
  }

  private mutating func emit(
    _ entries: [(key: PickleValue, value: PickleValue)], depth: Int
  ) throws(TorchError) {
    emit(.emptyDictionary)
    guard !entries.isEmpty else { return }
    emit(.mark)
    var keys = Set<PickleKey>()
    for (key, value) in entries {
      guard let identity = PickleKey(key) else {
        throw TorchError(
          .invalidArgument,
          "a dictionary in a PyTorch file cannot have the key \(key.shortText); use strings, "
            + "numbers, Booleans or None as keys")
      }
      guard keys.insert(identity).inserted else {
        throw TorchError(
          .invalidArgument, "a dictionary contains the key \(key.shortText) twice")
      }
      try emit(key, depth: depth + 1)
      try emit(value, depth: depth + 1)
    }
    emit(.setItems)
  }

  private mutating func emitTuple(_ elements: [PickleValue], depth: Int) throws(TorchError) {
    let short: [PickleOpcode] = [.emptyTuple, .tuple1, .tuple2, .tuple3]
    let isShort = elements.count < short.count
    if !isShort { emit(.mark) }
    for element in elements { try emit(element, depth: depth + 1) }
    emit(isShort ? short[elements.count] : .tuple)
  }

  private mutating func emitTuple(_ integers: [Int]) {
    emit(.mark)
    for integer in integers { emit(integer) }
    emit(.tuple)
  }

  private mutating func emit(_ integer: Int) {
    if let small = UInt8(exactly: integer) {
      emit(.uint8)
      bytes.append(small)
    } else if let medium = Int32(exactly: integer) {
      emit(.int32)
      emitLittleEndian(medium)
    } else {
      emit(.long1)
      bytes.append(8)
      emitLittleEndian(Int64(integer))
    }
  }

  private mutating func emit(_ text: String) throws(TorchError) {
    guard !emitReference(to: .string(text)) else { return }
    guard let count = UInt32(exactly: text.utf8.count) else {
      throw TorchError(.invalidArgument, "a string in a PyTorch file must be shorter than 4 GiB")
    }
    emit(.unicode)
    emitLittleEndian(count)
    bytes.append(contentsOf: text.utf8)
    remember(.string(text))
  }

  private mutating func emit(_ global: PickleGlobal) {
    guard !emitReference(to: .global(global)) else { return }
    emit(.global)
    bytes.append(contentsOf: "\(global.names.module)\n\(global.names.name)\n".utf8)
    remember(.global(global))
  }

  // MARK: Tensors

  private mutating func emit(_ tensor: Tensor) throws(TorchError) {
    let tensor = tensor.materialized()
    guard let handle = tensor.handle else {
      throw TorchError(.invalidArgument, "an undefined tensor cannot be saved")
    }
    guard !emitReference(to: .tensor(handle)) else { return }
    guard let dtype = DType(rawValue: ct_tensor_dtype(handle)) else {
      throw TorchError(
        .invalidArgument,
        "tensors of libtorch's element type \(ct_tensor_dtype(handle)) cannot be saved")
    }
    // If PyTorch has no storage class for a type, the storage holds bytes and the tensor names the
    // type.
    let storageClass = PickleGlobal.storageClass(of: dtype)
    // PyTorch cannot read such a tensor if it requires a gradient, unless it is a parameter.
    let isParameter = storageClass == nil && tensor.requiresGrad
    if isParameter { emit(.function(.rebuildParameter)) }
    emit(.function(storageClass == nil ? .rebuildTensorV3 : .rebuildTensorV2))
    emit(.mark)
    let offset = try emitStorage(of: tensor, storageClass ?? .type(.untypedStorage))
    emit(offset)
    emitTuple(tensor.shape)
    emitTuple(tensor.strides)
    emit(tensor.requiresGrad && !isParameter ? .newTrue : .newFalse)
    emitHooks()
    if storageClass == nil, let element = PickleElement.all[dtype.pythonName] {
      emit(.dtype(element))
    }
    emit(.tuple)
    emit(.reduce)
    if isParameter {
      emit(.newTrue)
      emitHooks()
      emit(.tuple3)
      emit(.reduce)
    }
    remember(.tensor(handle))
    tensors.append(tensor)  // Retained so that its address, the key in `memo`, is not reused.
  }

  /// Writes the hooks of a tensor, which are never saved.
  private mutating func emitHooks() {
    emit(.type(.orderedDict))
    emit(.emptyTuple)
    emit(.reduce)
  }

  /// Writes a reference to the storage of a tensor.
  ///
  /// - Returns: The position of the first element of the tensor in the storage.
  @discardableResult
  private mutating func emitStorage(of tensor: Tensor, _ storageClass: PickleGlobal)
    throws(TorchError) -> Int
  {
    let dtype = tensor.dtype
    let element =
      if case .storageClass(_, let element) = storageClass { element } else { PickleElement.uint8 }
    var view = ct_storage_view()
    if let error = ct_tensor_storage(tensor.handle, &view) {
      throw TorchError(.invalidArgument, "\(tensor.summary) cannot be saved: \(takeMessage(error))")
    }
    guard let storage = view.storage else { return 0 }
    let count = Int(view.byte_count) / dtype.byteCount
    let index: Int
    if let known = storageNames[storage] {
      guard elements[known] == element else {
        throw TorchError(
          .invalidArgument,
          "a \(dtype) tensor and a \(storages[known].dtype) tensor share memory, which PyTorch's "
            + "format cannot represent; save a copy of one of them")
      }
      index = known
    } else {
      index = storages.count
      storageNames[storage] = index
      elements.append(element)
      storages.append(
        tensor.detach().asStrided([count], [1], storageOffset: 0))
    }
    emit(.mark)
    try emit("storage")
    emit(storageClass)
    try emit("\(index)")
    try emit("cpu")
    emit(count * dtype.byteCount / element.byteCount)
    emit(.tuple)
    emit(.persistentID)
    return Int(view.offset_in_elements)
  }

  // MARK: Bytes

  private mutating func emitReference(to key: MemoKey) -> Bool {
    guard let index = memo[key] else { return false }
    if let small = UInt8(exactly: index) {
      emit(.get)
      bytes.append(small)
    } else {
      emit(.longGet)
      emitLittleEndian(index)
    }
    return true
  }

  private mutating func remember(_ key: MemoKey) {
    let index = UInt32(memo.count)
    memo[key] = index
    if let small = UInt8(exactly: index) {
      emit(.put)
      bytes.append(small)
    } else {
      emit(.longPut)
      emitLittleEndian(index)
    }
  }

  private mutating func emit(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  private mutating func emitLittleEndian(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func emitBigEndian(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
