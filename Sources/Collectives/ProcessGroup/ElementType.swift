/// The type of the elements that a collective moves and reduces.
public enum ElementType: String, Sendable, CaseIterable, Codable {
  /// 64-bit floating point.
  case float64
  /// 32-bit floating point.
  case float32
  /// 16-bit floating point (IEEE 754 half precision).
  case float16
  /// 16-bit floating point with the exponent range of float32.
  case bfloat16
  /// 64-bit signed integer.
  case int64
  /// 32-bit signed integer.
  case int32
  /// 16-bit signed integer.
  case int16
  /// 8-bit signed integer.
  case int8
  /// 8-bit unsigned integer.
  case uint8
  /// Boolean, one byte.
  case bool

  /// The size of an element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether it is a floating-point type.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint8, .bool: false
    }
  }
}

/// A Swift type whose values collectives can move and reduce.
public protocol CollectiveElement: BitwiseCopyable, Sendable {
  /// The element type of buffers that hold these values.
  static var elementType: ElementType { get }
}

extension Double: CollectiveElement {
  /// Stored as float64.
  public static var elementType: ElementType { .float64 }
}

extension Float: CollectiveElement {
  /// Stored as float32.
  public static var elementType: ElementType { .float32 }
}

extension Int: CollectiveElement {
  /// Stored as int64.
  public static var elementType: ElementType { .int64 }
}

extension Int64: CollectiveElement {
  /// Stored as int64.
  public static var elementType: ElementType { .int64 }
}

extension Int32: CollectiveElement {
  /// Stored as int32.
  public static var elementType: ElementType { .int32 }
}

extension Int16: CollectiveElement {
  /// Stored as int16.
  public static var elementType: ElementType { .int16 }
}

extension Int8: CollectiveElement {
  /// Stored as int8.
  public static var elementType: ElementType { .int8 }
}

extension UInt8: CollectiveElement {
  /// Stored as uint8.
  public static var elementType: ElementType { .uint8 }
}
