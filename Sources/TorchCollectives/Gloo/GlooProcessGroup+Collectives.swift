internal import CTorch
internal import Collectives
internal import Torch

extension GlooProcessGroup {
  /// Starts a collective: Gloo's own if it has one, otherwise messages between ranks.
  ///
  /// - Parameters:
  ///   - collective: The collective.
  ///   - tag: The tag for the messages: unique per collective, equal on all ranks.
  /// - Returns: The running calls of Gloo.
  /// - Throws: ``CollectiveError`` when Gloo cannot start a call.
  func parts(_ collective: Collective, tag: Int) throws(CollectiveError) -> [GlooPart] {
    switch collective {
    case .barrier: return [try call([]) { ct_gloo_barrier(handle, $0, $1) }]
    case .broadcast(let buffer, let root): return try broadcast(buffer, root)
    case .allReduce(let buffer, let op): return try allReduce(buffer, op)
    case .allReduceCoalesced(let buffers, let op):
      return try each(buffers) { (buffer) throws(CollectiveError) in try allReduce(buffer, op) }
    case .reduce(let buffer, let op, let root):
      return try reduce(from: buffer, into: buffer, op) {
        ct_gloo_reduce(handle, $0, $2, Int32(root), $3, $4)
      }
    case .reduceScatter(let input, into: let output, let op):
      return try reduce(from: input, into: output, op) {
        ct_gloo_reduce_scatter(handle, $1, $0, $2, $3, $4)
      }
    case .allGather(let input, into: let output):
      guard input.count > 0 else { return [] }
      let from = input.bytes
      let to = output.bytes
      return [
        try call([from, to]) {
          ct_gloo_all_gather(handle, to.unsafeHandle, from.unsafeHandle, $0, $1)
        }
      ]
    case .allGatherUneven(let input, into: let outputs):
      outputs[rank].copy(from: input)
      return try each(Array(outputs.enumerated())) { (output) throws(CollectiveError) in
        try broadcast(output.element, output.offset)
      }
    case .allToAll(let inputs, into: let outputs):
      outputs[rank].copy(from: inputs[rank])
      return try messages(inputs, outputs, tag)
    case .gather(let input, into: let output, let root):
      guard let output, root == rank else { return try message(.send(input, to: root, tag: tag)) }
      let outputs = output.parts(worldSize)
      outputs[rank].copy(from: input)
      return try messages([], outputs, tag)
    case .scatter(let input, into: let output, let root):
      guard let input, root == rank else {
        return try message(.receive(output, from: root, tag: tag))
      }
      let inputs = input.parts(worldSize)
      output.copy(from: inputs[rank])
      return try messages(inputs, [], tag)
    case .exchange(let transfers):
      return try each(transfers) { (transfer) throws(CollectiveError) in try message(transfer) }
    }
  }

  /// Starts messages to and from all other ranks.
  private func messages(_ inputs: [CollectiveBuffer], _ outputs: [CollectiveBuffer], _ tag: Int)
    throws(CollectiveError) -> [GlooPart]
  {
    let receives = outputs.enumerated().map { Transfer.receive($1, from: $0, tag: tag) }
    let sends = inputs.enumerated().map { Transfer.send($1, to: $0, tag: tag) }
    return try each((receives + sends).filter { $0.peer != rank }) {
      (transfer) throws(CollectiveError) in try message(transfer)
    }
  }

  private func message(_ transfer: Transfer) throws(CollectiveError) -> [GlooPart] {
    guard transfer.buffer.count > 0 else { return [] }
    let tensor = transfer.buffer.bytes
    let peer = Int32(transfer.peer)
    let tag = Int32(transfer.tag)
    return [
      try call([tensor]) { _, out in
        switch transfer {
        case .send: ct_gloo_send(handle, tensor.unsafeHandle, peer, tag, out)
        case .receive: ct_gloo_receive(handle, tensor.unsafeHandle, peer, tag, out)
        }
      }
    ]
  }

