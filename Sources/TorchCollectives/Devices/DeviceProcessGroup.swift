public import Collectives
internal import Synchronization

/// A group for tensors wherever they are: what is on a GPU goes over NCCL, what is in the host's memory over
/// an engine of the host.
///
/// Where there is no NCCL, what is on a GPU is copied to the host, moved there, and copied back.
public final class DeviceProcessGroup: ProcessGroup {
  /// The number of this rank.
  public var rank: Int { host.rank }
  /// The number of ranks.
  public var worldSize: Int { host.worldSize }
  /// The limit of each collective.
  public var timeout: Duration { host.timeout }
  /// The engines' names, `shm+nccl` for instance.
  public var backend: String { nccl.map { "\(host.backend)+\($0.backend)" } ?? host.backend }
  /// As the host's engine, if that does everything.
  public var comparesCalls: Bool { nccl == nil && host.comparesCalls }
  /// If both engines do.
  public var dividesWhileAdding: Bool {
    host.dividesWhileAdding && nccl?.dividesWhileAdding ?? true
  }
  /// The store of the host's engine.
  public var store: any Store { host.store }

  private let host: any ProcessGroup
  private let nccl: NCCLProcessGroup?

  /// Puts engines of the same ranks together.
  ///
  /// - Parameters:
  ///   - host: Moves the host's memory.
  ///   - nccl: Moves that of GPUs; `nil` to copy it to the host.
  public init(host: any ProcessGroup, nccl: NCCLProcessGroup?) {
    precondition(
      nccl == nil || nccl?.rank == host.rank && nccl?.worldSize == host.worldSize,
      "engines of different ranks")
    (self.host, self.nccl) = (host, nccl)
    nccl?.watch(with: host)
  }

  /// Starts a collective where its memory is; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    do {
      if let gpu = collective.gpu {
        if let nccl { return DeviceWork(try nccl.start(collective, at: site), in: self) }
        try collective.validate(rank: rank, worldSize: worldSize, onGPU: gpu)
        let copies = try HostCopies(of: collective)
        return DeviceWork(try host.start(copies.collective, at: site), in: self, copies)
      }
      return DeviceWork(try host.start(collective, at: site), in: self)
    } catch {
      throw fail(error)
    }
  }

  /// Ends all that runs with an error; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    host.abort(reason)
    nccl?.abort(reason)
  }

  /// Memory of the host; see ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try host.allocate(count: count, elementType: elementType)
  }

  /// A group of some of the ranks over the same engines; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let part = try host.subgroup(ranks)
    guard let nccl else { return part.map { DeviceProcessGroup(host: $0, nccl: nil) } }
    let over = try nccl.subgroup(ranks)
    guard let part, let over = over as? NCCLProcessGroup else { return nil }
    return DeviceProcessGroup(host: part, nccl: over)
  }

  /// An engine that has failed takes the other with it.
  fileprivate func fail(_ error: CollectiveError) -> CollectiveError {
    if error.code != .invalidArgument { abort(error.message) }
    return error
  }
}

/// A collective of one of the engines.
private final class DeviceWork: Work {
  private let base: any Work
  private let group: DeviceProcessGroup
  private let copies: HostCopies?
  private let hasEnded = Atomic(false)

  init(_ base: any Work, in group: DeviceProcessGroup, _ copies: HostCopies? = nil) {
    (self.base, self.group, self.copies) = (base, group, copies)
  }

  var isCompleted: Bool { base.isCompleted }

  func wait() throws(CollectiveError) {
    do {
      try base.wait()
    } catch {
      throw group.fail(error)
    }
    // Once: a second wait would overwrite what has happened since.
    if !hasEnded.exchange(true, ordering: .relaxed) { copies?.giveBack() }
  }
}
