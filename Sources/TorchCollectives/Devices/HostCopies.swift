internal import Collectives
internal import Torch

/// A collective on GPU memory, converted to one on copies in host memory.
struct HostCopies: Sendable {
  /// The collective on the copies.
  let collective: Collective
  private let outputs: [(device: Tensor, host: Tensor)]

  /// Copies the inputs to the host, after the work that the GPU has enqueued.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` for memory that does not belong to a
  ///   tensor.
  init(of collective: Collective) throws(CollectiveError) {
    var pairs: [UnsafeMutableRawPointer: [(device: Tensor, host: Tensor)]] = [:]
    func copy(_ buffer: CollectiveBuffer) throws(CollectiveError) -> CollectiveBuffer {
      // A buffer that is both input and output has one copy.
      if let pair = pairs[buffer.address]?.first(where: { $0.host.count == buffer.count }) {
        return try CollectiveBuffer(pair.host)
      }
      let device = try buffer.tensor()
      let host = Tensor.empty([buffer.count], dtype: device.dtype)
      noGrad { host.copy_(device) }
      pairs[buffer.address, default: []].append((device, host))
      return try CollectiveBuffer(host)
    }
    self.collective = try collective.map(copy)
    outputs = collective.outputs.compactMap { buffer in
      pairs[buffer.address]?.first { $0.host.count == buffer.count }
    }
  }

  /// Copies the outputs back to the GPU.
  func copyBack() {
    noGrad {
      for (device, host) in outputs { device.copy_(host) }
    }
  }
}

extension CollectiveBuffer {
  /// The buffer as a view of its tensor, shape `[count]`.
  fileprivate func tensor() throws(CollectiveError) -> Tensor {
    guard let whole = owner as? Tensor, ElementType(whole.dtype) == elementType else {
      throw CollectiveError(
        .invalidArgument,
        "cannot copy memory of GPU \(gpu ?? 0) to the host, because it does not belong to a "
          + "tensor: create the buffer with CollectiveBuffer(tensor)")
    }
    guard count > 0, let start = whole.dataAddress else {
      return whole.detach().reshape([whole.count]).narrow(dim: 0, start: 0, length: 0)
    }
    let offset = (address - start) / elementType.byteCount
    return whole.detach().reshape([whole.count])
      .narrow(dim: 0, start: offset, length: count)
  }
}

extension Collective {
  /// The same collective on other buffers.
  func map(_ change: (CollectiveBuffer) throws(CollectiveError) -> CollectiveBuffer)
    throws(CollectiveError) -> Collective
  {
    func all(_ buffers: [CollectiveBuffer]) throws(CollectiveError) -> [CollectiveBuffer] {
      var changed: [CollectiveBuffer] = []
      for buffer in buffers { changed.append(try change(buffer)) }
      return changed
    }
    func some(_ buffer: CollectiveBuffer?) throws(CollectiveError) -> CollectiveBuffer? {
      if let buffer { try change(buffer) } else { nil }
    }
    switch self {
    case .allReduce(let buffer, let op): return .allReduce(try change(buffer), op)
    case .allReduceCoalesced(let buffers, let op): return .allReduceCoalesced(try all(buffers), op)
    case .reduce(let buffer, let op, let root): return .reduce(try change(buffer), op, root: root)
    case .reduceScatter(let input, into: let output, let op):
      return .reduceScatter(try change(input), into: try change(output), op)
    case .allGather(let input, into: let output):
      return .allGather(try change(input), into: try change(output))
    case .allGatherUneven(let input, into: let outputs):
      return .allGatherUneven(try change(input), into: try all(outputs))
    case .allToAll(let inputs, into: let outputs):
      return .allToAll(try all(inputs), into: try all(outputs))
    case .broadcast(let buffer, let root): return .broadcast(try change(buffer), root: root)
    case .gather(let input, into: let output, let root):
      return .gather(try change(input), into: try some(output), root: root)
    case .scatter(let input, into: let output, let root):
      return .scatter(try some(input), into: try change(output), root: root)
    case .barrier: return .barrier
    case .exchange(let transfers):
      var changed: [Transfer] = []
      for transfer in transfers {
        switch transfer {
        case .send(let buffer, let peer, let tag):
          changed.append(.send(try change(buffer), to: peer, tag: tag))
        case .receive(let buffer, let peer, let tag):
          changed.append(.receive(try change(buffer), from: peer, tag: tag))
        }
      }
      return .exchange(changed)
    }
  }
}
