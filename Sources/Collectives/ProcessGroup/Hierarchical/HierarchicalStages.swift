/// How a collective of all ranks is made of collectives inside the host and among the leaders.
struct HierarchicalStages: Sendable {
  let hosts: HostLayout
  let rank: Int
  let local: any ProcessGroup
  /// On a host's first rank only.
  let leaders: (any ProcessGroup)?

  /// Runs a collective from start to end.
  func run(_ collective: Collective, at site: CallSite) throws(CollectiveError) {
    switch collective {
    case .barrier:
      try local.start(.barrier, at: site).wait()
      try leaders?.start(.barrier, at: site).wait()
      try local.start(.barrier, at: site).wait()
    case .allReduce(let buffer, let op):
      try local.start(.reduce(buffer, op.partial, root: 0), at: site).wait()
      try leaders?.start(.allReduce(buffer, op.partial), at: site).wait()
      if leaders != nil { finish(buffer, op) }
      try local.start(.broadcast(buffer, root: 0), at: site).wait()
    case .allReduceCoalesced(let buffers, let op):
      for buffer in buffers { try run(.allReduce(buffer, op), at: site) }
    case .reduce(let buffer, let op, let root):
      try local.start(.reduce(buffer, op.partial, root: 0), at: site).wait()
      try leaders?.start(.reduce(buffer, op.partial, root: hosts.host(of: root)), at: site).wait()
      // From the leader to the root; the others of its host may hold anything afterwards.
      if hosts.host(of: root) == hosts.mine {
        try local.start(.broadcast(buffer, root: 0), at: site).wait()
      }
      if rank == root { finish(buffer, op) }
    case .reduceScatter(let input, into: let output, let op):
      try local.start(.reduce(input, op.partial, root: 0), at: site).wait()
      let blocks = blocks(of: input, output.count)
      if let leaders {
        for host in blocks.indices {
          try leaders.start(.reduce(blocks[host], op.partial, root: host), at: site).wait()
        }
      }
      let mine = leaders == nil ? nil : blocks[hosts.mine]
      try local.start(.scatter(mine, into: output, root: 0), at: site).wait()
      finish(output, op)
    case .broadcast(let buffer, let root):
      let (host, isMine) = (hosts.host(of: root), hosts.host(of: root) == hosts.mine)
      if isMine {
        let place = root - hosts.ranges[host].lowerBound
        try local.start(.broadcast(buffer, root: place), at: site).wait()
      }
      try leaders?.start(.broadcast(buffer, root: host), at: site).wait()
      if !isMine { try local.start(.broadcast(buffer, root: 0), at: site).wait() }
    case .allGather(let input, into: let output):
      output.parts(worldSize)[rank].copy(from: input)
      try gather(output.parts(worldSize), at: site)
    case .allGatherUneven(let input, into: let outputs):
      outputs[rank].copy(from: input)
      try gather(outputs, at: site)
    case .allToAll, .gather, .scatter, .exchange:
      preconditionFailure("\(collective.name) goes through the flat group")
    }
  }

  private var worldSize: Int { hosts.ranges.last?.upperBound ?? 0 }

  /// Spreads each rank's part, which it has in its place already.
  private func gather(_ parts: [CollectiveBuffer], at site: CallSite) throws(CollectiveError) {
    let range = hosts.ranges[hosts.mine]
    try all(range) { (peer) throws(CollectiveError) in
      try local.start(.broadcast(parts[peer], root: peer - range.lowerBound), at: site)
    }
    if let leaders {
      try all(parts.indices) { (peer) throws(CollectiveError) in
        try leaders.start(.broadcast(parts[peer], root: hosts.host(of: peer)), at: site)
      }
    }
    try all(parts.indices.filter { !range.contains($0) }) { (peer) throws(CollectiveError) in
      try local.start(.broadcast(parts[peer], root: 0), at: site)
    }
  }

  private func all(
    _ ranks: some Sequence<Int>, _ start: (Int) throws(CollectiveError) -> any Work
  ) throws(CollectiveError) {
    var running: [any Work] = []
    for rank in ranks { running.append(try start(rank)) }
    for work in running { try work.wait() }
  }

  /// The part of a buffer that belongs to each host, given what belongs to a rank.
  private func blocks(of buffer: CollectiveBuffer, _ count: Int) -> [CollectiveBuffer] {
    hosts.ranges.map { buffer.slice($0.lowerBound * count..<$0.upperBound * count) }
  }

  private func finish(_ buffer: CollectiveBuffer, _ op: ReduceOp) {
    if op == .average { Reduction.divide(buffer, by: worldSize) }
  }
}

extension ReduceOp {
  /// What parts of the ranks do: an average is a sum until all are in it.
  fileprivate var partial: ReduceOp { self == .average ? .sum : self }
}
