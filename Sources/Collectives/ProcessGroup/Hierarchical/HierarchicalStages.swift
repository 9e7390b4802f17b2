/// Runs a collective of all ranks as collectives within each host and between the leaders.
struct HierarchicalStages: Sendable {
  let hosts: HostLayout
  let rank: Int
  let local: Stage
  /// The group of leaders; `nil` unless this rank is the first of its host.
  let leaders: Stage?

  init(
    hosts: HostLayout, rank: Int, local: any ProcessGroup, leaders: (any ProcessGroup)?
  ) {
    self.hosts = hosts
    self.rank = rank
    self.local = Stage(
      group: local, ranks: Array(hosts.ranges[hosts.mine]), name: "the group of one host")
    self.leaders = leaders.map {
      Stage(group: $0, ranks: hosts.ranges.map(\.lowerBound), name: "the group of leaders")
    }
  }

  /// Runs a collective from start to end.
  func run(_ collective: Collective, at site: CallSite) throws(CollectiveError) {
    switch collective {
    case .barrier:
      try local.run(.barrier, at: site)
      try leaders?.run(.barrier, at: site)
      try local.run(.barrier, at: site)
    case .allReduce(let buffer, let op):
      try local.run(.reduce(buffer, op.partial, root: 0), at: site)
      try leaders?.run(.allReduce(buffer, op.partial), at: site)
      if leaders != nil { finish(buffer, op) }
      try local.run(.broadcast(buffer, root: 0), at: site)
    case .allReduceCoalesced(let buffers, let op):
      for buffer in buffers { try run(.allReduce(buffer, op), at: site) }
    case .reduce(let buffer, let op, let root):
      try local.run(.reduce(buffer, op.partial, root: 0), at: site)
      try leaders?.run(.reduce(buffer, op.partial, root: hosts.host(of: root)), at: site)
      // Moves the result from the leader to the root; the content on other ranks is unspecified.
      if hosts.host(of: root) == hosts.mine {
        try local.run(.broadcast(buffer, root: 0), at: site)
      }
      if rank == root { finish(buffer, op) }
    case .reduceScatter(let input, into: let output, let op):
      try local.run(.reduce(input, op.partial, root: 0), at: site)
      let blocks = blocks(of: input, output.count)
      for host in blocks.indices {
        try leaders?.run(.reduce(blocks[host], op.partial, root: host), at: site)
      }
      let mine = leaders == nil ? nil : blocks[hosts.mine]
      try local.run(.scatter(mine, into: output, root: 0), at: site)
      finish(output, op)
    case .broadcast(let buffer, let root):
      let host = hosts.host(of: root)
      let isMine = host == hosts.mine
      if isMine {
        let localRoot = root - hosts.ranges[host].lowerBound
        try local.run(.broadcast(buffer, root: localRoot), at: site)
      }
      try leaders?.run(.broadcast(buffer, root: host), at: site)
      if !isMine { try local.run(.broadcast(buffer, root: 0), at: site) }
    case .allGather(let input, into: let output):
      output.parts(worldSize)[rank].copy(from: input)
      try gather(output.parts(worldSize), at: site)
    case .allGatherUneven(let input, into: let outputs):
      outputs[rank].copy(from: input)
      try gather(outputs, at: site)
    case .allToAll, .gather, .scatter, .exchange:
      preconditionFailure("\(collective.name) runs in the flat group")
    }
  }

  private var worldSize: Int { hosts.ranges.last?.upperBound ?? 0 }

  /// Broadcasts every rank's part to all ranks; `parts[rank]` already contains this rank's part.
  private func gather(_ parts: [CollectiveBuffer], at site: CallSite) throws(CollectiveError) {
    let range = hosts.ranges[hosts.mine]
    let others = parts.indices.filter { !range.contains($0) }
    try local.run(
      range.map { .broadcast(parts[$0], root: $0 - range.lowerBound) }, at: site)
    try leaders?.run(
      parts.indices.map { .broadcast(parts[$0], root: hosts.host(of: $0)) }, at: site)
    try local.run(others.map { .broadcast(parts[$0], root: 0) }, at: site)
  }

  /// The part of a buffer for each host, with `count` elements per rank.
  private func blocks(of buffer: CollectiveBuffer, _ count: Int) -> [CollectiveBuffer] {
    hosts.ranges.map { buffer.slice($0.lowerBound * count..<$0.upperBound * count) }
  }

  private func finish(_ buffer: CollectiveBuffer, _ op: ReduceOp) {
    if op == .average { Reduction.divide(buffer, by: worldSize) }
  }
}

/// One of the groups that a hierarchical group combines.
struct Stage: Sendable {
  let group: any ProcessGroup
  /// Its ranks, as numbered among all ranks.
  let ranks: [Int]
  /// Its name in errors.
  let name: String

  func run(_ collective: Collective, at site: CallSite) throws(CollectiveError) {
    try run([collective], at: site)
  }

  /// Starts collectives together, and waits for all.
  func run(_ collectives: [Collective], at site: CallSite) throws(CollectiveError) {
    try translatingRanks { () throws(CollectiveError) in
      var running: [any Work] = []
      for collective in collectives { running.append(try group.start(collective, at: site)) }
      for work in running { try work.wait() }
    }
  }

  /// Runs `body`; errors name ranks as numbered among all ranks.
  func translatingRanks(_ body: () throws(CollectiveError) -> Void) throws(CollectiveError) {
    do {
      try body()
    } catch {
      let peer = error.peer.map { ranks[$0] }
      let numbering = error.peer.map { " (its rank \($0) is rank \(ranks[$0]) of all ranks)" }
      throw CollectiveError(
        error.code, "in \(name)\(numbering ?? ""): \(error.message)", rank: ranks[group.rank],
        peer: peer, cause: error.cause)
    }
  }
}

extension ReduceOp {
  /// The reduction of some of the ranks: a sum for an average, which is divided after the last
  /// stage.
  fileprivate var partial: ReduceOp { self == .average ? .sum : self }
}
