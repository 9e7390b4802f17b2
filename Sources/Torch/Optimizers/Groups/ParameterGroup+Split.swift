internal import Support

extension ParameterGroup {
  /// A rule that puts parameters into a group by their names.
  public struct Rule {
    let pattern: String
    let group: ParameterGroup

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - pattern: A regular expression that matches a part of the name, such as `bias|LayerNorm`.
    ///   - learningRate: The learning rate of the group; `nil` for that of the optimizer.
    ///   - weightDecay: The weight decay of the group; `nil` for that of the optimizer.
    ///   - file: The source file of the caller, for messages.
    ///   - line: The source line of the caller, for messages.
    ///
    /// - Precondition: The pattern is a valid regular expression. The learning rate and the weight
    ///   decay are 0 or more.
    public init(
      matching pattern: String, learningRate: Double? = nil, weightDecay: Double? = nil,
      file: StaticString = #fileID, line: UInt = #line
    ) {
      let regex = try? Regex(pattern)
      require(
        regex != nil, "the pattern '\(pattern)' is not a valid regular expression", file: file,
        line: line)
      self.pattern = pattern
      group = ParameterGroup(
        [], learningRate: learningRate, weightDecay: weightDecay, file: file, line: line)
    }

    private init(pattern: String, group: ParameterGroup) {
      self.pattern = pattern
      self.group = group
    }

    /// Returns the rule with another hyperparameter of its group.
    public func setting<Value>(_ key: Hyperparameter<Value>, to value: Value) -> Rule {
      var group = group
      group[key] = value
      return Rule(pattern: pattern, group: group)
    }
  }

  /// Divides the parameters of a module into groups by their names.
  ///
  /// Each parameter belongs to the first rule whose pattern matches its name. The parameters that
  /// no pattern matches form the last group. Parameters that require no gradient are left out.
  ///
  /// ```swift
  /// let optimizer = AdamW(
  ///   ParameterGroup.split(
  ///     model, [.init(matching: #"bias|LayerNorm"#, weightDecay: 0)], learningRate: 2e-5))
  /// ```
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - rules: The rules.
  ///   - learningRate: The learning rate of groups whose rule has none; `nil` for that of the
  ///     optimizer.
  ///   - weightDecay: The weight decay of the last group; `nil` for that of the optimizer.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: A group for each rule, in their order, and one for the other parameters if there
  ///   are any.
  /// - Precondition: Each pattern takes at least one parameter.
  public static func split(
    _ module: any Module, _ rules: [Rule], learningRate: Double? = nil, weightDecay: Double? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [ParameterGroup] {
    var groups = rules.map(\.group)
    var rest = ParameterGroup([], learningRate: learningRate, weightDecay: weightDecay)
    let patterns = rules.map { try? Regex($0.pattern) }
    for (name, tensor) in module.namedParameters where tensor.requiresGrad {
      let match = patterns.firstIndex { pattern in
        pattern.map { name.firstMatch(of: $0) != nil } ?? false
      }
      if let match {
        groups[match].parameters.append(tensor)
      } else {
        rest.parameters.append(tensor)
      }
    }
    for (index, group) in groups.enumerated() {
      require(
        !group.parameters.isEmpty,
        "the pattern '\(rules[index].pattern)' matches no parameter that is left; the names are "
          + "those of namedParameters, such as '\(module.namedParameters.first?.name ?? "")'",
        file: file, line: line)
      if let learningRate, group.value(of: .learningRate) == nil {
        groups[index].learningRate = learningRate
      }
    }
    return rest.parameters.isEmpty ? groups : groups + [rest]
  }
}
