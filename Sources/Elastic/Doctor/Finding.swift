/// The result of one check by `lockstep doctor`.
public struct Finding: Sendable, Hashable, Encodable {
  /// The severity of a finding.
  public enum State: String, Sendable, Hashable, Encodable {
    /// The check passed.
    case ok
    /// Some jobs may fail or run slowly.
    case warning
    /// Jobs that depend on the checked item will fail.
    case problem
  }

  /// What was checked, and the result.
  public var what: String

  /// The severity of the result.
  public var state: State

  /// How to resolve a warning or a problem; `nil` if the check passed.
  public var remedy: String?

  static func ok(_ what: String) -> Finding { Finding(what: what, state: .ok) }

  static func warning(_ what: String, _ remedy: String) -> Finding {
    Finding(what: what, state: .warning, remedy: remedy)
  }

  static func problem(_ what: String, _ remedy: String) -> Finding {
    Finding(what: what, state: .problem, remedy: remedy)
  }
}
