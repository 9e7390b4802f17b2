public import Collectives

/// The suite over several engines, for programs that run under a sanitizer: prints what was wrong and how
/// long each took.
public struct ConformanceReport {
  /// Whether nothing was wrong.
  public private(set) var isClean = true

  /// Starts a report.
  public init() {}

  /// Runs the suite with ranks as threads over one engine: `group` makes the group of a rank.
  public mutating func add(
    _ name: String, _ worldSize: Int, _ group: @escaping @Sendable (Int) throws -> any ProcessGroup
  ) throws {
    let start = ContinuousClock.now
    add(try conformanceProblems(worldSize, group))
    print("\(name), \(worldSize) ranks: \((ContinuousClock.now - start) / .seconds(1)) s")
  }

  /// Adds what was wrong elsewhere.
  public mutating func add(_ problems: [String]) {
    for problem in problems { print(problem) }
    isClean = isClean && problems.isEmpty
  }
}
