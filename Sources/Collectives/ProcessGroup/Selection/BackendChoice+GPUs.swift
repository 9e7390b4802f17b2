/// What a rank publishes about its GPU.
package struct GPUInfo: Codable, Equatable, Sendable {
  /// Why NCCL cannot use it; `nil` if it can.
  package var obstacle: String?

  package init(obstacle: String? = nil) { self.obstacle = obstacle }
}

extension BackendChoice {
  /// How collectives move GPU memory.
  package enum GPUs: Equatable, Sendable, CustomStringConvertible {
    case nccl
    /// Through copies in host memory, for the given reason.
    case copied(String)

    /// The text in ``BackendChoice/line(worldSize:)``.
    package var description: String {
      switch self {
      case .nccl: "GPUs over nccl"
      case .copied(let reason): "GPUs copied through the host (\(reason))"
      }
    }
  }

  /// Chooses NCCL if all ranks can use it and no other backend was requested.
  ///
  /// - Returns: `nil` if no rank has a GPU, unless NCCL was requested.
  static func gpus(_ ranks: [RankInfo?], _ requested: ProcessGroupBackend?) -> GPUs? {
    if requested == nil || requested == .some(.nccl) {
      let without = ranks.indices.filter { ranks[$0]?.gpu == nil }
      if requested == nil, without.count == ranks.count { return nil }
      if let rank = without.first {
        return .copied("nccl needs a GPU per rank, and rank \(rank) has none")
      }
      let obstacle = ranks.indices.lazy.compactMap { rank in
        ranks[rank]?.gpu?.obstacle.map { "rank \(rank): \($0)" }
      }.first
      return obstacle.map { .copied($0) } ?? .nccl
    }
    return ranks.contains { $0?.gpu != nil } ? .copied("as requested") : nil
  }
}
