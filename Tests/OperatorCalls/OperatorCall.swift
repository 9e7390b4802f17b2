import Torch

/// One call of an operator that the test of the generated functions reads from a file.
///
/// Arguments are in the order of the schema, with defaults filled in.
struct OperatorCall {
  /// The operator and overload, such as `add.Tensor`.
  var name: String
  var arguments: [PickleValue]

  struct Mismatch: Error, CustomStringConvertible {
    var description: String
  }

  private func value<T>(_ index: Int, _ kind: String, _ read: (PickleValue) -> T?) throws -> T {
    guard index < arguments.count, let value = read(arguments[index]) else {
      throw Mismatch(description: "argument \(index) of \(name) is not \(kind)")
    }
    return value
  }

  private func optional<T>(_ index: Int, _ read: (Int) throws -> T) throws -> T? {
    arguments[index].isNone ? nil : try read(index)
  }

  func tensor(_ index: Int) throws -> Tensor { try value(index, "a tensor", \.tensorValue) }

  func tensors(_ index: Int) throws -> [Tensor] {
    try value(index, "a list of tensors") { $0.elements?.compactMap(\.tensorValue) }
  }

  func optionalTensors(_ index: Int) throws -> [Tensor?] {
    try value(index, "a list of tensors") { $0.elements?.map(\.tensorValue) }
  }

  func scalar(_ index: Int) throws -> any Scalar {
    try value(index, "a number") { value in
      if let flag = value.boolValue { return flag }
      if let integer = value.intValue { return integer }
      if let complex = value.complexValue { return complex }
      return value.doubleValue
    }
  }

  func int(_ index: Int) throws -> Int {
    try value(index, "an integer") { $0.intValue ?? $0.boolValue.map { $0 ? 1 : 0 } }
  }

  func double(_ index: Int) throws -> Double {
    try value(index, "a number") { $0.doubleValue ?? $0.intValue.map(Double.init) }
  }

  func bool(_ index: Int) throws -> Bool {
    try value(index, "a Boolean value") { $0.boolValue ?? $0.intValue.map { $0 != 0 } }
  }

  func string(_ index: Int) throws -> String { try value(index, "a string", \.stringValue) }

  func dtype(_ index: Int) throws -> DType {
    try value(index, "a dtype") { value in
      value.dtypeValue ?? value.intValue.flatMap { DType(rawValue: Int32($0)) }
    }
  }

  func device(_ index: Int) throws -> Device { .cpu }

  func ints(_ index: Int) throws -> [Int] {
    try value(index, "a list of integers") { value in
      value.intValue.map { [$0] } ?? value.elements?.compactMap(\.intValue)
    }
  }

  func doubles(_ index: Int) throws -> [Double] {
    try value(index, "a list of numbers") { value in
      value.elements?.compactMap { $0.doubleValue ?? $0.intValue.map(Double.init) }
    }
  }

  func choice<Choice: RawRepresentable>(_ index: Int) throws -> Choice {
    try value(index, "a \(Choice.self)") { value in
      let raw: Any? = Choice.RawValue.self == Int.self ? value.intValue : value.stringValue
      return (raw as? Choice.RawValue).flatMap(Choice.init(rawValue:))
    }
  }

  func optionalTensor(_ index: Int) throws -> Tensor? { try optional(index, tensor) }
  func optionalScalar(_ index: Int) throws -> (any Scalar)? { try optional(index, scalar) }
  func optionalInt(_ index: Int) throws -> Int? { try optional(index, int) }
  func optionalDouble(_ index: Int) throws -> Double? { try optional(index, double) }
  func optionalBool(_ index: Int) throws -> Bool? { try optional(index, bool) }
  func optionalString(_ index: Int) throws -> String? { try optional(index, string) }
  func optionalDType(_ index: Int) throws -> DType? { try optional(index, dtype) }
  func optionalDevice(_ index: Int) throws -> Device? { nil }
  func optionalGenerator(_ index: Int) throws -> Generator? { nil }
  func optionalInts(_ index: Int) throws -> [Int]? { try optional(index, ints) }
  func optionalDoubles(_ index: Int) throws -> [Double]? { try optional(index, doubles) }

  func optionalChoice<Choice: RawRepresentable>(_ index: Int) throws -> Choice? {
    try optional(index) { try choice($0) }
  }
}
