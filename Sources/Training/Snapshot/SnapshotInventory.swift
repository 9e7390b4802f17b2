/// Which snapshots are in the folder, or will be when the writer is done.
struct SnapshotInventory {
  private(set) var candidates: [SnapshotRetention.Candidate] = []

  /// The last step of which there is a snapshot that is not known to be damaged.
  var lastStep: Int? { candidates.filter { !$0.isDamaged }.map(\.name.step).max() }

  /// A free name for a snapshot of a step.
  mutating func add(step: Int, metric: Double?) -> SnapshotName {
    let taken = candidates.map(\.name).filter { $0.step == step }
    let name = SnapshotName(step: step, attempt: (taken.map(\.attempt).max() ?? 0) + 1)
    candidates.append(.init(name: name, metric: metric))
    return name
  }

  /// Forgets those that can go, and returns their names.
  mutating func prune(_ retention: SnapshotRetention) -> [SnapshotName] {
    let removals = retention.removals(candidates)
    candidates.removeAll { removals.contains($0.name) }
    return removals
  }

  mutating func noteDamage(_ name: SnapshotName) {
    for index in candidates.indices where candidates[index].name == name {
      candidates[index].isDamaged = true
    }
  }
}

extension SnapshotInventory {
  /// Looks at what is there; of each snapshot only the manifest is read.
  init(of folder: SnapshotFolder) throws(TrainingError) {
    candidates = try folder.names().map { name in
      do {
        let manifest = try SnapshotContents.manifest(in: folder.path(name))
        return .init(name: name, metric: manifest.metric)
      } catch {
        // One of a newer version is none of ours to remove.
        let isDamaged = error is SnapshotDamage
        return .init(name: name, isDamaged: isDamaged, isForeign: !isDamaged)
      }
    }
  }
}
