/// The snapshots in the folder, including those that the writer has yet to write.
struct SnapshotInventory {
  private(set) var candidates: [SnapshotRetention.Candidate] = []

  /// The last step with a snapshot that is not known to be damaged.
  var lastStep: Int? { candidates.filter { !$0.isDamaged }.map(\.name.step).max() }

  /// Adds a snapshot of a step and returns an unused name for it.
  mutating func add(step: Int, metric: Double?) -> SnapshotName {
    let taken = candidates.map(\.name).filter { $0.step == step }
    let name = SnapshotName(step: step, attempt: (taken.map(\.attempt).max() ?? 0) + 1)
    candidates.append(.init(name: name, metric: metric))
    return name
  }

  /// Drops the snapshots that `retention` does not keep, and returns their names.
  mutating func prune(_ retention: SnapshotRetention) -> [SnapshotName] {
    let removals = retention.removals(candidates)
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
