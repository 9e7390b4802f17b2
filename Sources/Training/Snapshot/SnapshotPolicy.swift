internal import DataLoading
internal import Support

/// Decides when to save a snapshot; several conditions can be combined.
///
/// Has no clock: the caller passes the time.
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
  ///   - epochs: Save at the end of every `epochs` epochs.
  ///   - steps: Save after every `steps` steps, counted over all epochs.
  ///   - interval: Save when this much time has passed since the last snapshot.
  ///   - now: The current time; the first interval starts here.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    epochs: Int? = nil, steps: Int? = nil, interval: Duration? = nil,
    now: ContinuousClock.Instant = .now, file: StaticString = #fileID, line: UInt = #line
  ) {
    func check(_ isPositive: Bool?, _ period: @autoclosure () -> String) {
      require(
        isPositive ?? true, "cannot save a snapshot every \(period()); use a positive period",
        file: file, line: line)
    }
    check(epochs.map { $0 > 0 }, "\(epochs ?? 0) epochs")
    check(steps.map { $0 > 0 }, "\(steps ?? 0) steps")
    check(interval.map { $0 > .zero }, "\(interval ?? .zero)")
    self.epochs = epochs
    self.steps = steps
    self.interval = interval
    lastTime = now
  }

  /// Saves a snapshot at the end of every epoch.
  public static let everyEpoch = SnapshotPolicy(epochs: 1)

  /// Whether the policy depends on the time, which differs between ranks.
  var dependsOnTime: Bool { interval != nil }

  /// Returns whether a snapshot is due.
  ///
  /// A step that already has a snapshot is never due.
  ///
  /// - Parameters:
  ///   - progress: The progress after a step or after the end of an epoch.
  ///   - now: The current time.
  /// - Returns: Whether to save a snapshot.
  public func isDue(_ progress: TrainingProgress, now: ContinuousClock.Instant) -> Bool {
    guard progress.step > 0, progress.step != lastStep else { return false }
    if let steps, progress.step.isMultiple(of: steps) { return true }
    if let interval, lastTime.duration(to: now) >= interval { return true }
    guard let epochs, progress.position.isAtStartOfEpoch else { return false }
    return progress.epoch.isMultiple(of: epochs)
  }

  /// Records that a snapshot was saved, or that training resumed from one.
  public mutating func recordSnapshot(_ progress: TrainingProgress, now: ContinuousClock.Instant) {
    lastStep = progress.step
    lastTime = now
  }
}
