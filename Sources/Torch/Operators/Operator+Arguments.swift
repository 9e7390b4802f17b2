// What the generated functions pass to operators.
extension Operator.Argument {
  static func scalar(_ value: any Scalar) -> Self { value.operatorArgument }

  static func optionalScalar(_ value: (any Scalar)?) -> Self { value?.operatorArgument ?? .none }

  static func optionalInt(_ value: Int?) -> Self { value.map { .int($0) } ?? .none }

  static func optionalDouble(_ value: Double?) -> Self { value.map { .double($0) } ?? .none }

  static func optionalBool(_ value: Bool?) -> Self { value.map { .bool($0) } ?? .none }

  static func optionalString(_ value: String?) -> Self { value.map { .string($0) } ?? .none }

  static func optionalDType(_ value: DType?) -> Self { value.map { .dtype($0) } ?? .none }

  static func optionalDevice(_ value: Device?) -> Self { value.map { .device($0) } ?? .none }

  static func optionalGenerator(_ value: Generator?) -> Self {
    value.map { .generator($0) } ?? .none
  }

  static func optionalInts(_ values: [Int]?) -> Self { values.map { .ints($0) } ?? .none }

  static func optionalDoubles(_ values: [Double]?) -> Self { values.map { .doubles($0) } ?? .none }

  /// A list of `count` integers; a single integer is repeated.
  static func list(_ list: any IntegerList, _ count: Int) -> Self {
    let integers = list.integers
    return .ints(integers.count == 1 ? Array(repeating: integers[0], count: count) : integers)
  }

  static func optionalList(_ list: (any IntegerList)?, _ count: Int) -> Self {
    list.map { .list($0, count) } ?? .none
  }
}
