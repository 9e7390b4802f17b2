public import Collectives
internal import FoundationEssentials
internal import Support
public import Torch
public import Worker

extension LaunchEnvironment {
  /// Creates the group of all workers of the job, with the backend that suits their hosts.
  ///
  /// Ranks on one host use shared memory. Ranks on several hosts use it within each host, and Gloo
  /// between one leader per host. If a rank runs PyTorch, all use Gloo: Python ranks publish only
  /// Gloo's address in the job's store. GPU memory uses NCCL, if all ranks have a GPU and can load
  /// NCCL. Rank 0 logs the choice.
  ///
  /// - Parameters:
  ///   - backend: The backend, equal on all ranks; `nil` for `LOCKSTEP_BACKEND`, or an automatic
  ///     choice if that is unset.
  ///   - timeout: The time limit of the initialization and of each collective; a week while a rank
  ///     is being debugged.
  ///   - device: The device of this rank's model; `nil` for the GPU of its local rank, or the CPU
  ///     if there is none.
  /// - Returns: The group, with the diagnostics that the environment enables: see `GroupSettings`.
  /// - Throws: ``CollectiveError`` with code `ranksMissing` when a rank did not join in time;
  ///   `invalidArgument` when ranks request different backends, or one that they cannot use;
  ///   `unavailable` when the requested backend does not work; `failed` when the job's store cannot
  ///   be reached.
  public func makeProcessGroup(
    backend: ProcessGroupBackend? = nil, timeout: Duration = GlooProcessGroup.defaultTimeout,
    device: Device? = nil
  ) throws(CollectiveError) -> any ProcessGroup {
    let timeout = peerTimeout(timeout)
    let device = device ?? (try? Device(localRank: localRank)) ?? .cpu
    let store = try connectStore(timeout)
    return try ProcessGroupBuilder(
      keys: PrefixStore("lockstep/attempt\(restartCount)", store),
      gloo: GlooProcessGroup.defaultStore(store), rank: rank, worldSize: worldSize,
      timeout: timeout, address: address(in: store), gpu: RankGPU(device)
    ).make(backend)
  }
}

/// Creates a group with the backend that suits the hosts of the ranks.
///
/// Like `LaunchEnvironment.makeProcessGroup`, for groups other than that of a whole job, such as
/// one that is recreated with the remaining ranks.
///
/// - Parameters:
///   - store: A store whose keys no other group uses, for example a `PrefixStore`.
///   - rank: This rank.
///   - worldSize: The number of ranks.
///   - backend: The backend, equal on all ranks; `nil` for `LOCKSTEP_BACKEND`, or an automatic
///     choice if that is unset.
///   - timeout: The time limit of the initialization and of each collective.
///   - host: A name or address of this machine, as for `GlooProcessGroup`.
///   - device: The device of this rank's model.
/// - Returns: The group, with the diagnostics that the environment enables.
/// - Throws: ``CollectiveError``, like `LaunchEnvironment.makeProcessGroup`.
public func makeProcessGroup(
  store: any Store, rank: Int, worldSize: Int, backend: ProcessGroupBackend? = nil,
  timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil, device: Device = .cpu
) throws(CollectiveError) -> any ProcessGroup {
  try ProcessGroupBuilder(
    keys: PrefixStore("lockstep", store), gloo: PrefixStore("gloo", store), rank: rank,
    worldSize: worldSize, timeout: timeout, address: host, gpu: RankGPU(device)
  ).make(backend)
}

