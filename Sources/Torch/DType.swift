/// The type of a tensor's elements.
public enum DType: Int32, Sendable, CaseIterable {
  // The raw values are those of c10::ScalarType.
  /// 8-bit unsigned integer.
  case uint8 = 0
  /// 8-bit signed integer.
  case int8 = 1
  /// 16-bit signed integer.
  case int16 = 2
  /// 32-bit signed integer.
  case int32 = 3
  /// 64-bit signed integer.
  case int64 = 4
  /// 16-bit floating point (IEEE 754 half precision).
  case float16 = 5
  /// 32-bit floating point.
  case float32 = 6
  /// 64-bit floating point.
  case float64 = 7
  /// Complex number of two float16.
  case complex32 = 8
  /// Complex number of two float32.
  case complex64 = 9
  /// Complex number of two float64.
  case complex128 = 10
  /// Truth value, one byte.
  case bool = 11
  /// 16-bit floating point with the exponent range of float32.
  case bfloat16 = 15
  /// 8-bit floating point with 5 bits of exponent, 2 of mantissa.
  case float8E5M2 = 23
  /// 8-bit floating point with 4 bits of exponent, 3 of mantissa; without infinity.
  case float8E4M3FN = 24
  /// Like ``float8E5M2``, without infinity and negative zero.
  case float8E5M2FNUZ = 25
  /// Like ``float8E4M3FN``, without negative zero.
  case float8E4M3FNUZ = 26
  /// 16-bit unsigned integer.
  case uint16 = 27
  /// 32-bit unsigned integer.
  case uint32 = 28
  /// 64-bit unsigned integer.
  case uint64 = 29
  /// A power of two with 8 bits of exponent, the scale of a block of smaller numbers.
  case float8E8M0FNU = 44

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool, .float8E5M2, .float8E4M3FN, .float8E5M2FNUZ, .float8E4M3FNUZ,
      .float8E8M0FNU:
      1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32, .complex32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// Whether the elements are real floating-point numbers.
  ///
  /// Only tensors of floating-point or complex numbers can have gradients.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64, .float8E5M2, .float8E4M3FN, .float8E5M2FNUZ,
      .float8E4M3FNUZ, .float8E8M0FNU:
      true
    default: false
    }
  }

  /// Whether the elements are complex numbers.
  public var isComplex: Bool {
    switch self {
    case .complex32, .complex64, .complex128: true
    default: false
    }
  }

  /// The distance from 1 to the next larger number, `torch.finfo(dtype).eps`; 0 for types without
  /// fractions or with 8 bits.
  var epsilon: Double {
    switch self {
    case .bfloat16: 0x1p-7
    case .float16, .complex32: 0x1p-10
    case .float32, .complex64: 0x1p-23
    case .float64, .complex128: 0x1p-52
    default: 0
    }
  }

  /// PyTorch's name of the type without its module, such as `float8_e4m3fn`.
  var pythonName: String {
    switch self {
    case .float8E5M2: "float8_e5m2"
    case .float8E4M3FN: "float8_e4m3fn"
    case .float8E5M2FNUZ: "float8_e5m2fnuz"
    case .float8E4M3FNUZ: "float8_e4m3fnuz"
    case .float8E8M0FNU: "float8_e8m0fnu"
    default: "\(self)"
    }
  }
}

/// A Swift type with the same memory layout as an element type.
public protocol TensorElement: BitwiseCopyable {
  /// The element type of tensors that contain such values.
  static var dtype: DType { get }
}

extension UInt8: TensorElement {
  /// Stored as uint8.
  public static var dtype: DType { .uint8 }
}

extension UInt16: TensorElement {
  /// Stored as uint16.
  public static var dtype: DType { .uint16 }
}

extension UInt32: TensorElement {
  /// Stored as uint32.
  public static var dtype: DType { .uint32 }
}

extension UInt64: TensorElement {
  /// Stored as uint64.
  public static var dtype: DType { .uint64 }
}

extension Int8: TensorElement {
  /// Stored as int8.
  public static var dtype: DType { .int8 }
}

extension Int16: TensorElement {
  /// Stored as int16.
  public static var dtype: DType { .int16 }
}

extension Int32: TensorElement {
  /// Stored as int32.
  public static var dtype: DType { .int32 }
}

extension Int64: TensorElement {
  /// Stored as int64.
  public static var dtype: DType { .int64 }
}

extension Int: TensorElement {
  /// Stored as int64.
  public static var dtype: DType { .int64 }
}

extension Float: TensorElement {
  /// Stored as float32.
  public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
  /// Stored as float64.
  public static var dtype: DType { .float64 }
}

extension Bool: TensorElement {
  /// Stored as bool.
  public static var dtype: DType { .bool }
}
