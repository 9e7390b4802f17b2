/// The version of this package.
public enum LockstepVersion {
  /// As `lockstep --version` prints it; all nodes of a job must run the same.
  public static let current = "0.1.0"
}
