/// Where a job's events go.
public enum EventLog: Sendable, Hashable {
  /// To the launcher's standard error.
  case console
  /// To a file, which is continued if it exists: one JSON object on each line.
  case file(String)
}