  private func broadcast(_ buffer: CollectiveBuffer, _ root: Int) throws(CollectiveError)
    -> [GlooPart]
  {
    guard buffer.count > 0 else { return [] }
    let tensor = buffer.bytes
    return [
      try call([tensor]) { ct_gloo_broadcast(handle, tensor.unsafeHandle, Int32(root), $0, $1) }
    ]
  }

  private func allReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp) throws(CollectiveError)
    -> [GlooPart]
  {
    try reduce(from: buffer, into: buffer, op) { ct_gloo_all_reduce(handle, $0, $2, $3, $4) }
  }

  /// Starts a reduction in a type that Gloo supports, followed by the division and conversion that
  /// it lacks.
  private func reduce(
    from input: CollectiveBuffer, into output: CollectiveBuffer, _ op: ReduceOp,
    _ start: (ct_tensor?, ct_tensor?, ct_reduce_op, Int64, UnsafeMutablePointer<ct_work?>) ->
      ct_error?
  ) throws(CollectiveError) -> [GlooPart] {
    guard input.count > 0 else { return [] }
    let source = input.tensor
    let target = output.tensor
    let from = source.reducible
    let to = input.address == output.address ? from : target.reducible
    let reduction = op.c10dValue(for: output.elementType)
    var part = try call([from, to]) {
      start(from.unsafeHandle, to.unsafeHandle, reduction, $0, $1)
    }
    let ranks = worldSize
    part.finish = {
      if op == .average { divide.run(.tensor(to), .double(Double(ranks))) }
      if output.elementType == .int16 { target.copy_(to) }
    }
    return [part]
  }

  private func each<Element>(
    _ elements: [Element], _ start: (Element) throws(CollectiveError) -> [GlooPart]
  ) throws(CollectiveError) -> [GlooPart] {
    var parts: [GlooPart] = []
    for element in elements { parts += try start(element) }
    return parts
  }

  /// Starts one of Gloo's calls.
  private func call(
    _ tensors: [Tensor], _ start: (Int64, UnsafeMutablePointer<ct_work?>) -> ct_error?
  ) throws(CollectiveError) -> GlooPart {
    var work: ct_work?
    if let error = start(timeout.milliseconds, &work) { throw fail(takeErrorMessage(error)) }
    guard let work else { preconditionFailure("Gloo returned no handle for the work") }
    return GlooPart(handle: work, tensors: tensors)
  }
}

private let divide = Operator("aten::div_", "Scalar")

extension Tensor {
  /// The tensor in a type that Gloo reduces: int32 for int16, uint8 for bool.
  fileprivate var reducible: Tensor {
    switch dtype {
    case .int16: to(.int32)
    case .bool: viewed(as: .uint8)
    default: self
    }
  }

  private func viewed(as dtype: DType) -> Tensor {
    guard let address = dataAddress else { return self }
    return Tensor(memory: address, shape: [count], dtype: dtype, owner: self)
  }
}

extension CollectiveBuffer {
  /// The tensor that owns the memory, or a new one over it.
  fileprivate var tensor: Tensor {
    if let tensor = owner as? Tensor, tensor.dataAddress == address, tensor.count == count {
      return tensor
    }
    return Tensor(memory: address, shape: [count], dtype: elementType.dtype, owner: owner)
  }

  /// The memory as a tensor of bytes, for collectives that do not reduce.
  fileprivate var bytes: Tensor {
    Tensor(memory: address, shape: [byteCount], dtype: .uint8, owner: owner)
  }
}

extension ReduceOp {
  /// The value in c10d's `ReduceOp::RedOpType`.
  ///
  /// An average is a sum that is divided afterwards; booleans are bytes with the values 0 and 1.
  fileprivate func c10dValue(for type: ElementType) -> Int32 {
    switch (self, type) {
    case (.sum, .bool), (.max, _): 4
    case (.product, .bool), (.min, _): 3
    case (.sum, _), (.average, _): 0
    case (.product, _): 2
    case (.bitwiseAnd, _): 5
    case (.bitwiseOr, _): 6
    case (.bitwiseXor, _): 7
    }
  }
}
