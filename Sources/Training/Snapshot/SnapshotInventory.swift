/// The snapshots in the folder, including those that the writer has yet to write.
package struct SnapshotInventory {
  private(set) var candidates: [SnapshotRetention.Candidate] = []

  /// The last step with a snapshot that is not known to be damaged.
  package var lastStep: Int? { candidates.filter { !$0.isDamaged }.map(\.name.step).max() }

  /// Adds a snapshot of a step and returns an unused name for it.
  mutating func add(step: Int, metric: Double?, isProvisional: Bool = false) -> SnapshotName {
    let taken = candidates.map(\.name).filter { $0.step == step }
    let name = SnapshotName(
      step: step,
      attempt: isProvisional && taken.isEmpty ? 0 : (taken.map(\.attempt).max() ?? 0) + 1)
    candidates.append(.init(name: name, metric: metric))
    return name
  }

  /// Drops the snapshots that `retention` does not keep and provisional ones that were replaced.
  ///
  /// Returns their names.
  mutating func prune(_ retention: SnapshotRetention) -> [SnapshotName] {
    let regular = Set(
      candidates.filter { !$0.isDamaged && !$0.name.isProvisional }.map(\.name.step))
    let replaced = candidates.map(\.name).filter { $0.isProvisional && regular.contains($0.step) }
    let removals = replaced + retention.removals(candidates.filter { !replaced.contains($0.name) })
    candidates.removeAll { removals.contains($0.name) }
    return removals
  }

  mutating func markDamaged(_ name: SnapshotName) {
    for index in candidates.indices where candidates[index].name == name {
      candidates[index].isDamaged = true
    }
  }
}

extension SnapshotInventory {
  /// Lists the snapshots in a folder; reads only their manifests.
  init(of folder: SnapshotFolder) throws(TrainingError) {
    candidates = try folder.names().map { name in
      do {
        let manifest = try SnapshotContents.manifest(in: folder.path(name))
        return .init(name: name, metric: manifest.metric)
      } catch {
        // Never remove a snapshot of a newer format version.
        let isDamaged = error is SnapshotDamage
        return .init(name: name, isDamaged: isDamaged, isNewerFormat: !isDamaged)
      }
    }
  }
}
