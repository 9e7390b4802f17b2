/// How the learning rate depends on the step; ``LearningRateScheduler`` applies it to an optimizer.
///
/// Most of PyTorch's schedules multiply the current rate, so that several of them can be combined:
/// see ``ChainedScheduler``. A schedule is a value: it has no state.
public protocol LearningRateSchedule {
  /// The settings by name, such as `warm-up steps`.
  ///
  /// A snapshot records them to report what a resumed run changed. The default is the description
  /// of the value.
  var settings: [String: String] { get }

  /// Returns the learning rate of a step.
  ///
  /// - Parameters:
  ///   - step: The step, counted from 0.
  ///   - previous: The rate of the previous step; at step 0, the base rate.
  ///   - base: The base rate: that of the group before the first step.
  ///   - group: The index of the parameter group.
  /// - Returns: The learning rate.
  func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double

  /// Returns the momentum of a step, or β₁ of optimizers with betas; `nil` to leave it unchanged.
  func momentum(at step: Int, group: Int) -> Double?

  /// Whether ``rate(at:after:base:group:)`` depends on the rate of the previous step.
  var dependsOnPreviousRate: Bool { get }
}

extension LearningRateSchedule {
  /// The description of the value.
  public var settings: [String: String] { ["schedule": "\(self)"] }

  /// Leaves the momentum unchanged.
  public func momentum(at step: Int, group: Int) -> Double? { nil }

  /// True.
  public var dependsOnPreviousRate: Bool { true }

  /// Returns the rates of the first steps, for example to plot them.
  public func rates(count: Int, base: Double, group: Int = 0) -> [Double] {
    var rate = base
    return (0..<count).map { step in
      rate = self.rate(at: step, after: rate, base: base, group: group)
      return rate
    }
  }
}

/// A schedule that multiplies the base rate by a factor.
public protocol FactorSchedule: LearningRateSchedule {
  /// Returns the factor of the base learning rate at a step, counted from 0.
  func factor(at step: Int) -> Double
}

extension FactorSchedule {
  /// The base rate multiplied by the factor.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    base * factor(at: step)
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }
}

/// A number for all parameter groups, or one for each.
public struct GroupValues: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, CustomStringConvertible, Sendable
{
  private let values: [Double]

  /// A number for all groups.
  public init(_ value: Double) { values = [value] }

  /// A number for each group.
  public init(_ values: [Double]) { self.values = values }

  /// A number for all groups.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A number for all groups.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// A number for each group.
  public init(arrayLiteral elements: Double...) { self.init(elements) }

  /// The number for a group.
  ///
  /// - Precondition: There is one number, or one for this group.
  public subscript(group: Int) -> Double {
    if values.count == 1 { return values[0] }
    precondition(
      values.indices.contains(group),
      "a schedule has \(values.count) values, but the optimizer has a parameter group \(group)")
    return values[group]
  }

  /// The numbers.
  public var description: String { values.count == 1 ? "\(values[0])" : "\(values)" }
}
