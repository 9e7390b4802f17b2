/// Decides which snapshots to keep.
public struct SnapshotRetention: Sendable {
  /// The direction in which a snapshot's metric improves.
  public enum Best: Sendable {
    /// Lower is better, as for a loss.
    case lowest
    /// Higher is better, as for an accuracy.
    case highest
  }

  /// The number of newest snapshots to keep.
  public var last: Int

  /// If set, the snapshot with the best metric is kept as well.
  public var best: Best?

  /// Creates a retention rule.
  ///
  /// - Parameters:
  ///   - last: The number of newest snapshots to keep, at least 1. With 1 there is no older snapshot
  ///     to fall back to if it is damaged.
  ///   - best: Also keep the snapshot with the best metric; of equal ones, the newest.
  public init(last: Int = 3, best: Best? = nil) {
    precondition(last >= 1, "cannot keep the last \(last) snapshots; keep at least 1")
    self.last = last
    self.best = best
  }

  /// A snapshot that may be kept or removed.
  struct Candidate: Equatable {
    var name: SnapshotName
    var metric: Double?
    var isDamaged = false
    /// Whether its format is newer than this program supports.
    var isForeign = false
  }

  /// Returns the names of the snapshots to remove.
  ///
  /// Snapshots of a newer format are neither removed nor counted.
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
