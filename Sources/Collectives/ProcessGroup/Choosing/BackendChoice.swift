/// What a rank tells the others before they choose an engine.
package struct RankPlace: Codable, Equatable, Sendable {
  package var host: HostIdentity
  /// What this rank was asked to use; `nil` to choose.
  package var backend: ProcessGroupBackend?
  /// Whether it compares every collective with the others.
  package var isChecked: Bool
  /// What its GPU can do, if it has one.
  package var gpu: GPUPlace?

  package init(
    host: HostIdentity, backend: ProcessGroupBackend?, isChecked: Bool, gpu: GPUPlace? = nil
  ) {
    (self.host, self.backend, self.isChecked, self.gpu) = (host, backend, isChecked, gpu)
  }
}

/// Which engine the ranks of a group use, and why: a pure function of what all of them tell.
package struct BackendChoice: Equatable, Sendable {
  package var backend: ProcessGroupBackend
  /// The reason, for the log.
  package var reason: String
  /// The ranks of each host, by their first.
  package let hosts: [[Int]]
  /// How what is on GPUs is moved; `nil` where no rank has one.
  package var gpus: GPUs?

  /// Chooses.
  ///
  /// - Parameters:
  ///   - places: What each rank tells; `nil` for a rank that is PyTorch's.
  ///   - rank: The rank that asks, for errors.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` where ranks want different things, or
  ///   something that cannot be.
  package init(_ places: [RankPlace?], rank: Int) throws(CollectiveError) {
    func refuse(_ message: String) -> CollectiveError {
      CollectiveError(.invalidArgument, message, rank: rank)
    }
    let known = places.indices.filter { places[$0] != nil }
    for other in known {
      guard let first = places[known[0]], let place = places[other] else { continue }
      if place.backend != first.backend {
        throw refuse(
          "rank \(known[0]) \(BackendChoice.wish(first)), but rank \(other) "
            + "\(BackendChoice.wish(place)): give all ranks the same backend, by the argument or by "
            + "LOCKSTEP_BACKEND")
      }
      if place.isChecked != first.isChecked {
        throw refuse(
          "rank \(first.isChecked ? known[0] : other) compares collectives and rank "
            + "\(first.isChecked ? other : known[0]) does not: give all ranks the same LOCKSTEP_DEBUG"
        )
      }
    }
    var wish = known.first.flatMap { places[$0]?.backend }
    let foreign = places.indices.filter { places[$0] == nil }
    hosts = BackendChoice.hosts(places)
    guard foreign.isEmpty else {
      let who = "\(rankList(foreign)) \(foreign.count == 1 ? "is" : "are") PyTorch's"
      if let wish, wish != .gloo {
        throw refuse("\(who), which has no \(wish.rawValue): set LOCKSTEP_BACKEND=gloo or nothing")
      }
      if known.contains(where: { places[$0]?.isChecked == true }) {
        throw refuse("\(who), and does not compare collectives: leave LOCKSTEP_DEBUG=detail out")
      }
      (backend, reason) = (.gloo, who)
      gpus = known.contains { places[$0]?.gpu != nil } ? .copied(who) : nil
      return
    }
    gpus = BackendChoice.gpus(places, wish)
    if wish == .nccl {
      if case .copied(let obstacle) = gpus {
        throw refuse("\(obstacle); leave LOCKSTEP_BACKEND out to do without NCCL")
      }
      wish = nil
    }
    let isOrdered = hosts.joined().elementsEqual(places.indices)
    if let wish {
      if wish == .sharedMemory, hosts.count > 1 {
        throw refuse(
          "\(rankList(hosts[1])) cannot share memory with rank 0: \(BackendChoice.apart(places, hosts)). "
            + "Use hierarchical or gloo")
      }
      if wish == .hierarchical, !isOrdered {
        throw refuse(
          "a hierarchical group needs ranks side by side on each host, but \(rankList(hosts[0])) are "
            + "on one: number them so, or use gloo")
      }
      (backend, reason) = (wish, "as asked for")
    } else if hosts.count == 1 {
      (backend, reason) = (.sharedMemory, "all on one host")
    } else if hosts.count == places.count {
      (backend, reason) = (.gloo, "each by itself: \(BackendChoice.apart(places, hosts))")
    } else if isOrdered {
      reason = "on \(hosts.count) hosts: \(BackendChoice.apart(places, hosts))"
      backend = .hierarchical
    } else {
      (backend, reason) = (.gloo, "the ranks of a host are not side by side")
    }
  }

  /// The line for the log.
  package func line(worldSize: Int) -> String {
    "lockstep: \(worldSize) rank\(worldSize == 1 ? "" : "s") over \(backend.rawValue) (\(reason))"
      + (gpus.map { ", \($0)" } ?? "")
  }

  private static func hosts(_ places: [RankPlace?]) -> [[Int]] {
    var order: [HostIdentity] = []
    var ranks: [HostIdentity: [Int]] = [:]
    for (rank, place) in places.enumerated() {
      guard let host = place?.host else { continue }
      if ranks[host] == nil { order.append(host) }
      ranks[host, default: []].append(rank)
    }
    return order.compactMap { ranks[$0] }
  }

  /// Why the ranks are not all on one host.
  private static func apart(_ places: [RankPlace?], _ hosts: [[Int]]) -> String {
    let boots = Set(places.compactMap { $0?.host.boot })
    return boots.count == hosts.count
      ? "other machines"
      : "on a machine are containers that do not see each other's processes"
  }

  private static func wish(_ place: RankPlace) -> String {
    place.backend.map { "asks for \($0.rawValue)" } ?? "asks for no backend"
  }
}
