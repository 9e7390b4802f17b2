/// What a rank tells about its GPU.
package struct GPUPlace: Codable, Equatable, Sendable {
  /// Why NCCL cannot work there; `nil` if it can.
  package var obstacle: String?

  package init(obstacle: String? = nil) { self.obstacle = obstacle }
}

extension BackendChoice {
  /// How what is on GPUs is moved.
  package enum GPUs: Equatable, Sendable, CustomStringConvertible {
    case nccl
    /// Copied to the host, moved by its engine, and copied back; with the reason.
    case copied(String)

    /// For the line of the log.
    package var description: String {
      switch self {
      case .nccl: "GPUs over nccl"
      case .copied(let reason): "GPUs copied through the host (\(reason))"
      }
    }
  }

  /// NCCL if all ranks can have it, and none asked for something else; `nil` where no rank has a GPU, unless
  /// it was asked for.
  static func gpus(_ places: [RankPlace?], _ wish: ProcessGroupBackend?) -> GPUs? {
    if wish == nil || wish == .some(.nccl) {
      let without = places.indices.filter { places[$0]?.gpu == nil }
      if wish == nil, without.count == places.count { return nil }
      if let rank = without.first {
        return .copied("nccl needs a GPU for each rank, and rank \(rank) has none")
      }
      let obstacle = places.indices.lazy.compactMap { rank in
        places[rank]?.gpu?.obstacle.map { "rank \(rank): \($0)" }
      }.first
      return obstacle.map { .copied($0) } ?? .nccl
    }
    return places.contains { $0?.gpu != nil } ? .copied("as asked for") : nil
  }
}
