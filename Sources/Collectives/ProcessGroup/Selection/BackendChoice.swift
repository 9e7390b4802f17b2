/// What a rank publishes in the store before the ranks choose a backend.
package struct RankInfo: Codable, Equatable, Sendable {
  package var host: HostIdentity
  /// The backend requested on this rank; `nil` to choose.
  package var backend: ProcessGroupBackend?
  /// Whether it compares every collective across the ranks.
  package var isChecked: Bool
  /// Its GPU, if it has one.
  package var gpu: GPUInfo?

  package init(
    host: HostIdentity, backend: ProcessGroupBackend?, isChecked: Bool, gpu: GPUInfo? = nil
  ) {
    self.host = host
    self.backend = backend
    self.isChecked = isChecked
    self.gpu = gpu
  }
}

/// The backend of a group and the reason for it: a pure function of what all ranks publish.
package struct BackendChoice: Equatable, Sendable {
  package var backend: ProcessGroupBackend
  /// The reason, for the log.
  package var reason: String
  /// The ranks of each host, ordered by the host's first rank.
  package let hosts: [[Int]]
  /// How collectives move GPU memory; `nil` if no rank has a GPU.
  package var gpus: GPUs?

  /// Chooses a backend.
  ///
  /// - Parameters:
  ///   - ranks: What each rank published; `nil` for a rank of PyTorch.
  ///   - rank: This rank, for errors.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if the ranks request different
  ///   backends, or one that they cannot use.
  package init(_ ranks: [RankInfo?], rank: Int) throws(CollectiveError) {
    func invalid(_ message: String) -> CollectiveError {
      CollectiveError(.invalidArgument, message, rank: rank)
    }
    let known = ranks.indices.filter { ranks[$0] != nil }
    for other in known {
      guard let first = ranks[known[0]], let info = ranks[other] else { continue }
      if info.backend != first.backend {
        throw invalid(
          "rank \(known[0]) requests \(BackendChoice.requested(first)), but rank \(other) requests "
            + "\(BackendChoice.requested(info)): set the same backend on all ranks, by the "
            + "argument or by LOCKSTEP_BACKEND")
      }
      if info.isChecked != first.isChecked {
        throw invalid(
          "rank \(first.isChecked ? known[0] : other) compares collectives, but rank "
            + "\(first.isChecked ? other : known[0]) does not: set the same LOCKSTEP_DEBUG on all "
            + "ranks"
        )
      }
    }
    var requested = known.first.flatMap { ranks[$0]?.backend }
    let foreign = ranks.indices.filter { ranks[$0] == nil }
    hosts = BackendChoice.hosts(ranks)
    guard foreign.isEmpty else {
      let pyTorch = "\(rankList(foreign)) \(foreign.count == 1 ? "runs" : "run") PyTorch"
      if let requested, requested != .gloo {
        throw invalid(
          "\(pyTorch), which has no backend \(requested.rawValue): set LOCKSTEP_BACKEND=gloo, or "
            + "leave it unset"
        )
      }
      if known.contains(where: { ranks[$0]?.isChecked == true }) {
        throw invalid("\(pyTorch), which does not compare collectives: unset LOCKSTEP_DEBUG=detail")
      }
      backend = .gloo
      reason = pyTorch
      gpus = known.contains { ranks[$0]?.gpu != nil } ? .copied(pyTorch) : nil
      return
    }
    gpus = BackendChoice.gpus(ranks, requested)
    if requested == .nccl {
      if case .copied(let obstacle) = gpus {
        throw invalid("\(obstacle): unset LOCKSTEP_BACKEND to run without NCCL")
      }
      requested = nil
    }
    let isOrdered = hosts.joined().elementsEqual(ranks.indices)
    if let requested {
      if requested == .sharedMemory, hosts.count > 1 {
        throw invalid(
          "\(rankList(hosts[1])) cannot share memory with rank 0: "
            + "\(BackendChoice.separation(ranks, hosts)). Use hierarchical or gloo")
      }
      if requested == .hierarchical, !isOrdered {
        throw invalid(
          "a hierarchical group needs consecutive ranks on each host, but \(rankList(hosts[0])) "
            + "are on one host: renumber the ranks, or use gloo")
      }
      backend = requested
      reason = "as requested"
    } else if hosts.count == 1 {
      backend = .sharedMemory
      reason = "all ranks on one host"
    } else if hosts.count == ranks.count {
      backend = .gloo
      reason = "one rank per host: \(BackendChoice.separation(ranks, hosts))"
    } else if isOrdered {
      backend = .hierarchical
      reason = "\(hosts.count) hosts: \(BackendChoice.separation(ranks, hosts))"
    } else {
      backend = .gloo
      reason = "the ranks of a host are not consecutive"
    }
  }

  /// The message for the log.
  package func line(worldSize: Int) -> String {
    "\(worldSize) rank\(worldSize == 1 ? "" : "s") over \(backend.rawValue) (\(reason))"
      + (gpus.map { ", \($0)" } ?? "")
  }

  private static func hosts(_ ranks: [RankInfo?]) -> [[Int]] {
    var order: [HostIdentity] = []
    var members: [HostIdentity: [Int]] = [:]
    for (rank, info) in ranks.enumerated() {
      guard let host = info?.host else { continue }
      if members[host] == nil { order.append(host) }
      members[host, default: []].append(rank)
    }
    return order.compactMap { members[$0] }
  }

  /// Why the ranks are not all on one host.
  private static func separation(_ ranks: [RankInfo?], _ hosts: [[Int]]) -> String {
    let boots = Set(ranks.compactMap { $0?.host.boot })
    return boots.count == hosts.count
      ? "different machines"
      : "containers on one machine that do not see each other's processes"
  }

  private static func requested(_ info: RankInfo) -> String {
    info.backend?.rawValue ?? "no backend"
  }
}
