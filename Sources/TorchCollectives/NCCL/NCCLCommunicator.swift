internal import CNCCL
internal import Collectives
internal import Synchronization

/// This rank's end of what NCCL has between the ranks; made, used and ended without a call that could hang.
///
/// It is one of NCCL's communicators that do not block: their calls return at once, and are in progress for
/// as long as peers are awaited. What takes longer than its limit is left, and the communicator aborted.
final class NCCLCommunicator: Sendable {
  /// NCCL's own object.
  private struct Handle: @unchecked Sendable {
    // Sendable: it is used under the lock only.
    let pointer: OpaquePointer
  }

  private let library: NCCLLibrary
  private let device: any NCCLDevice
  private let rank: Int
  /// `nil` once it has ended.
  private let handle = Mutex<Handle?>(nil)
  /// Makes whoever waits under the lock let go of it.
  private let isStopped = Atomic(false)

  /// How long peers may take to end together with this rank.
  private let farewell: Duration

  /// Connects with all other ranks, which have the address that rank 0 made for this communicator.
  ///
  /// - Throws: ``CollectiveError`` with code `timedOut`, or `failed` with NCCL's words.
  init(
    _ library: NCCLLibrary, on device: any NCCLDevice, address: [UInt8], rank: Int, worldSize: Int,
    until deadline: ContinuousClock.Instant
  ) throws(CollectiveError) {
    (self.library, self.device, self.rank) = (library, device, rank)
    farewell = min(deadline - .now, .seconds(5))
    var uniqueID = cnccl_id()
    withUnsafeMutableBytes(of: &uniqueID) { $0.copyBytes(from: address) }
    // NCCL_CONFIG_INITIALIZER of 2.14.
    var config = cnccl_config(
      size: MemoryLayout<cnccl_config>.stride, magic: 0xcafe_beef, version: 21_400, blocking: 0)
    // NCCL may write there until it has settled.
    let place = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 1)
    place.initialize(to: nil)
    defer { place.deallocate() }
    do {
      _ = try device.enqueue([]) { (_) throws(CollectiveError) in
        let result = library.calls.CommInitRankConfig(
          place, Int32(worldSize), uniqueID, Int32(rank), &config)
        try check(result, place.pointee)
        if let made = place.pointee { try settle(made, until: deadline, "connecting") }
      }
    } catch {
      if let made = place.pointee { _ = library.calls.CommAbort(made) }
      throw error
    }
    guard let made = place.pointee.map({ Handle(pointer: $0) }) else {
      preconditionFailure("NCCL made a communicator without a handle")
    }
    handle.withLock { $0 = made }
  }

  deinit {
    guard let handle = handle.withLock({ $0.take() }) else { return }
    // In peace, so that what this rank has sent arrives; by force where the ranks of this host do not
    // end, too.
    let calls = library.calls
    do throws(CollectiveError) {
      try check(calls.CommFinalize(handle.pointer), handle.pointer)
      try settle(handle.pointer, until: .now + farewell, "ending")
      try check(calls.CommDestroy(handle.pointer), nil)
    } catch {
      _ = calls.CommAbort(handle.pointer)
    }
  }

  /// Lets `body` make calls, which NCCL starts all at once.
  ///
  /// - Returns: A mark behind them.
  /// - Throws: ``CollectiveError``.
  func enqueue(
    _ buffers: [CollectiveBuffer], until deadline: ContinuousClock.Instant, _ what: String,
    _ body: (OpaquePointer, UnsafeMutableRawPointer?) -> [cnccl_result]
  ) throws(CollectiveError) -> any NCCLMark {
    try handle.withLock { (handle) throws(CollectiveError) in
      guard let pointer = handle?.pointer else { throw stopped() }
      return try device.enqueue(buffers) { (stream) throws(CollectiveError) in
        try check(library.calls.GroupStart(), pointer)
        let results = body(pointer, stream)
        let end = library.calls.GroupEnd()
        for result in results + [end] { try check(result, pointer) }
        try settle(pointer, until: deadline, what)
      }
    }
  }

  /// What NCCL has noticed beside its calls; returns if nothing.
  func checkPeers() throws(CollectiveError) {
    try handle.withLock { (handle) throws(CollectiveError) in
      guard let pointer = handle?.pointer else { throw stopped() }
      _ = try isSettled(pointer)
    }
  }

  /// Ends all that runs; a second call changes nothing.
  func abort() {
    isStopped.store(true, ordering: .releasing)
    handle.withLock { handle in
      if let handle = handle.take() { _ = library.calls.CommAbort(handle.pointer) }
    }
  }

  /// Waits until NCCL has dealt with the calls so far.
  private func settle(
    _ pointer: OpaquePointer, until deadline: ContinuousClock.Instant, _ what: String
  ) throws(CollectiveError) {
    var looks = 0
    while try !isSettled(pointer) {
      if isStopped.load(ordering: .acquiring) { throw stopped() }
      guard .now < deadline else {
        throw CollectiveError(.timedOut, "\(what): NCCL still waits for another rank", rank: rank)
      }
      looks += 1
      rest(after: looks)
    }
  }

  private func isSettled(_ pointer: OpaquePointer) throws(CollectiveError) -> Bool {
    var state = NCCLResult.success
    try check(library.calls.CommGetAsyncError(pointer, &state), pointer)
    try check(state, pointer)
    return state != NCCLResult.inProgress
  }

  private func check(_ result: cnccl_result, _ pointer: OpaquePointer?) throws(CollectiveError) {
    if result == NCCLResult.success || result == NCCLResult.inProgress { return }
    let isPeers = result == NCCLResult.remoteError
    let words = library.describe(result, pointer)
    throw CollectiveError(
      isPeers ? .peerLost : .failed,
      isPeers ? "a peer has gone: \(words)" : "\(words). NCCL_DEBUG=WARN makes it tell more",
      rank: rank)
  }

  private func stopped() -> CollectiveError {
    CollectiveError(.aborted, "the group has ended", rank: rank)
  }
}
