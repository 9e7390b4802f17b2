internal import Support

/// A hyperparameter of an optimizer: its default for groups that do not set it, and its valid
/// values.
public struct HyperparameterRule {
  /// The name in PyTorch's `param_groups`.
  public let name: String
  let initial: JSONValue
  /// What is wrong with a value, as the end of a sentence that starts with the name and the value.
  let remedy: @Sendable (JSONValue) -> String?

  /// Creates a rule.
  ///
  /// - Parameters:
  ///   - key: The hyperparameter.
  ///   - value: The value of groups that do not set it.
  ///   - remedy: Which values are valid, such as `use 0 or more`, if this one is not.
  public init<Value: HyperparameterValue>(
    _ key: Hyperparameter<Value>, _ value: Value,
    remedy: @escaping @Sendable (Value) -> String? = { _ in nil }
  ) {
    name = key.name
    initial = value.hyperparameter
    self.remedy = { json in
      guard let value = Value(hyperparameter: json) else {
        return "use a value of type \(Value.self)"
      }
      return remedy(value)
    }
  }

  /// A number of 0 or more.
  public static func nonNegative(_ key: Hyperparameter<Double>, _ value: Double) -> Self {
    .number(key, value) { $0 >= 0 ? nil : "use 0 or more" }
  }

  /// The learning rate, 0 or more.
  public static func learningRate(_ value: Double) -> Self { .nonNegative(.learningRate, value) }

  /// The weight decay, 0 or more.
  public static func weightDecay(_ value: Double) -> Self { .nonNegative(.weightDecay, value) }

  /// A number.
  public static func number(
    _ key: Hyperparameter<Double>, _ value: Double,
    remedy: @escaping @Sendable (Double) -> String? = { _ in nil }
  ) -> Self { .init(key, value, remedy: remedy) }

  /// Several numbers.
  public static func numbers(
    _ key: Hyperparameter<[Double]>, _ value: [Double],
    remedy: @escaping @Sendable ([Double]) -> String? = { _ in nil }
  ) -> Self { .init(key, value, remedy: remedy) }

  /// An integer.
  public static func integer(
    _ key: Hyperparameter<Int>, _ value: Int,
    remedy: @escaping @Sendable (Int) -> String? = { _ in nil }
  ) -> Self { .init(key, value, remedy: remedy) }

  /// Two decay rates, each in [0, 1).
  public static func betas(_ value: (Double, Double)) -> Self {
    .numbers(.betas, [value.0, value.1]) { betas in
      betas.count == 2 && betas.allSatisfy { 0..<1 ~= $0 }
        ? nil : "use two numbers of 0 or more and less than 1"
    }
  }

  /// A Boolean value.
  public static func flag(_ key: Hyperparameter<Bool>, _ value: Bool) -> Self { .init(key, value) }
}

extension [HyperparameterRule] {
  /// The group with the values of the rules for what it does not set.
  func completed(_ group: ParameterGroup) -> ParameterGroup {
    var group = group
    for rule in self where group.hyperparameters[rule.name] == nil {
      group.hyperparameters[rule.name] = rule.initial
    }
    return group
  }

  /// What is wrong with the hyperparameters of a group, or `nil`.
  func problem(of group: ParameterGroup) -> String? {
    for rule in self {
      if let value = group.hyperparameters[rule.name], let remedy = rule.remedy(value) {
        return "\(swiftName(ofHyperparameter: rule.name)) is \(value.plainText); \(remedy)"
      }
    }
    return nil
  }

  /// The first hyperparameter, in alphabetical order, for which there is no rule.
  func unknown(in hyperparameters: some Collection<String>) -> String? {
    let known = Set(map(\.name))
    return hyperparameters.sorted().first { !known.contains($0) }
  }

  /// A sentence about the first hyperparameter of a group for which there is no rule, or `nil`.
  func stranger(in group: ParameterGroup) -> String? {
    unknown(in: group.hyperparameters.keys).map { name in
      "a group sets \(swiftName(ofHyperparameter: name)), which it does not have; it has "
        + map { swiftName(ofHyperparameter: $0.name) }.joined(separator: ", ")
    }
  }
}

extension JSONValue {
  /// The value as Swift prints it.
  package var plainText: String {
    switch self {
    case .null: "nil"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(\.plainText).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.plainText)" }
        .joined(separator: ", ") + "}"
    }
  }
}
