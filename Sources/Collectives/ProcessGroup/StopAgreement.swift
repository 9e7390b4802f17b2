public import Worker

/// Makes all ranks of a group stop after the same step when any of them has received a stop
/// request.
///
/// ```swift
/// let agreement = StopAgreement(StopRequest(), group: group)
/// while let batch = try batches.next() {
///   …
///   if try agreement.isReached() {
///     try saveSnapshot()
///     try group.barrier()  // all ranks have saved
///     StopRequest.exit()
///   }
/// }
/// ```
public final class StopAgreement {
  /// This rank's request.
  public let request: StopRequest
  private let group: any ProcessGroup
  /// The all-reduce that the previous call started.
  private var pending: (work: any Work, signal: CollectiveMemory<Int32>)?

  /// Creates an agreement among the ranks of `group`; create it on every rank.
  public init(_ request: StopRequest, group: any ProcessGroup) {
    self.request = request
    self.group = group
  }

  /// Returns whether all ranks stop after this step: the same value on every rank.
  ///
  /// Call it on every rank after the same steps. It starts an all-reduce of one element, which runs
  /// during the next step, and returns the result of the all-reduce that the previous call started.
  /// So ranks stop one call later than they could, and do not wait for each other here.
  ///
  /// Cost on two ranks of one host, by `TestWorker agree 500`: 35 µs a call (median, the same in
  /// five runs), where a blocking all-reduce takes 140 to 630 µs. When the step keeps more threads
  /// busy than there are processors, either takes about a millisecond.
  ///
  /// - Throws: ``CollectiveError`` when a peer is lost or times out.
  public func isReached() throws(CollectiveError) -> Bool {
    guard group.worldSize > 1 else { return request.isRequested }
    try pending?.work.wait()
    if let pending, pending.signal.values[0] != 0 {
      self.pending = nil
      StopNotice.send()  // this rank may not have received its signal yet
      return true
    }
    let signal = CollectiveMemory([request.signal ?? 0])
    pending = (try group.startAllReduce(signal.buffer, .max), signal)
    return false
  }
}
