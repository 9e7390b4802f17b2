/// One thing that `lockstep doctor` looked at.
public struct Finding: Sendable, Hashable, Encodable {
  /// How serious it is.
  public enum State: String, Sendable, Hashable, Encodable {
    /// As it should be.
    case ok
    /// Works, but not as well as it could, or not for every job.
    case warning
    /// A job that needs it will fail.
    case problem
  }

  /// What was looked at, and what was found.
  public var what: String

  /// How serious it is.
  public var state: State

  /// What to do about it; `nil` if it is as it should be.
  public var remedy: String?

  static func ok(_ what: String) -> Finding { Finding(what: what, state: .ok) }

  static func warning(_ what: String, _ remedy: String) -> Finding {
    Finding(what: what, state: .warning, remedy: remedy)
  }

  static func problem(_ what: String, _ remedy: String) -> Finding {
    Finding(what: what, state: .problem, remedy: remedy)
  }
}
