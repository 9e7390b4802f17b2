public import Collectives
internal import Support
internal import Synchronization

/// A group for tensors on any device: NCCL moves GPU memory, another backend moves host memory.
///
/// Without NCCL, GPU memory is copied to the host, moved there, and copied back.
public final class DeviceProcessGroup: ProcessGroup {
  /// This rank.
  public var rank: Int { host.rank }
  /// The number of ranks.
  public var worldSize: Int { host.worldSize }
  /// The time limit of each collective.
  public var timeout: Duration { host.timeout }
  /// The backends by device, such as `cpu:shm,cuda:nccl`; without NCCL, that of the host.
  public var backend: String {
    nccl.map { "cpu:\(host.backend),cuda:\($0.backend)" } ?? host.backend
  }
  /// The capabilities that hold for the memory of the host and of GPUs.
  public var capabilities: ProcessGroupCapabilities {
    var capabilities = host.capabilities
    capabilities.memory = .hostAndGPUs
    guard let gpu = nccl?.capabilities else { return capabilities }
    capabilities.detectsMismatches = capabilities.detectsMismatches && gpu.detectsMismatches
    capabilities.fusesAverage = capabilities.fusesAverage && gpu.fusesAverage
    capabilities.matchesTags = capabilities.matchesTags && gpu.matchesTags
    capabilities.unsupportedReductions.formUnion(gpu.unsupportedReductions)
    return capabilities
  }
  /// The store of the host's group.
  public var store: any Store { host.store }

  private let host: any ProcessGroup
  private let nccl: NCCLProcessGroup?

  /// Combines two groups of the same ranks.
  ///
  /// - Parameters:
  ///   - host: The group for host memory.
  ///   - nccl: The group for GPU memory; `nil` to copy it to the host.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Both groups have the same ranks.
  public init(
    host: any ProcessGroup, nccl: NCCLProcessGroup?, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if let nccl {
      require(
        nccl.rank == host.rank && nccl.worldSize == host.worldSize,
        "the group for GPU memory has rank \(nccl.rank) of \(nccl.worldSize), but the group for "
          + "host memory has rank \(host.rank) of \(host.worldSize): pass groups of the same ranks",
        file: file, line: line)
    }
    self.host = host
    self.nccl = nccl
    nccl?.watchPeers(through: host)
  }

  /// Starts a collective with the backend for its memory; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    do {
      if let gpu = collective.gpu {
        if let nccl { return DeviceWork(try nccl.start(collective, at: site), in: self) }
        try collective.validate(rank: rank, worldSize: worldSize, memory: .gpu(gpu))
        let copies = try HostCopies(of: collective)
        return DeviceWork(try host.start(copies.collective, at: site), in: self, copies)
      }
      return DeviceWork(try host.start(collective, at: site), in: self)
    } catch {
      throw fail(error)
    }
  }

  /// Ends all running collectives with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    host.abort(reason)
    nccl?.abort(reason)
  }

  /// Checks the peers through both backends; see ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) {
    try host.checkPeers()
    try nccl?.checkPeers()
  }

  /// Allocates host memory; see ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try host.allocate(count: count, elementType: elementType)
  }

  /// Creates a group of some of the ranks with the same backends; see
  /// ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let part = try host.subgroup(ranks)
    guard let nccl else { return part.map { DeviceProcessGroup(host: $0, nccl: nil) } }
    let gpuPart = try nccl.connectSubgroup(ranks)
    guard let part, let gpuPart else { return nil }
    return DeviceProcessGroup(host: part, nccl: gpuPart)
  }

  /// Aborts both groups after one has failed.
  fileprivate func fail(_ error: CollectiveError) -> CollectiveError {
    if error.code != .invalidArgument { abort(error.message) }
    return error
  }
}

/// A collective of one of the two groups.
private final class DeviceWork: Work {
  private let base: any Work
  private let group: DeviceProcessGroup
  private let copies: HostCopies?
  private let hasEnded = Atomic(false)

  init(_ base: any Work, in group: DeviceProcessGroup, _ copies: HostCopies? = nil) {
    self.base = base
    self.group = group
    self.copies = copies
  }

  var isCompleted: Bool { base.isCompleted }

  func wait() throws(CollectiveError) {
    do {
      try base.wait()
    } catch {
      throw group.fail(error)
    }
    // Copies only once: a second copy would overwrite later changes of the tensors.
    if !hasEnded.exchange(true, ordering: .relaxed) { copies?.copyBack() }
  }
}
