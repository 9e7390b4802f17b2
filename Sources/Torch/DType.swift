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
  /// Truth value, one byte.
  case bool = 11
  /// 16-bit floating point with the exponent range of float32.
  case bfloat16 = 15

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether the elements are floating-point numbers.
  ///
  /// Only such tensors can have gradients.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
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
