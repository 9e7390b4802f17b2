internal import CTorch
internal import Glibc
internal import Support

/// An operator of libtorch, called through its dispatcher.
///
/// The functions of this module are built on it. Use it for an operator without such a function:
///
/// ```swift
/// let erf = Operator("aten::erf")
/// let y = erf.tensor(.tensor(x))
/// ```
///
/// Names, overloads and arguments are those of PyTorch's `native_functions.yaml`. Omitted trailing
/// arguments and `.default` have the default value of the schema.
public struct Operator: @unchecked Sendable {
  // Sendable: the handle is immutable and never freed.
  private let handle: ct_operator?

  /// The qualified name, such as `aten::add.Tensor`.
  public let name: String

  /// Looks up an operator; an unknown name is a failed operator.
  public init(_ name: String, _ overload: String = "") {
    self.name = overload.isEmpty ? name : "\(name).\(overload)"
    var found: ct_operator?
    if let error = ct_operator_find(name, overload, &found) {
      operatorFailed(self.name, "", takeMessage(error))
    }
    handle = found
  }

  /// One argument of an operator.
  public enum Argument {
    /// `None` for an optional argument.
    case none
    /// The schema's default.
    case `default`
    /// A tensor.
    case tensor(Tensor)
    /// A tensor or `None`.
    case optionalTensor(Tensor?)
    /// An integer, symbolic integer or integral scalar.
    case int(Int)
    /// A floating-point number or scalar.
    case double(Double)
    /// A Boolean value.
    case bool(Bool)
    /// A string.
    case string(String)
    /// An element type.
    case dtype(DType)
    /// A device.
    case device(Device)
    /// A list of integers.
    case ints([Int])
    /// A list of floating-point numbers.
    case doubles([Double])
    /// A list of tensors.
    case tensors([Tensor])
    /// A list of optional tensors, such as the indices of `aten::index`.
    case optionalTensors([Tensor?])
    /// A complex number.
    case complex(Complex)
    /// A random generator.
    case generator(Generator)
  }

  /// Calls an operator and returns its first result, a tensor.
  ///
  /// - Precondition: The first result is a tensor.
  public func tensor(
    _ arguments: Argument..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    call(arguments) { results in
      defer { for result in results.dropFirst() { Operator.release(result) } }
      guard let result = results.first else { return Tensor(owning: nil) }
      require(
        result.tag == CT_TENSOR,
        "\(name) returns \(Operator.describe(result)), not a tensor: call it with run, tensors "
          + "or an "
          + "operator that returns a tensor",
        file: file, line: line)
      return Tensor(owning: result.payload.tensor)
    } ?? Tensor(owning: nil)
  }

  /// Calls an operator that returns several tensors, or one list of tensors.
  ///
  /// After a failure inside ``catchingTorchErrors(_:)`` it returns `count` undefined tensors.
  public func tensors(count: Int, _ arguments: Argument...) -> [Tensor] {
    call(arguments) { results in
      if let list = results.first, list.tag == CT_TENSOR_LIST {
        defer {
          free(list.payload.tensors)
          for result in results.dropFirst() { Operator.release(result) }
        }
        return (0..<Int(list.count)).map { Tensor(owning: list.payload.tensors?[$0]) }
      }
      return results.map { Tensor(owning: $0.tag == CT_TENSOR ? $0.payload.tensor : nil) }
    } ?? (0..<count).map { _ in Tensor(owning: nil) }
  }

  /// Calls an operator for its effect on its arguments.
  public func run(_ arguments: Argument...) {
    _ = call(arguments) { results in for result in results { Operator.release(result) } }
  }

  /// Calls an operator that returns a Boolean value; `false` after a failure.
  func bool(_ arguments: Argument...) -> Bool {
    call(arguments) { $0.first.map { $0.tag == CT_BOOL && $0.payload.boolean } ?? false } ?? false
  }

  /// Releases an unused result.
  private static func release(_ result: ct_value) {
    switch result.tag {
    case CT_TENSOR: ct_tensor_release(result.payload.tensor)
    case CT_TENSOR_LIST:
      for index in 0..<Int(result.count) { ct_tensor_release(result.payload.tensors?[index]) }
      free(result.payload.tensors)
    default: break
    }
  }

  private static func describe(_ result: ct_value) -> String {
    switch result.tag {
    case CT_TENSOR_LIST: "a list of tensors"
    case CT_INT: "the integer \(result.payload.integer)"
    case CT_DOUBLE: "the number \(result.payload.real)"
    case CT_BOOL: "the Boolean value \(result.payload.boolean)"
    default: "nothing"
    }
  }

  /// The maximum number of results of an operator.
  ///
  /// No operator of ATen has as many.
  private static let resultCapacity = 16

  private func call<Result>(
    _ arguments: [Argument], _ convert: (UnsafeMutableBufferPointer<ct_value>.SubSequence) -> Result
  ) -> Result? {
    if ct_catch_has_failed() { return nil }
    return withUnsafeTemporaryAllocation(
      of: ct_value.self, capacity: arguments.count + Operator.resultCapacity
    ) { values in
      var scratch = ArgumentScratch()
      defer { scratch.free() }
      for (index, argument) in arguments.enumerated() {
        values.initializeElement(at: index, to: scratch.value(of: argument))
      }
      var count = Operator.resultCapacity
      let results = values.baseAddress.map { $0 + arguments.count }
      let error = withExtendedLifetime(arguments) {
        ct_operator_call(handle, values.baseAddress, arguments.count, results, &count)
      }
      if let error {
        operatorFailed(name, describe(arguments), takeMessage(error))
        return nil
      }
      return convert(values[arguments.count..<arguments.count + count])
    }
  }

  private func describe(_ arguments: [Argument]) -> String {
    arguments.map { argument in
      switch argument {
      case .none, .optionalTensor(nil): "nil"
      case .default: "default"
      case .tensor(let tensor), .optionalTensor(let tensor?): tensor.summary
      case .int(let value): "\(value)"
      case .double(let value): "\(value)"
      case .bool(let value): "\(value)"
      case .string(let value): "\"\(value)\""
      case .dtype(let value): "\(value)"
      case .device(let value): "\(value)"
      case .ints(let values): "\(values)"
      case .doubles(let values): "\(values)"
      case .tensors(let tensors): "[\(tensors.map(\.summary).joined(separator: ", "))]"
      case .complex(let value): "\(value)"
      case .generator: "a generator"
      case .optionalTensors(let tensors):
        "[\(tensors.map { $0?.summary ?? "nil" }.joined(separator: ", "))]"
      }
    }.joined(separator: ", ")
  }
}
