public import Collectives

/// Runs the suite on several backends, for programs that run under a sanitizer: prints the problems
/// and how long each backend took.
public struct ConformanceReport {
  /// Whether there were no problems.
  public private(set) var isClean = true

  /// Creates an empty report.
  public init() {}

  /// Runs the suite on one backend, with ranks as threads; `group` creates the group of a rank.
  public mutating func add(
    _ name: String, _ worldSize: Int, _ group: @escaping @Sendable (Int) throws -> any ProcessGroup
  ) throws {
    let start = ContinuousClock.now
    add(try conformanceProblems(worldSize, group))
    print("\(name), \(worldSize) ranks: \((ContinuousClock.now - start) / .seconds(1)) s")
  }

  /// Adds problems.
  public mutating func add(_ problems: [String]) {
    for problem in problems { print(problem) }
    isClean = isClean && problems.isEmpty
  }
}
