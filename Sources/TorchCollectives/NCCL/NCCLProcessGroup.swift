internal import CNCCL
public import Collectives
internal import Synchronization

/// Ranks with a GPU each that talk through NCCL, as PyTorch's `nccl` backend does.
///
/// It moves memory of its GPU and nothing else; a group of `makeProcessGroup` has an engine for the host's
/// memory beside it. A collective runs on a stream of its own, after what the program has enqueued so far and
/// beside what it enqueues next. ``Work/wait()`` keeps the thread until the GPU has done it, so that a
/// peer that does not come is an error.
///
/// NCCL has no tags, and one stream: messages between two ranks take their turn among all that these ranks
/// start, and have to be started in the same order on both. Within one `exchange` they are put into the
/// order of their tags.
public final class NCCLProcessGroup: ProcessGroup {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The limit of each collective, from its start to its end.
  public let timeout: Duration
  /// `nccl`.
  public let backend = "nccl"
  /// NCCL knows averages.
  public let dividesWhileAdding = true
  /// The store through which the ranks met.
  public let store: any Store

  let library: NCCLLibrary
  let device: any NCCLDevice
  let communicator: NCCLCommunicator
  /// Another engine of the same ranks, which may know earlier that one has died.
  private let companion: Mutex<(any PeerWatch)?> = Mutex(nil)
  private let state = Mutex(State())

  private struct State {
    var failure: CollectiveError?
    var subgroups = 0
    /// A number for barriers to add up.
    var token: CollectiveBuffer?
  }

  /// The time that PyTorch gives an NCCL collective.
  public static let defaultTimeout = Duration.seconds(10 * 60)

  /// Connects with all other ranks.
  ///
  /// - Parameters:
  ///   - store: Where the ranks find each other. Its keys must be fresh: give each new group a
  ///     `PrefixStore` of its own.
  ///   - rank: The number of this rank.
  ///   - worldSize: The number of ranks.
  ///   - gpu: This rank's GPU, counted among those that the process sees; no other rank may have the same.
  ///   - timeout: The limit for connecting, and of each collective.
  /// - Throws: ``CollectiveError`` with code `unavailable` where there is no NCCL, `ranksMissing` when some
  ///   rank did not come in time, `invalidArgument`, or `failed` with NCCL's words.
  public convenience init(
    store: any Store, rank: Int, worldSize: Int, gpu: Int,
    timeout: Duration = NCCLProcessGroup.defaultTimeout
  ) throws(CollectiveError) {
    try self.init(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout,
      library: try NCCLLibrary.shared.get(), device: try GPUDevice(gpu: gpu))
  }

  package init(
    store: any Store, rank: Int, worldSize: Int, timeout: Duration, library: NCCLLibrary,
    device: any NCCLDevice
  ) throws(CollectiveError) {
    guard worldSize > 0, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: ranks count from 0 to worldSize - 1")
    }
    communicator = try NCCLMeeting(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout
    ).connect(library, on: device)
    (self.rank, self.worldSize, self.timeout) = (rank, worldSize, timeout)
    (self.store, self.library, self.device) = (store, library, device)
  }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize, onGPU: device.gpu)
    if let failure { throw failure }
    let deadline = ContinuousClock.now + timeout
    let calls = try calls(collective)
    let what = "\(collective.name) at \(site)"
    guard !calls.isEmpty else { return NCCLWork(what, nil, [], group: self, deadline) }
    let buffers = collective.inputs + collective.outputs
    do {
      let mark = try communicator.enqueue(buffers, until: deadline, what) { communicator, stream in
        calls.map { $0(communicator, stream) }
      }
      return NCCLWork(what, mark, buffers, group: self, deadline)
    } catch {
      throw fail(error)
    }
  }

  /// Ends all that runs with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank))
  }

  /// Memory of the GPU; see ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try device.allocate(count: count, elementType: elementType)
  }

  /// Connects some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let number = state.withLock { state in
      state.subgroups += 1
      return state.subgroups
    }
    guard let place = try place(in: ranks) else { return nil }
    return try NCCLProcessGroup(
      store: PrefixStore("subgroup\(number)", store), rank: place, worldSize: ranks.count,
      timeout: timeout, library: library, device: device)
  }

  /// Asks another engine of the same ranks, too, whether they live.
  func watch(with companion: any ProcessGroup) {
    let companion = companion as? any PeerWatch
    self.companion.withLock { $0 = companion }
  }

  /// Throws what NCCL or the other engine has noticed.
  func checkPeers() throws(CollectiveError) {
    try companion.withLock { $0 }?.checkPeers()
    try communicator.checkPeers()
  }

  /// Why the group is unusable, if it is.
  var failure: CollectiveError? { state.withLock { $0.failure } }

  /// The number that barriers add up.
  func token() throws(CollectiveError) -> CollectiveBuffer {
    try state.withLock { (state) throws(CollectiveError) in
      if let token = state.token { return token }
      let token = try device.allocate(count: 1, elementType: .int32)
      state.token = token
      return token
    }
  }

  /// Makes an error the group's, ends all that runs, and returns the group's first error.
  func fail(_ error: CollectiveError) -> CollectiveError {
    let error = CollectiveError(
      error.code,
      "\(error.message); this group is unusable now, make a new one (a launcher restarts all ranks)",
      rank: rank, cause: error.cause)
    let first = state.withLock { state in
      defer { state.failure = state.failure ?? error }
      return state.failure
    }
    if first == nil { communicator.abort() }
    return first ?? error
  }
}
