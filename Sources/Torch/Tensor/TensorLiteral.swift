internal import Support

/// Numbers that are written in the source: one, or nested arrays of them.
///
/// It is the argument of ``Tensor/init(_:dtype:file:line:)``; a program writes the literal only.
public struct TensorLiteral: Sendable {
  fileprivate indirect enum Value: Sendable {
    case integer(Int)
    case real(Double)
    case boolean(Bool)
    case list([TensorLiteral])
  }

  private let value: Value
}

extension TensorLiteral: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// Creates an integer.
  public init(integerLiteral value: Int) { self.value = .integer(value) }

  /// Creates a floating-point number.
  public init(floatLiteral value: Double) { self.value = .real(value) }

  /// Creates a Boolean value.
  public init(booleanLiteral value: Bool) { self.value = .boolean(value) }

  /// Creates an array.
  public init(arrayLiteral elements: TensorLiteral...) { value = .list(elements) }
}

extension TensorLiteral {
  func tensor(dtype: DType?, file: StaticString, line: UInt) -> Tensor {
    let shape = shape
    var leaves: [Value] = []
    require(
      collect(shape[...], into: &leaves),
      "the arrays of the tensor have different lengths: each row needs as many elements as the "
        + "first, here \(shape)", file: file, line: line)
    return TensorLiteral.tensor(of: leaves, shape, dtype)
  }

  /// The lengths along the first elements.
  private var shape: [Int] {
    guard case .list(let elements) = value else { return [] }
    return [elements.count] + (elements.first?.shape ?? [])
  }

  /// Appends the numbers in row-major order; `false` if an array does not have the shape.
  private func collect(_ shape: ArraySlice<Int>, into leaves: inout [Value]) -> Bool {
    switch value {
    case .list(let elements):
      guard let count = shape.first, elements.count == count else { return false }
      return elements.allSatisfy { $0.collect(shape.dropFirst(), into: &leaves) }
    default:
      leaves.append(value)
      return shape.isEmpty
    }
  }

  /// A tensor of the most general type among the numbers; float32 without any, as in PyTorch.
  private static func tensor(of leaves: [Value], _ shape: [Int], _ dtype: DType?) -> Tensor {
    let booleans = leaves.compactMap { if case .boolean(let value) = $0 { value } else { nil } }
    let integers = leaves.compactMap(\.integer)
    let numbers = leaves.map(\.real)
    if leaves.isEmpty || integers.count < leaves.count {
      return Tensor(numbers, shape: shape).to(dtype ?? .float32)
    }
    let exact =
      booleans.count == leaves.count
      ? Tensor(booleans, shape: shape) : Tensor(integers, shape: shape)
    return exact.to(dtype ?? exact.dtype)
  }
}

extension TensorLiteral.Value {
  fileprivate var integer: Int? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    case .real, .list: nil
    }
  }

  fileprivate var real: Double {
    if case .real(let value) = self { return value }
    return integer.map(Double.init) ?? 0
  }
}
