/// A Python class, function or constant that a pickle may refer to.
///
/// These are the names that `torch.load(weights_only=True)` of PyTorch 2.13 allows
/// (`torch/_weights_only_unpickler.py`). ``Unpickler`` implements the supported functions in Swift,
/// and never executes Python code.
enum PickleGlobal: Hashable {
  /// A function that builds a tensor or another value.
  case function(Function)
  /// A class.
  case type(Class)
  /// A class of dense tensors, such as `torch.FloatTensor`, from PyTorch before 0.4.
  case tensorClass(String)
  /// A class of sparse tensors, such as `torch.sparse.FloatTensor`.
  case sparseTensorClass(String)
  /// A class of typed storages, such as `torch.FloatStorage`.
  case storageClass(String, PickleElement)
  /// An element type.
  case dtype(PickleElement)
  /// A quantization scheme, such as `torch.per_tensor_affine`.
  case quantizationScheme(String)
  /// A class or function that PyTorch's own modules allow when they are imported.
  ///
  /// A call of it fails, because its arguments would require names that are not allowed by default.
  case other(String)

  enum Function: String, CaseIterable {
    case rebuildTensor = "torch._utils._rebuild_tensor"
    case rebuildTensorV2 = "torch._utils._rebuild_tensor_v2"
    case rebuildTensorV3 = "torch._utils._rebuild_tensor_v3"
    case rebuildParameter = "torch._utils._rebuild_parameter"
    case rebuildParameterWithState = "torch._utils._rebuild_parameter_with_state"
    case rebuildQuantizedTensor = "torch._utils._rebuild_qtensor"
    case rebuildSparseTensor = "torch._utils._rebuild_sparse_tensor"
    case rebuildMetaTensor = "torch._utils._rebuild_meta_tensor_no_storage"
    case rebuildNestedTensor = "torch._utils._rebuild_nested_tensor"
    case rebuildWrapperSubclass = "torch._utils._rebuild_wrapper_subclass"
    case rebuildDeviceTensorFromNumPy = "torch._utils._rebuild_device_tensor_from_numpy"
    case rebuildDeviceTensorFromCPU = "torch._utils._rebuild_device_tensor_from_cpu_tensor"
    case rebuildFromType = "torch._tensor._rebuild_from_type_v2"
    case getLayout = "torch.serialization._get_layout"
    /// Builds `bytes` in protocol 2.
    case encode = "_codecs.encode"
  }

  enum Class: String, CaseIterable {
    case orderedDict = "collections.OrderedDict"
    case counter = "collections.Counter"
    case set = "builtins.set"
    case complex = "builtins.complex"
    case bytearray = "builtins.bytearray"
    case size = "torch.Size"
    case device = "torch.device"
    case tensor = "torch.Tensor"
    case parameter = "torch.nn.parameter.Parameter"
    case typedStorage = "torch.storage.TypedStorage"
    case untypedStorage = "torch.storage.UntypedStorage"
  }

  /// Finds a class, function or constant by its Python name.
  ///
  /// - Returns: `nil` if a pickle may not refer to it.
  init?(module: String, name: String) {
    // Python 3 writes the names of Python 2 in protocol 2.
    let module = module == "__builtin__" ? "builtins" : module
    guard let known = PickleGlobal.byName["\(module).\(name)"] else { return nil }
    self = known
  }

  /// The Python name with its module, such as `torch._utils._rebuild_tensor_v2`.
  var name: String {
    switch self {
    case .function(let function): function.rawValue
    case .type(let type): type.rawValue
    case .tensorClass(let name), .sparseTensorClass(let name), .storageClass(let name, _),
      .quantizationScheme(let name), .other(let name):
      name
    case .dtype(let element): "torch.\(element.name)"
    }
  }

  /// The Python module and the name in it.
  var names: (module: String, name: String) {
    let parts = name.split(separator: ".")
    return (parts.dropLast().joined(separator: "."), String(parts.last ?? ""))
  }

  /// The class of typed storages of an element type; `nil` if PyTorch has none.
  static func storageClass(of dtype: DType) -> PickleGlobal? {
    storageClasses[dtype]
  }

  private static let storageClasses: [DType: PickleGlobal] = Dictionary(
    uniqueKeysWithValues: PickleElement.storageClasses.compactMap { name, element in
      guard let element = PickleElement.all[element], let dtype = element.dtype else { return nil }
      return (dtype, .storageClass("torch.\(name)", element))
    })

  private static let byName: [String: PickleGlobal] = {
    var all: [PickleGlobal] = Function.allCases.map { .function($0) }
    all += Class.allCases.map { .type($0) }
    all += PickleElement.all.values.map { .dtype($0) }
    all += [
      "per_tensor_affine", "per_tensor_symmetric", "per_channel_affine", "per_channel_symmetric",
      "per_channel_affine_float_qparams",
    ].map { .quantizationScheme("torch.\($0)") }
    all += [
      "torch.nested._internal.nested_tensor._rebuild_njt",
      "torch.nested._internal.nested_tensor.NestedTensor",
      "torch.distributed._mesh_layout._MeshLayout", "torch.distributed._mesh_layout._FlatLayout",
    ].map { .other($0) }
    for (name, element) in PickleElement.storageClasses {
      guard let element = PickleElement.all[element] else { continue }
      all.append(.storageClass("torch.\(name)", element))
      // PyTorch has no classes of quantized storages on a GPU.
      if element.dtype != nil { all.append(.storageClass("torch.cuda.\(name)", element)) }
    }
    let tensors = [
      "Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double", "BFloat16", "Bool",
    ].map { "\($0)Tensor" }
    for name in tensors {
      all += [.tensorClass("torch.\(name)"), .tensorClass("torch.cuda.\(name)")]
      guard name != "BoolTensor" else { continue }
      all += [
        .sparseTensorClass("torch.sparse.\(name)"), .sparseTensorClass("torch.cuda.sparse.\(name)"),
      ]
    }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }()
}
