/// The instructions of pickle protocol 2 that Python's pickler writes for tensors and plain values.
///
/// `torch.load(weights_only=True)` accepts all of them.
enum PickleOpcode: UInt8 {
  case proto = 0x80
  case stop = 0x2E  // .
  case mark = 0x28  // (
  case none = 0x4E  // N
  case newTrue = 0x88
  case newFalse = 0x89
  case int32 = 0x4A  // J
  case uint8 = 0x4B  // K
  case uint16 = 0x4D  // M
  case long1 = 0x8A
  case float = 0x47  // G, big-endian
  case unicode = 0x58  // X
  case emptyList = 0x5D  // ]
  case append = 0x61  // a
  case appends = 0x65  // e
  case emptyTuple = 0x29  // )
  case tuple = 0x74  // t
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyDictionary = 0x7D  // }
  case setItem = 0x73  // s
  case setItems = 0x75  // u
  case global = 0x63  // c
  case reduce = 0x52  // R
  case build = 0x62  // b
  case persistentID = 0x51  // Q
  case get = 0x68  // h
  case longGet = 0x6A  // j
  case put = 0x71  // q
  case longPut = 0x72  // r
}

/// Limits that exceed the needs of real files, but prevent exhaustion of memory or the stack.
enum PickleLimits {
  /// The maximum depth of nested containers.
  static let depth = 500
  /// The maximum number of instructions of a pickle, and of values in its result.
  ///
  /// A value that the result refers to twice counts twice.
  static let values = 10_000_000
}

/// The Python functions and classes that a pickle may refer to.
enum PickleGlobal: Hashable {
  case rebuildTensor
  case rebuildTensorV2
  case rebuildParameter
  case orderedDict
  case counter
  case size
  case storage(DType)

  /// Finds a function or class by its Python name.
  ///
  /// - Returns: `nil` if a pickle may not refer to it.
  init?(module: String, name: String) {
    guard let known = PickleGlobal.byName[[module, name]] else { return nil }
    self = known
  }

  /// The Python module and name.
  var names: (module: String, name: String) {
    switch self {
    case .rebuildTensor: ("torch._utils", "_rebuild_tensor")
    case .rebuildTensorV2: ("torch._utils", "_rebuild_tensor_v2")
    case .rebuildParameter: ("torch._utils", "_rebuild_parameter")
    case .orderedDict: ("collections", "OrderedDict")
    case .counter: ("collections", "Counter")
    case .size: ("torch", "Size")
    case .storage(let dtype): ("torch", PickleGlobal.storageName(of: dtype))
    }
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: ([
      .rebuildTensor, .rebuildTensorV2, .rebuildParameter, .orderedDict, .counter, .size,
    ] + DType.allCases.map { .storage($0) }).map { (global: PickleGlobal) in
      ([global.names.module, global.names.name], global)
    })

  /// The name of the storage class of an element type.
  private static func storageName(of dtype: DType) -> String {
    switch dtype {
    case .uint8: "ByteStorage"
    case .int8: "CharStorage"
    case .int16: "ShortStorage"
    case .int32: "IntStorage"
    case .int64: "LongStorage"
    case .float16: "HalfStorage"
    case .float32: "FloatStorage"
    case .float64: "DoubleStorage"
    case .bool: "BoolStorage"
    case .bfloat16: "BFloat16Storage"
    }
  }
}
