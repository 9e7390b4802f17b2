internal import CNCCL
public import Collectives
internal import Support
internal import Synchronization

/// A group of ranks with one GPU each that communicate through NCCL, like PyTorch's `nccl` backend.
///
/// It moves only memory of its GPU; groups from `makeProcessGroup` also have a backend for host
/// memory. A collective runs on a separate stream, after the work that the program has enqueued so
/// far and concurrently with later work. ``Work/wait()`` blocks the thread until the GPU has
/// completed the collective, so that a missing peer is an error.
///
/// NCCL has no tags and uses one stream: two ranks have to start their messages and collectives in
/// the same order. The messages of one `exchange` are ordered by their tags.
public final class NCCLProcessGroup: ProcessGroup {
  /// This rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The time limit of each collective, from its start to its end.
  public let timeout: Duration
  /// `nccl`.
  public let backend = "nccl"
  /// Moves memory of its GPU and fuses averages, but does not match tags.
  public let capabilities: ProcessGroupCapabilities
  /// The store that initialized the group.
  public let store: any Store

  let library: NCCLLibrary
  let device: any NCCLDevice
  let communicator: NCCLCommunicator
  /// Another group of the same ranks, which may detect the death of a peer earlier.
  private let hostGroup: Mutex<(any ProcessGroup)?> = Mutex(nil)
  private let state = Mutex(State())

  private struct State {
    var failure: CollectiveError?
    var subgroups = 0
    /// One element, for barriers to reduce.
    var token: CollectiveBuffer?
  }

  /// PyTorch's default timeout for NCCL.
  public static let defaultTimeout = Duration.seconds(10 * 60)

  /// Connects to all other ranks.
  ///
  /// - Parameters:
  ///   - store: A store without keys of an earlier group: pass each new group its own
  ///     `PrefixStore`.
  ///   - rank: This rank.
  ///   - worldSize: The number of ranks.
  ///   - gpu: The index of this rank's GPU among those that the process sees; no other rank may use
  ///     it.
  ///   - timeout: The time limit for connecting and of each collective.
  /// - Throws: ``CollectiveError`` with code `unavailable` if NCCL cannot be loaded, `ranksMissing`
  ///   when a rank did not join in time, `invalidArgument`, or `failed` with NCCL's message.
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
        "rank \(rank) of \(worldSize) ranks: number the ranks from 0 to worldSize - 1")
    }
    communicator = try NCCLRendezvous(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout
    ).connect(library, on: device)
    self.rank = rank
    self.worldSize = worldSize
    self.timeout = timeout
    self.store = store
    self.library = library
    self.device = device
    var capabilities = ProcessGroupCapabilities()
    capabilities.memory = device.gpu.map { .gpu($0) } ?? .host
    capabilities.fusesAverage = true
    capabilities.matchesTags = false
    capabilities.unsupportedReductions = NCCLReduction.unsupported
    self.capabilities = capabilities
  }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize, memory: capabilities.memory)
    if let failure { throw failure }
    let deadline = Deadline(after: timeout)
    let calls = try calls(collective)
    let what = "\(collective.name) at \(site)"
    guard !calls.isEmpty else { return NCCLWork(what, nil, [], group: self, deadline) }
    let buffers = collective.inputs + collective.outputs
    do {
      let event = try communicator.enqueue(buffers, until: deadline, what) { communicator, stream in
        calls.map { $0(communicator, stream) }
      }
      return NCCLWork(what, event, buffers, group: self, deadline)
    } catch {
      throw fail(error)
    }
  }

  /// Ends all running collectives with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    _ = fail(CollectiveError(.aborted, "the group was aborted: \(reason)", rank: rank))
  }

  /// Allocates memory of the GPU; see ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try device.allocate(count: count, elementType: elementType)
  }

  /// Creates a group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try connectSubgroup(ranks)
  }

  func connectSubgroup(_ ranks: [Int]) throws(CollectiveError) -> NCCLProcessGroup? {
    let number = state.withLock { state in
      state.subgroups += 1
      return state.subgroups
    }
    guard let memberRank = try rank(in: ranks) else { return nil }
    return try NCCLProcessGroup(
      store: PrefixStore("subgroup\(number)", store), rank: memberRank, worldSize: ranks.count,
      timeout: timeout, library: library, device: device)
  }

  /// Makes ``checkPeers()`` also check the peers through another group of the same ranks.
  func watchPeers(through group: any ProcessGroup) {
    hostGroup.withLock { $0 = group }
  }

  /// Throws if NCCL has reported an error, or the group for host memory has detected one.
  public func checkPeers() throws(CollectiveError) {
    try hostGroup.withLock { $0 }?.checkPeers()
    try communicator.checkPeers()
  }

  /// The failure that made the group unusable, if there is one.
  var failure: CollectiveError? { state.withLock { $0.failure } }

  /// The element that barriers reduce.
  func token() throws(CollectiveError) -> CollectiveBuffer {
    try state.withLock { (state) throws(CollectiveError) in
      if let token = state.token { return token }
      let token = try device.allocate(count: 1, elementType: .int32)
      state.token = token
      return token
    }
  }

  /// Marks the group as failed, ends all running collectives, and returns the group's first
  /// failure.
  func fail(_ error: CollectiveError) -> CollectiveError {
    let error = CollectiveError(
      error.code,
      "\(error.message); the group is unusable: recreate it, or let the launcher restart all ranks",
      rank: rank, cause: error.cause)
    let first = state.withLock { state in
      defer { state.failure = state.failure ?? error }
      return state.failure
    }
    if first == nil { communicator.abort() }
    return first ?? error
  }
}
