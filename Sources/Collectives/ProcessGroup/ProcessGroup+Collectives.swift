// Each name twice: `startX` returns the running collective, `x` waits for its end. `file` and `line`
// are for diagnostics and fill themselves in. See Collective for counts and types, and
// ProcessGroup.start for errors.

extension ProcessGroup {
  /// Starts: replaces the numbers on every rank by the combination of all ranks' numbers, place by place.
  public func startAllReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allReduce(buffer, op), at: CallSite(file, line))
  }

  /// Starts: replaces the numbers of several buffers by the combination of all ranks' numbers.
  public func startAllReduce(
    _ buffers: [CollectiveBuffer], _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allReduceCoalesced(buffers, op), at: CallSite(file, line))
  }

  /// Starts: replaces the numbers of `root` by the combination of all ranks' numbers; what the others hold
  /// afterwards is not promised.
  public func startReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.reduce(buffer, op, root: root), at: CallSite(file, line))
  }

  /// Starts: combines all ranks' numbers, place by place, and gives rank r part r of them.
  public func startReduceScatter(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, _ op: ReduceOp = .sum,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.reduceScatter(input, into: output, op), at: CallSite(file, line))
  }

  /// Starts: collects all ranks' numbers, as many on each, on every rank, in the order of the ranks.
  public func startAllGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allGather(input, into: output), at: CallSite(file, line))
  }

  /// Starts: collects all ranks' numbers on every rank; output r takes those of rank r, however many.
  public func startAllGather(
    _ input: CollectiveBuffer, into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allGatherUneven(input, into: outputs), at: CallSite(file, line))
  }

  /// Starts: sends input r to rank r, and takes what rank r sends into output r.
  public func startAllToAll(
    _ inputs: [CollectiveBuffer], into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.allToAll(inputs, into: outputs), at: CallSite(file, line))
  }

  /// Starts: replaces the numbers on every rank by those of `root`.
  public func startBroadcast(
    _ buffer: CollectiveBuffer, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.broadcast(buffer, root: root), at: CallSite(file, line))
  }

  /// Starts: collects all ranks' numbers on `root`, in the order of the ranks; the others pass no output.
  public func startGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer?, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.gather(input, into: output, root: root), at: CallSite(file, line))
  }

  /// Starts: gives rank r part r of the numbers of `root`; the others pass no input.
  public func startScatter(
    _ input: CollectiveBuffer?, into output: CollectiveBuffer, from root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.scatter(input, into: output, root: root), at: CallSite(file, line))
  }

  /// Starts: sends numbers to another rank, which receives as many under the same tag.
  public func startSend(
    _ buffer: CollectiveBuffer, to peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange([.send(buffer, to: peer, tag: tag)]), at: CallSite(file, line))
  }

  /// Starts: receives numbers from another rank.
  public func startReceive(
    _ buffer: CollectiveBuffer, from peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange([.receive(buffer, from: peer, tag: tag)]), at: CallSite(file, line))
  }

  /// Starts: sends and receives several messages at once, in any order that works out.
  public func startExchange(
    _ transfers: [Transfer], file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.exchange(transfers), at: CallSite(file, line))
  }

  /// Starts: ends when every rank has started it.
  public func startBarrier(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> any Work {
    try start(.barrier, at: CallSite(file, line))
  }
}

extension ProcessGroup {
  /// Replaces the numbers on every rank by the combination of all ranks' numbers, place by place.
  public func allReduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allReduce(buffer, op), at: CallSite(file, line)).wait()
  }

  /// Replaces the numbers of several buffers by the combination of all ranks' numbers.
  public func allReduce(
    _ buffers: [CollectiveBuffer], _ op: ReduceOp = .sum, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allReduceCoalesced(buffers, op), at: CallSite(file, line)).wait()
  }

  /// Replaces the numbers of `root` by the combination of all ranks' numbers; what the others hold
  /// afterwards is not promised.
  public func reduce(
    _ buffer: CollectiveBuffer, _ op: ReduceOp = .sum, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.reduce(buffer, op, root: root), at: CallSite(file, line)).wait()
  }

  /// Combines all ranks' numbers, place by place, and gives rank r part r of them.
  public func reduceScatter(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, _ op: ReduceOp = .sum,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.reduceScatter(input, into: output, op), at: CallSite(file, line)).wait()
  }

  /// Collects all ranks' numbers, as many on each, on every rank, in the order of the ranks.
  public func allGather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allGather(input, into: output), at: CallSite(file, line)).wait()
  }

  /// Collects all ranks' numbers on every rank; output r takes those of rank r, however many.
  public func allGather(
    _ input: CollectiveBuffer, into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allGatherUneven(input, into: outputs), at: CallSite(file, line)).wait()
  }

  /// Sends input r to rank r, and takes what rank r sends into output r.
  public func allToAll(
    _ inputs: [CollectiveBuffer], into outputs: [CollectiveBuffer], file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.allToAll(inputs, into: outputs), at: CallSite(file, line)).wait()
  }

  /// Replaces the numbers on every rank by those of `root`.
  public func broadcast(
    _ buffer: CollectiveBuffer, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.broadcast(buffer, root: root), at: CallSite(file, line)).wait()
  }

  /// Collects all ranks' numbers on `root`, in the order of the ranks; the others pass no output.
  public func gather(
    _ input: CollectiveBuffer, into output: CollectiveBuffer?, to root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.gather(input, into: output, root: root), at: CallSite(file, line)).wait()
  }

  /// Gives rank r part r of the numbers of `root`; the others pass no input.
  public func scatter(
    _ input: CollectiveBuffer?, into output: CollectiveBuffer, from root: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.scatter(input, into: output, root: root), at: CallSite(file, line)).wait()
  }

  /// Sends numbers to another rank, which receives as many under the same tag.
  public func send(
    _ buffer: CollectiveBuffer, to peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange([.send(buffer, to: peer, tag: tag)]), at: CallSite(file, line)).wait()
  }

  /// Receives numbers from another rank.
  public func receive(
    _ buffer: CollectiveBuffer, from peer: Int, tag: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange([.receive(buffer, from: peer, tag: tag)]), at: CallSite(file, line)).wait()
  }

  /// Sends and receives several messages at once, in any order that works out.
  public func exchange(
    _ transfers: [Transfer], file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.exchange(transfers), at: CallSite(file, line)).wait()
  }

  /// Ends when every rank has started it.
  public func barrier(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    try start(.barrier, at: CallSite(file, line)).wait()
  }
}
