/// An element type that a PyTorch file may name, including those that Lockstep has no tensors of.
struct PickleElement: Hashable {
  /// PyTorch's name, without the module: `float32`.
  let name: String
  /// The size of an element in bytes; 1 for types of less than 8 bits.
  let byteCount: Int
  /// The number of bytes that are reversed together to change the byte order: an element, or half
  /// of a complex element.
  let swapByteCount: Int
  /// Lockstep's type; `nil` if there is none.
  let dtype: DType?

  private init(_ name: String, _ byteCount: Int) {
    self.name = name
    self.byteCount = byteCount
    swapByteCount = byteCount
    dtype = nil
  }

  private init(_ dtype: DType) {
    name = dtype.pythonName
    byteCount = dtype.byteCount
    swapByteCount = dtype.isComplex ? dtype.byteCount / 2 : dtype.byteCount
    self.dtype = dtype
  }

  static let uint8 = PickleElement(DType.uint8)

  /// All types, by name.
  static let all: [String: PickleElement] = {
    let subByte = (1...7).flatMap { ["uint\($0)", "int\($0)"] }
    let bytes = [
      "qint8", "quint8", "quint4x2", "quint2x4", "bits1x8", "bits2x4", "bits4x2", "bits8",
      "float4_e2m1fn_x2",
    ]
    let others =
      (subByte + bytes).map { PickleElement($0, 1) }
      + [PickleElement("qint32", 4), PickleElement("bits16", 2)]
    return Dictionary(
      uniqueKeysWithValues: (DType.allCases.map { PickleElement($0) } + others).map {
        ($0.name, $0)
      }
    )
  }()

  /// The classes of typed storages, without their module, with the name of the element type.
  static let storageClasses = [
    "ByteStorage": "uint8", "CharStorage": "int8", "ShortStorage": "int16", "IntStorage": "int32",
    "LongStorage": "int64", "HalfStorage": "float16", "FloatStorage": "float32",
    "DoubleStorage": "float64", "BoolStorage": "bool", "BFloat16Storage": "bfloat16",
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
    "QInt8Storage": "qint8", "QUInt8Storage": "quint8", "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2", "QUInt2x4Storage": "quint2x4",
  ]
}
