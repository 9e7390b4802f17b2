/// What a resumed run does with a setting that differs from the snapshot's.
public struct ResumeDecision: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The kind of a decision.
  public enum Outcome: String, Codable, Sendable {
    /// This run's value applies from the next step on.
    case used
    /// This run's value applies, and the schedule or the data are adapted to it.
    case adapted
    /// The snapshot's value applies.
    case retained
    /// The run cannot resume from the snapshot.
    case refused
    /// The snapshot does not record the setting; this run's value applies.
    case unknown
  }

  /// The name of the setting, such as `batch size per rank`.
  public let setting: String
  /// The value of the run that saved the snapshot; `nil` if it is unknown or too long to print.
  public let saved: String?
  /// The value of this run; `nil` if it is too long to print.
  public let current: String?
  /// The kind of the decision.
  public let outcome: Outcome
  /// What follows from the decision, as a clause.
  public let consequence: String

  /// One line: the setting, both values, and the consequence.
  public var description: String {
    switch (saved, current) {
    case (let saved?, let current?):
      "\(setting): \(saved) in the snapshot, \(current) now; \(consequence)"
    case (nil, let current?): "\(setting): \(current) now; \(consequence)"
    case (let saved?, nil): "\(setting): \(saved) in the snapshot; \(consequence)"
    case (nil, nil): "\(setting): \(consequence)"
    }
  }
}
