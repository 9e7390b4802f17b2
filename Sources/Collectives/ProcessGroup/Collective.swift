/// A collective as a value: its buffers, its reduction and its root.
///
/// A ``ProcessGroup`` starts it; wrappers compare, record or route it. All ranks start the same
/// collectives in the same order. The exception is ``exchange(_:)``, which involves only the ranks
/// that it names. Inputs must not overlap outputs, except that the input of ``allGather(_:into:)``
/// may be this rank's part of the output.
public enum Collective: Sendable {
  /// Replaces the elements on every rank by the reduction over all ranks.
  case allReduce(CollectiveBuffer, ReduceOp)
  /// Like ``allReduce(_:_:)`` for several buffers at once, which may have different types.
  case allReduceCoalesced([CollectiveBuffer], ReduceOp)
  /// Replaces the elements on `root` by the reduction over all ranks. The content on other ranks is
  /// unspecified afterwards.
  case reduce(CollectiveBuffer, ReduceOp, root: Int)
  /// Reduces the input over all ranks and writes part r of the result to the output of rank r. The
  /// input has `worldSize` times as many elements as the output; its content is unspecified
  /// afterwards.
  case reduceScatter(CollectiveBuffer, into: CollectiveBuffer, ReduceOp)
  /// Gathers the elements of all ranks on every rank, in rank order. The output has `worldSize`
  /// times as many elements as the input.
  case allGather(CollectiveBuffer, into: CollectiveBuffer)
  /// Gathers the elements of all ranks on every rank: `outputs[r]` receives those of rank r. Counts
  /// may differ per rank.
  case allGatherUneven(CollectiveBuffer, into: [CollectiveBuffer])
  /// Sends `inputs[r]` to rank r, and receives from rank r into `outputs[r]`.
  case allToAll([CollectiveBuffer], into: [CollectiveBuffer])
  /// Replaces the elements on every rank by those of `root`.
  case broadcast(CollectiveBuffer, root: Int)
  /// Gathers the elements of all ranks on `root`, in rank order; other ranks pass no output.
  case gather(CollectiveBuffer, into: CollectiveBuffer?, root: Int)
  /// Writes part r of the elements of `root` to the output of rank r; other ranks pass no input.
  case scatter(CollectiveBuffer?, into: CollectiveBuffer, root: Int)
  /// Completes when every rank has started it.
  case barrier
  /// Sends and receives messages, all at once and independently of other collectives.
  case exchange([Transfer])
}

/// One end of a message between two ranks.
///
/// Messages between two ranks with the same tag arrive in the order in which they were sent.
public enum Transfer: Sendable {
  /// Sends elements to another rank, which receives the same number with the same tag.
  case send(CollectiveBuffer, to: Int, tag: Int)
  /// Receives elements from another rank.
  case receive(CollectiveBuffer, from: Int, tag: Int)

  /// The tags that programs may use; backends use those above.
  public static let tags = 0..<1 << 30
}

extension Transfer {
  /// The buffer that is sent or filled.
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

  /// The tag that matches a send with its receive.
  public var tag: Int {
    switch self {
    case .send(_, to: _, let tag), .receive(_, from: _, let tag): tag
    }
  }
}

extension Collective {
  /// The name of the method that starts it, such as `allReduce`.
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

  /// The reduction; `nil` for collectives that do not reduce.
  public var op: ReduceOp? {
    switch self {
    case .allReduce(_, let op), .allReduceCoalesced(_, let op), .reduce(_, let op, root: _),
      .reduceScatter(_, into: _, let op):
      op
    default: nil
    }
  }

  /// The root; `nil` for collectives without one.
  public var root: Int? {
    switch self {
    case .reduce(_, _, let root), .broadcast(_, let root), .gather(_, into: _, let root),
      .scatter(_, into: _, let root):
      root
    default: nil
    }
  }

  /// The GPU that holds the buffers; `nil` for host memory, and for collectives without buffers.
  public var gpu: Int? { (inputs.first ?? outputs.first)?.gpu }

  /// The buffers that the collective reads on this rank.
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

  /// The buffers that the collective writes on this rank.
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
