/// A learning rate schedule with a linear warm-up from 0 and a linear decay to 0.
///
/// Like Hugging Face's `get_linear_schedule_with_warmup`.
public struct LinearSchedule: Sendable {
  /// The number of warm-up steps.
  public var warmupSteps: Int
  /// The step at which the rate reaches 0.
  public var totalSteps: Int

  /// Creates a schedule.
  public init(warmupSteps: Int = 0, totalSteps: Int) {
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// Returns the factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if step < warmupSteps { return Double(step) / Double(Swift.max(1, warmupSteps)) }
    let remaining = Double(totalSteps - step) / Double(Swift.max(1, totalSteps - warmupSteps))
    return Swift.max(0, remaining)
  }
}
