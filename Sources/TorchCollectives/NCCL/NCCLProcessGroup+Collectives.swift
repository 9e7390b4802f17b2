internal import CNCCL
internal import Collectives

/// A call of NCCL, given its communicator and its stream.
typealias NCCLCall = (OpaquePointer, UnsafeMutableRawPointer?) -> cnccl_result

extension NCCLProcessGroup {
  /// The calls of NCCL that run a collective, to be started as one group; none if no element is
  /// moved.
  func calls(_ collective: Collective) throws(CollectiveError) -> [NCCLCall] {
    switch collective {
    case .allReduce(let buffer, let op): return try allReduce([buffer], op)
    case .allReduceCoalesced(let buffers, let op): return try allReduce(buffers, op)
    case .reduce(let buffer, let op, let root):
      let reduction = try NCCLReduction(op, of: buffer.elementType, rank: rank)
      return call(buffer) { [nccl] in
        nccl.Reduce(
          buffer.address, buffer.address, buffer.count, reduction.type, reduction.op, Int32(root),
          $0,
          $1)
      }
    case .reduceScatter(let input, into: let output, let op):
      let reduction = try NCCLReduction(op, of: output.elementType, rank: rank)
      return call(output) { [nccl] in
        nccl.ReduceScatter(
          input.address, output.address, output.count, reduction.type, reduction.op, $0, $1)
      }
    case .allGather(let input, into: let output):
      return call(input) { [nccl] in
        nccl.AllGather(
          input.address, output.address, input.byteCount, ElementType.ncclBytes, $0, $1)
      }
    case .allGatherUneven(let input, into: let outputs):
      return outputs.enumerated().flatMap { peer, output in
        broadcast(peer == rank ? input : output, into: output, from: peer)
      }
    case .broadcast(let buffer, let root): return broadcast(buffer, into: buffer, from: root)
    case .allToAll(let inputs, into: let outputs): return sends(inputs) + receives(outputs)
    case .gather(let input, into: let output, let root):
      return send(input, to: root) + receives(output?.parts(worldSize) ?? [])
    case .scatter(let input, into: let output, let root):
      return sends(input?.parts(worldSize) ?? []) + receive(output, from: root)
    case .barrier: return try allReduce([token()], .sum)
    case .exchange(let transfers):
      // NCCL has no tags, so the order distinguishes the messages.
      let order = transfers.indices.sorted { (transfers[$0].tag, $0) < (transfers[$1].tag, $1) }
      return order.flatMap { index in
        switch transfers[index] {
        case .send(let buffer, let peer, tag: _): send(buffer, to: peer)
        case .receive(let buffer, let peer, tag: _): receive(buffer, from: peer)
        }
      }
    }
  }

  private var nccl: cnccl_library { library.calls }

  /// Returns a call that moves this rank's part, or none if the part is empty.
  ///
  /// A part that is empty on one rank is empty on all ranks.
  private func call(_ share: CollectiveBuffer, _ call: @escaping NCCLCall) -> [NCCLCall] {
    share.count > 0 ? [call] : []
  }

  private func allReduce(_ buffers: [CollectiveBuffer], _ op: ReduceOp) throws(CollectiveError)
    -> [NCCLCall]
  {
    var calls: [NCCLCall] = []
    for buffer in buffers {
      let reduction = try NCCLReduction(op, of: buffer.elementType, rank: rank)
      calls += call(buffer) { [nccl] in
        nccl.AllReduce(
          buffer.address, buffer.address, buffer.count, reduction.type, reduction.op, $0, $1)
      }
    }
    return calls
  }

  private func broadcast(_ input: CollectiveBuffer, into output: CollectiveBuffer, from root: Int)
    -> [NCCLCall]
  {
    call(output) { [nccl] in
      nccl.Broadcast(
        input.address, output.address, output.byteCount, ElementType.ncclBytes, Int32(root), $0, $1)
    }
  }

  private func sends(_ buffers: [CollectiveBuffer]) -> [NCCLCall] {
    buffers.enumerated().flatMap { send($1, to: $0) }
  }

  private func receives(_ buffers: [CollectiveBuffer]) -> [NCCLCall] {
    buffers.enumerated().flatMap { receive($1, from: $0) }
  }

  private func send(_ buffer: CollectiveBuffer, to peer: Int) -> [NCCLCall] {
    call(buffer) { [nccl] in
      nccl.Send(buffer.address, buffer.byteCount, ElementType.ncclBytes, Int32(peer), $0, $1)
    }
  }

  private func receive(_ buffer: CollectiveBuffer, from peer: Int) -> [NCCLCall] {
    call(buffer) { [nccl] in
      nccl.Recv(buffer.address, buffer.byteCount, ElementType.ncclBytes, Int32(peer), $0, $1)
    }
  }
}
