/// The destination of a job's events.
public enum EventLog: Sendable, Hashable {
  /// The launcher's standard error.
  case console
  /// A file, to which one JSON object per line is appended.
  case file(String)
}
