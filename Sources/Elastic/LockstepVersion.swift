/// The version of this package.
public enum LockstepVersion {
  /// The version that `lockstep --version` prints.
  ///
  /// All nodes of a job must run the same version.
  public static let current = "0.2.0"
}
