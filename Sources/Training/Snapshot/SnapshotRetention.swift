/// Decides which snapshots are kept.
public struct SnapshotRetention: Sendable {
  /// Which value of a snapshot's metric is the best.
  public enum Best: Sendable {
    /// The lowest, as of a loss.
    case lowest
    /// The highest, as of an accuracy.
    case highest
  }

  /// How many of the newest are kept.
  public var last: Int

  /// Which one is kept beyond those, if any.
  public var best: Best?

  /// Creates a rule.
  ///
  /// - Parameters:
  ///   - last: How many of the newest are kept, at least 1. With 1 there is no other to fall back to
  ///     when it turns out damaged.
  ///   - best: Keeps the one with the best metric too; of equal ones the newest.
  public init(last: Int = 3, best: Best? = nil) {
    precondition(last >= 1, "cannot keep the last \(last) snapshots; keep at least 1")
    self.last = last
    self.best = best
  }

  /// A snapshot to be judged.
  struct Candidate: Equatable {
    var name: SnapshotName
    var metric: Double?
    var isDamaged = false
    /// Whether it has a format that this program does not know.
    var isForeign = false
  }

  /// The names of those that can go; foreign ones never do, and do not count.
  func removals(_ candidates: [Candidate]) -> [SnapshotName] {
    let candidates = candidates.filter { !$0.isForeign }
    let intact = candidates.filter { !$0.isDamaged }.sorted { $1.name < $0.name }
    var kept = Set(intact.prefix(last).map(\.name))
    let measured = intact.filter { !($0.metric ?? .nan).isNaN }
    func isBetter(_ a: Candidate, _ b: Candidate) -> Bool {
      let (a, b) = (a.metric ?? 0, b.metric ?? 0)
      return best == .lowest ? a < b : a > b
    }
    if best != nil, let found = measured.min(by: isBetter) { kept.insert(found.name) }
    return candidates.map(\.name).filter { !kept.contains($0) }.sorted()
  }
}
