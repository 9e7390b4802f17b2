// Two methods per collective: `startX` returns the running collective, `x` waits for its end.
// `file` and `line` are for diagnostics. See Collective for counts and types, and
// ProcessGroup.start for errors.

extension ProcessGroup {
  /// Starts to replace the elements on every rank by the reduction over all ranks.
  public func startAllReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allReduce(buffer, op), at: CallSite(file, line))
  }

  /// Starts to replace the elements of several buffers by the reduction over all ranks.
  public func startAllReduce(
    _ buffers: [CollectiveBuffer], _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allReduceCoalesced(buffers, op), at: CallSite(file, line))
  }

  /// Starts to replace the elements on `root` by the reduction over all ranks.
  ///
  /// The content on other ranks is unspecified afterwards.
  public func startReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.reduce(buffer, op, root: root), at: CallSite(file, line))
  }

  /// Starts to reduce the input over all ranks, and to write part r of the result to rank r.
  public func startReduceScatter(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, _ op: ReduceOp = .sum,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.reduceScatter(input, into: output, op), at: CallSite(file, line))
  }

  /// Starts to gather the elements of all ranks on every rank, in rank order; counts are equal.
  public func startAllGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allGather(input, into: output), at: CallSite(file, line))
  }

  /// Starts to gather the elements of all ranks: `outputs[r]` receives those of rank r.
  ///
  /// Counts may differ per rank.
  public func startAllGather(
    _ input: CollectiveBuffer, into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allGatherUneven(input, into: outputs), at: CallSite(file, line))
  }

  /// Starts to send `inputs[r]` to rank r, and to receive from rank r into `outputs[r]`.
  public func startAllToAll(
    _ inputs: [CollectiveBuffer], into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allToAll(inputs, into: outputs), at: CallSite(file, line))
  }

  /// Starts to replace the elements on every rank by those of `root`.
  public func startBroadcast(
    _ buffer: CollectiveBuffer, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.broadcast(buffer, root: root), at: CallSite(file, line))
  }

  /// Starts to gather the elements of all ranks on `root`, in rank order; other ranks pass no
  /// output.
  public func startGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer?, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.gather(input, into: output, root: root), at: CallSite(file, line))
  }

  /// Starts to write part r of the elements of `root` to rank r; other ranks pass no input.
  public func startScatter(
    _ input: CollectiveBuffer?, into output: CollectiveBuffer, from root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.scatter(input, into: output, root: root), at: CallSite(file, line))
  }

  /// Starts to send elements to another rank, which receives the same number with the same tag.
  public func startSend(
    _ buffer: CollectiveBuffer, to peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange([.send(buffer, to: peer, tag: tag)]), at: CallSite(file, line))
  }

  /// Starts to receive elements from another rank.
  public func startReceive(
    _ buffer: CollectiveBuffer, from peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange([.receive(buffer, from: peer, tag: tag)]), at: CallSite(file, line))
  }

  /// Starts to send and receive several messages at once; their order does not matter.
  public func startExchange(
    _ transfers: [Transfer], file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange(transfers), at: CallSite(file, line))
  }

  /// Starts a barrier, which completes when every rank has started it.
  public func startBarrier(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.barrier, at: CallSite(file, line))
  }
}

extension ProcessGroup {
  /// Replaces the elements on every rank by the reduction over all ranks.
  public func allReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allReduce(buffer, op), at: CallSite(file, line)).wait()
  }

  /// Replaces the elements of several buffers by the reduction over all ranks.
  public func allReduce(
    _ buffers: [CollectiveBuffer], _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allReduceCoalesced(buffers, op), at: CallSite(file, line)).wait()
  }

  /// Replaces the elements on `root` by the reduction over all ranks.
  ///
  /// The content on other ranks is unspecified afterwards.
  public func reduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.reduce(buffer, op, root: root), at: CallSite(file, line)).wait()
  }

  /// Reduces the input over all ranks, and writes part r of the result to rank r.
  public func reduceScatter(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, _ op: ReduceOp = .sum,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.reduceScatter(input, into: output, op), at: CallSite(file, line)).wait()
  }

  /// Gathers the elements of all ranks on every rank, in rank order; counts are equal.
  public func allGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allGather(input, into: output), at: CallSite(file, line)).wait()
  }

  /// Gathers the elements of all ranks: `outputs[r]` receives those of rank r.
  ///
  /// Counts may differ per rank.
  public func allGather(
    _ input: CollectiveBuffer, into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allGatherUneven(input, into: outputs), at: CallSite(file, line)).wait()
  }

  /// Sends `inputs[r]` to rank r, and receives from rank r into `outputs[r]`.
  public func allToAll(
    _ inputs: [CollectiveBuffer], into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allToAll(inputs, into: outputs), at: CallSite(file, line)).wait()
  }

  /// Replaces the elements on every rank by those of `root`.
  public func broadcast(
    _ buffer: CollectiveBuffer, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.broadcast(buffer, root: root), at: CallSite(file, line)).wait()
  }

  /// Gathers the elements of all ranks on `root`, in rank order; other ranks pass no output.
  public func gather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer?, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.gather(input, into: output, root: root), at: CallSite(file, line)).wait()
  }

  /// Writes part r of the elements of `root` to rank r; other ranks pass no input.
  public func scatter(
    _ input: CollectiveBuffer?, into output: CollectiveBuffer, from root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.scatter(input, into: output, root: root), at: CallSite(file, line)).wait()
  }

  /// Sends elements to another rank, which receives the same number with the same tag.
  public func send(
    _ buffer: CollectiveBuffer, to peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange([.send(buffer, to: peer, tag: tag)]), at: CallSite(file, line)).wait()
  }

  /// Receives elements from another rank.
  public func receive(
    _ buffer: CollectiveBuffer, from peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange([.receive(buffer, from: peer, tag: tag)]), at: CallSite(file, line)).wait()
  }

  /// Sends and receives several messages at once; their order does not matter.
  public func exchange(
    _ transfers: [Transfer], file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange(transfers), at: CallSite(file, line)).wait()
  }

  /// Waits until every rank has started the barrier.
  public func barrier(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.barrier, at: CallSite(file, line)).wait()
  }
}
