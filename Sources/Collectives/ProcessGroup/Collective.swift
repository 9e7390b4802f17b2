/// One collective as a value: what is moved, how it is combined, and between whom.
///
/// A ``ProcessGroup`` starts it; wrappers compare, record or route it. All ranks start equal
/// collectives in the same order, but ``exchange(_:)``, which concerns the ranks that it names only.
/// Memory that is read must not overlap memory that is written, but for ``allGather(_:into:)``, whose
/// input may be its own place in the output.
public enum Collective: Sendable {
  /// Replaces the numbers on every rank by the combination of all ranks' numbers, place by place.
  case allReduce(CollectiveBuffer, ReduceOp)
  /// As ``allReduce(_:_:)`` for several buffers at once, which may be of different types.
  case allReduceCoalesced([CollectiveBuffer], ReduceOp)
  /// Replaces the numbers of `root` by the combination of all ranks' numbers; what the others hold
  /// afterwards is not promised.
  case reduce(CollectiveBuffer, ReduceOp, root: Int)
  /// Combines all ranks' numbers and gives rank r part r of them; the input has `worldSize` parts as
  /// long as the output. What the input holds afterwards is not promised.
  case reduceScatter(CollectiveBuffer, into: CollectiveBuffer, ReduceOp)
  /// Collects all ranks' numbers on every rank, in the order of the ranks; the output has `worldSize`
  /// times as many.
  case allGather(CollectiveBuffer, into: CollectiveBuffer)
  /// Collects all ranks' numbers on every rank; buffer r takes those of rank r, of which there may be
  /// another number for each rank.
  case allGatherUneven(CollectiveBuffer, into: [CollectiveBuffer])
  /// Sends input r to rank r, and takes what rank r sends into output r.
  case allToAll([CollectiveBuffer], into: [CollectiveBuffer])
  /// Replaces the numbers on every rank by those of `root`.
  case broadcast(CollectiveBuffer, root: Int)
  /// Collects all ranks' numbers on `root`, in the order of the ranks; the others pass no output.
  case gather(CollectiveBuffer, into: CollectiveBuffer?, root: Int)
  /// Gives rank r part r of the numbers of `root`; the others pass no input.
  case scatter(CollectiveBuffer?, into: CollectiveBuffer, root: Int)
  /// Ends when every rank has started it.
  case barrier
  /// Sends and receives, all at once and beside other collectives.
  case exchange([Transfer])
}

/// One message between two ranks.
///
/// Messages between two ranks under one tag arrive in the order in which they were sent.
public enum Transfer: Sendable {
  /// Sends numbers to another rank, which receives as many under the same tag.
  case send(CollectiveBuffer, to: Int, tag: Int)
  /// Receives numbers from another rank.
  case receive(CollectiveBuffer, from: Int, tag: Int)

  /// The tags that users may give; those above are for engines.
  public static let tags = 0..<1 << 30
}

extension Transfer {
  /// The memory that is read or written.
  public var buffer: CollectiveBuffer {
    switch self {
    case .send(let buffer, to: _, tag: _), .receive(let buffer, from: _, tag: _): buffer
    }
  }

  /// The other rank.
  public var peer: Int {
    switch self {
    case .send(_, let peer, tag: _), .receive(_, let peer, tag: _): peer
    }
  }

  /// What distinguishes the messages between two ranks.
  public var tag: Int {
    switch self {
    case .send(_, to: _, let tag), .receive(_, from: _, let tag): tag
    }
  }
}

extension Collective {
  /// The collective's name, as the method that does it: `allReduce`.
  public var name: String {
    switch self {
    case .allReduce: "allReduce"
    case .allReduceCoalesced: "allReduceCoalesced"
    case .reduce: "reduce"
    case .reduceScatter: "reduceScatter"
    case .allGather: "allGather"
    case .allGatherUneven: "allGatherUneven"
    case .allToAll: "allToAll"
    case .broadcast: "broadcast"
    case .gather: "gather"
    case .scatter: "scatter"
    case .barrier: "barrier"
    case .exchange: "exchange"
    }
  }

  /// How numbers are combined, where they are.
  public var op: ReduceOp? {
    switch self {
    case .allReduce(_, let op), .allReduceCoalesced(_, let op), .reduce(_, let op, root: _),
      .reduceScatter(_, into: _, let op):
      op
    default: nil
    }
  }

  /// The rank that gives or takes alone, where there is one.
  public var root: Int? {
    switch self {
    case .reduce(_, _, let root), .broadcast(_, let root), .gather(_, into: _, let root),
      .scatter(_, into: _, let root):
      root
    default: nil
    }
  }

  /// The GPU whose memory the collective moves; `nil` for the host's, and where it moves none.
  public var gpu: Int? { (inputs.first ?? outputs.first)?.gpu }

  /// The memory that the collective reads on this rank.
  public var inputs: [CollectiveBuffer] {
    switch self {
    case .allReduce(let buffer, _), .reduce(let buffer, _, root: _),
      .broadcast(let buffer, root: _),
      .reduceScatter(let buffer, into: _, _), .allGather(let buffer, into: _),
      .allGatherUneven(let buffer, into: _), .gather(let buffer, into: _, root: _):
      [buffer]
    case .allReduceCoalesced(let buffers, _), .allToAll(let buffers, into: _): buffers
    case .scatter(let buffer, into: _, root: _): buffer.map { [$0] } ?? []
    case .barrier: []
    case .exchange(let transfers):
      transfers.compactMap { if case .send(let buffer, to: _, tag: _) = $0 { buffer } else { nil } }
    }
  }

  /// The memory that the collective writes on this rank.
  public var outputs: [CollectiveBuffer] {
    switch self {
    case .allReduce(let buffer, _), .reduce(let buffer, _, root: _),
      .broadcast(let buffer, root: _),
      .reduceScatter(_, into: let buffer, _), .allGather(_, into: let buffer),
      .scatter(_, into: let buffer, root: _):
      [buffer]
    case .allReduceCoalesced(let buffers, _), .allGatherUneven(_, into: let buffers),
      .allToAll(_, into: let buffers):
      buffers
    case .gather(_, into: let buffer, root: _): buffer.map { [$0] } ?? []
    case .barrier: []
    case .exchange(let transfers):
      transfers.compactMap {
        if case .receive(let buffer, from: _, tag: _) = $0 { buffer } else { nil }
      }
    }
  }
}
