internal import Support

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
  ///   - last: The number of newest snapshots to keep, at least 1. With 1 there is no older
  ///     snapshot to fall back to if it is damaged.
  ///   - best: If set, also keeps the snapshot with the best metric; of equal ones, the newest.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    last: Int = 3, best: Best? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      last >= 1, "cannot keep the last \(last) snapshots; keep at least 1", file: file, line: line)
    self.last = last
    self.best = best
  }

  /// A snapshot that may be kept or removed.
  package struct Candidate: Equatable {
    var name: SnapshotName
    var metric: Double?
    var isDamaged = false
    /// Whether its format is newer than this program supports.
    var isNewerFormat = false

    package init(
      name: SnapshotName, metric: Double? = nil, isDamaged: Bool = false,
      isNewerFormat: Bool = false
    ) {
      self.name = name
      self.metric = metric
      self.isDamaged = isDamaged
      self.isNewerFormat = isNewerFormat
    }
  }

  /// Returns the names of the snapshots to remove.
  ///
  /// Snapshots of a newer format are neither removed nor counted.
  package func removals(_ candidates: [Candidate]) -> [SnapshotName] {
    let candidates = candidates.filter { !$0.isNewerFormat }
    let intact = candidates.filter { !$0.isDamaged }.sorted { $1.name < $0.name }
    var retained = Set(intact.prefix(last).map(\.name))
    let measured = intact.filter { !($0.metric ?? .nan).isNaN }
    func isBetter(_ a: Candidate, _ b: Candidate) -> Bool {
      let first = a.metric ?? 0
      let second = b.metric ?? 0
      return best == .lowest ? first < second : first > second
    }
    if best != nil, let found = measured.min(by: isBetter) { retained.insert(found.name) }
    return candidates.map(\.name).filter { !retained.contains($0) }.sorted()
  }
}