/// Creates a group after the ranks have agreed on a backend through the store.
package struct ProcessGroupBuilder {
  /// The keys that ranks of Lockstep use.
  let keys: any Store
  /// The keys that Gloo uses for addresses, also on Python ranks.
  let gloo: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration
  let address: String?
  /// The host of this rank; tests pass others.
  let host: HostIdentity
  /// The GPU of this rank, if it has one; tests pass others.
  let gpu: RankGPU?

  package init(
    keys: any Store, gloo: any Store, rank: Int, worldSize: Int, timeout: Duration,
    address: String?, host: HostIdentity = .current, gpu: RankGPU? = nil
  ) {
    self.keys = keys
    self.gloo = gloo
    self.rank = rank
    self.worldSize = worldSize
    self.timeout = timeout
    self.address = address
    self.host = host
    self.gpu = gpu
  }

  package func make(_ backend: ProcessGroupBackend?) throws(CollectiveError) -> any ProcessGroup {
    guard worldSize > 0, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: number the ranks from 0 to worldSize - 1")
    }
    var settings = try GroupSettings.inherited()
    settings.backend = backend ?? settings.backend
    let mine = RankInfo(
      host: host, backend: settings.backend, isChecked: settings.debugLevel == .detail,
      gpu: gpu?.info)
    var choice = try BackendChoice(exchangeInfo(mine), rank: rank)
    var group: any ProcessGroup
    do {
      group = try hostGroup(choice)
    } catch  where error.code == .unavailable && [nil, .nccl].contains(settings.backend) {
      // All ranks get this error, so all switch to Gloo.
      choice.backend = .gloo
      choice.reason = "the ranks cannot share memory: \(error.message)"
      group = try hostGroup(choice)
    }
    if let gpus = choice.gpus {
      let nccl = gpus == .nccl ? try gpu?.connect(keys, rank, worldSize, timeout) : nil
      group = DeviceProcessGroup(host: group, nccl: nccl)
    }
    if worldSize > 1, rank == 0 || settings.debugLevel != .off {
      let prefix = settings.debugLevel == .off ? "" : "[rank \(rank)] "
      Log.notice("\(prefix)\(choice.line(worldSize: worldSize))")
    }
    return settings.addingDiagnostics(to: group)
  }

  /// Creates the group that moves the host's memory.
  private func hostGroup(_ choice: BackendChoice) throws(CollectiveError) -> any ProcessGroup {
    switch choice.backend {
    case .gloo: return try glooGroup(gloo, rank, worldSize)
    case .nccl: preconditionFailure("NCCL does not move host memory")
    case .sharedMemory: return try sharedMemoryGroup(choice.hosts, 0)
    case .hierarchical:
      let host = choice.hosts.firstIndex { $0.contains(rank) } ?? 0
      let local = try sharedMemoryGroup(choice.hosts, host)
      let world = try glooGroup(gloo, rank, worldSize)
      let leaders =
        local.rank == 0
        ? try glooGroup(PrefixStore("leaders", keys), host, choice.hosts.count) : nil
      return try HierarchicalProcessGroup(world: world, local: local, leaders: leaders)
    }
  }

  private func glooGroup(_ store: any Store, _ rank: Int, _ worldSize: Int) throws(CollectiveError)
    -> GlooProcessGroup
  {
    try GlooProcessGroup(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout, host: address)
  }

  /// Creates the shared-memory group of one host.
  ///
  /// - Throws: ``CollectiveError`` with code `unavailable`, on all ranks, if the ranks of any host
  ///   cannot share memory.
  private func sharedMemoryGroup(_ hosts: [[Int]], _ mine: Int) throws(CollectiveError)
    -> SharedMemoryProcessGroup
  {
    let localRank = hosts[mine].firstIndex(of: rank) ?? 0
    let outcome: Result<SharedMemoryProcessGroup, CollectiveError>
    do {
      outcome = .success(
        try SharedMemoryProcessGroup(
          store: PrefixStore("host\(mine)", keys), rank: localRank, worldSize: hosts[mine].count,
          timeout: timeout))
    } catch  where error.code == .unavailable {
      outcome = .failure(error)
    }
    if hosts.count > 1 {
      // The ranks of a host have the same outcome; the first one publishes it to the other hosts.
      var reason = ""
      if case .failure(let error) = outcome {
        reason = "on the host of rank \(rank): \(error.message)"
      }
      let refusals = try convertingStoreErrors { () throws(StoreError) in
        if localRank == 0 { try keys.set("shares/\(mine)", Array(reason.utf8)) }
        return try hosts.indices.map { host throws(StoreError) in
          String(decoding: try keys.get("shares/\(host)", timeout: timeout), as: UTF8.self)
        }
      }
      if let refusal = refusals.first(where: { !$0.isEmpty }) {
        throw CollectiveError(.unavailable, refusal, rank: rank)
      }
    }
    return try outcome.get()
  }

  /// Publishes this rank's information and returns that of all ranks, `nil` for ranks of PyTorch.
  private func exchangeInfo(_ mine: RankInfo) throws(CollectiveError) -> [RankInfo?] {
    let names = (0..<worldSize).map { "info/\($0)" }
    let deadline = Deadline(after: timeout)
    return try convertingStoreErrors { () throws(StoreError) in
      try keys.set(names[rank], encoded(mine))
      while true {
        do throws(StoreError) {
          try keys.wait(names, timeout: min(.milliseconds(100), timeout))
          return try names.map { (name) throws(StoreError) in try info(name) }
        } catch  where error.code == .timedOut {
          let foreign = try foreignRanks(names)
          // With one rank of PyTorch all ranks use Gloo, whatever the missing ranks publish.
          if !foreign.isEmpty { return names.indices.map { foreign.contains($0) ? nil : mine } }
          if deadline.hasPassed { throw error }
        }
      }
    }
  }

  /// The ranks that use Gloo's keys but not Lockstep's.
  private func foreignRanks(_ names: [String]) throws(StoreError) -> [Int] {
    var foreign: [Int] = []
    for (rank, name) in names.enumerated() {
      // In this order, because ranks of Lockstep publish their information before they use Gloo.
      if try gloo.check(["0/\(rank)"]), try !keys.check([name]) { foreign.append(rank) }
    }
    return foreign
  }

  private func info(_ name: String) throws(StoreError) -> RankInfo? {
    try? JSONDecoder().decode(RankInfo.self, from: Data(try keys.get(name, timeout: timeout)))
  }

  private func encoded(_ info: RankInfo) -> [UInt8] {
    (try? JSONEncoder().encode(info)).map { Array($0) } ?? []
  }

  /// Converts errors of the store to errors of the group.
  private func convertingStoreErrors<Value>(_ body: () throws(StoreError) -> Value)
    throws(CollectiveError)
    -> Value
  {
    do {
      return try body()
    } catch  where error.code == .timedOut {
      let missing = (0..<worldSize).filter { (try? keys.check(["info/\($0)"])) == false }
      throw .ranksMissing(
        missing.isEmpty ? [rank] : missing, of: worldSize, within: timeout, seenBy: rank,
        cause: error)
    } catch {
      throw CollectiveError(
        .failed, "cannot agree on a backend, because the store failed: \(error.message)",
        rank: rank, cause: error)
    }
  }
}
