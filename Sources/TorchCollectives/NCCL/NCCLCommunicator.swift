internal import CNCCL
internal import Collectives
internal import Support
internal import Synchronization

/// This rank's NCCL communicator, used without calls that could hang.
///
/// It is a nonblocking communicator: calls return at once, with the result "in progress" while they
/// wait for peers. After a timeout the communicator is aborted.
final class NCCLCommunicator: Sendable {
  /// NCCL's object.
  ///
  /// `@unchecked Sendable`: it is used with the lock held.
  private struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private let library: NCCLLibrary
  private let device: any NCCLDevice
  private let rank: Int
  /// `nil` after the communicator was destroyed.
  private let handle = Mutex<Handle?>(nil)
  /// Set by ``abort()``: a thread that waits for peers with the lock held then throws.
  private let isStopped = Atomic(false)

  /// The time limit for all peers to finalize their communicators.
  private let finalizeTimeout: Duration

  /// Connects to all other ranks, which use the same unique ID.
  ///
  /// - Throws: ``CollectiveError`` with code `timedOut`, or `failed` with NCCL's message.
  init(
    _ library: NCCLLibrary, on device: any NCCLDevice, uniqueID bytes: [UInt8], rank: Int,
    worldSize: Int, until deadline: Deadline
  ) throws(CollectiveError) {
    self.library = library
    self.device = device
    self.rank = rank
    finalizeTimeout = min(deadline.remaining, .seconds(5))
    var uniqueID = cnccl_id()
    withUnsafeMutableBytes(of: &uniqueID) { $0.copyBytes(from: bytes) }
    // NCCL_CONFIG_INITIALIZER of 2.14.
    var config = cnccl_config(
      size: MemoryLayout<cnccl_config>.stride, magic: 0xcafe_beef, version: 21_400, blocking: 0)
    // On the heap, because NCCL may write to it until the call is no longer in progress.
    let created = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 1)
    created.initialize(to: nil)
    defer { created.deallocate() }
    do {
      _ = try device.enqueue([]) { (_) throws(CollectiveError) in
        let result = library.calls.CommInitRankConfig(
          created, Int32(worldSize), uniqueID, Int32(rank), &config)
        try check(result, created.pointee)
        if let pointer = created.pointee { try settle(pointer, until: deadline, "connecting") }
      }
    } catch {
      if let pointer = created.pointee { _ = library.calls.CommAbort(pointer) }
      throw error
    }
    guard let connected = created.pointee.map({ Handle(pointer: $0) }) else {
      preconditionFailure("NCCL returned no communicator")
    }
    handle.withLock { $0 = connected }
  }

  deinit {
    guard let handle = handle.withLock({ $0.take() }) else { return }
    // Finalizes first, so that messages of this rank still arrive; aborts if the peers do not
    // finalize.
    let calls = library.calls
    do throws(CollectiveError) {
      try check(calls.CommFinalize(handle.pointer), handle.pointer)
      try settle(handle.pointer, until: Deadline(after: finalizeTimeout), "finalizing")
      try check(calls.CommDestroy(handle.pointer), nil)
    } catch {
      _ = calls.CommAbort(handle.pointer)
    }
  }

  /// Enqueues the calls that `body` makes, as one group.
  ///
  /// - Returns: An event that completes after them.
  /// - Throws: ``CollectiveError``.
  func enqueue(
    _ buffers: [CollectiveBuffer], until deadline: Deadline, _ what: String,
    _ body: (OpaquePointer, UnsafeMutableRawPointer?) -> [cnccl_result]
  ) throws(CollectiveError) -> any NCCLEvent {
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

  /// Throws if NCCL has reported an asynchronous error.
  func checkPeers() throws(CollectiveError) {
    try handle.withLock { (handle) throws(CollectiveError) in
      guard let pointer = handle?.pointer else { throw stopped() }
      _ = try isSettled(pointer)
    }
  }

  /// Ends all running collectives; further calls do nothing.
  func abort() {
    isStopped.store(true, ordering: .releasing)
    handle.withLock { handle in
      if let handle = handle.take() { _ = library.calls.CommAbort(handle.pointer) }
    }
  }

  /// Waits until no call is in progress.
  private func settle(
    _ pointer: OpaquePointer, until deadline: Deadline, _ what: String
  ) throws(CollectiveError) {
    var polls = 0
    while try !isSettled(pointer) {
      if isStopped.load(ordering: .acquiring) { throw stopped() }
      guard !deadline.hasPassed else {
        throw CollectiveError(
          .timedOut, "\(what): NCCL timed out waiting for another rank", rank: rank)
      }
      polls += 1
      backOff(after: polls)
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
    let isRemote = result == NCCLResult.remoteError
    let message = library.describe(result, pointer)
    throw CollectiveError(
      isRemote ? .peerLost : .failed,
      isRemote ? "lost a peer: \(message)" : "\(message). Set NCCL_DEBUG=WARN for details",
      rank: rank)
  }

  private func stopped() -> CollectiveError {
    CollectiveError(.aborted, "the communicator was aborted", rank: rank)
  }
}
