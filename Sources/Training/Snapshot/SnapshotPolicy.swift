internal import DataLoading

/// Decides when a snapshot is due; several conditions may be combined.
///
/// A value without a clock of its own: the caller says what time it is.
public struct SnapshotPolicy: Sendable {
  private let epochs: Int?
  private let steps: Int?
  private let interval: Duration?
  /// The step of the last snapshot.
  private(set) var lastStep: Int?
  private var lastTime: ContinuousClock.Instant

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - epochs: At the end of every so many epochs.
  ///   - steps: After every so many steps, counted over all epochs.
  ///   - interval: When the last snapshot is that long ago.
  ///   - now: The time, from which the first interval counts.
  public init(
    epochs: Int? = nil, steps: Int? = nil, interval: Duration? = nil,
    now: ContinuousClock.Instant = .now
  ) {
    precondition(
      (epochs ?? 1) > 0 && (steps ?? 1) > 0 && (interval ?? .seconds(1)) > .zero,
      "snapshot periods must be positive, not \(epochs ?? 1) epochs, \(steps ?? 1) steps or "
        + "\(interval ?? .seconds(1))")
    self.epochs = epochs
    self.steps = steps
    self.interval = interval
    lastTime = now
  }

  /// At the end of every epoch.
  public static let everyEpoch = SnapshotPolicy(epochs: 1)

  /// Whether it depends on the time, which is not the same on all ranks.
  var dependsOnTime: Bool { interval != nil }

  /// Whether a snapshot is due; none is at the step of the last one.
  ///
  /// - Parameters:
  ///   - progress: After a step, or after the end of an epoch.
  ///   - now: The time.
  /// - Returns: Whether to make one.
  public func isDue(_ progress: TrainingProgress, now: ContinuousClock.Instant) -> Bool {
    guard progress.step > 0, progress.step != lastStep else { return false }
    if let steps, progress.step.isMultiple(of: steps) { return true }
    if let interval, lastTime.duration(to: now) >= interval { return true }
    guard let epochs, progress.position.isAtStartOfEpoch else { return false }
    return progress.epoch.isMultiple(of: epochs)
  }

  /// Notes that a snapshot was made, or that the training goes on from one.
  public mutating func noteSnapshot(_ progress: TrainingProgress, now: ContinuousClock.Instant) {
    lastStep = progress.step
    lastTime = now
  }
}
