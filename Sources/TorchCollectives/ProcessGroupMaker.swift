public import Collectives
internal import Foundation
public import Torch
public import Worker

extension LaunchEnvironment {
  /// The group of all workers of the job, over the engine that suits where they are.
  ///
  /// Ranks on one host share memory. Ranks on several hosts do so on each, and one leader for each host
  /// talks to the others through Gloo. If a rank is PyTorch's, all use Gloo: Python ranks are known by
  /// Gloo's address in the job's store, and ours tell the store where they are before they choose. What is
  /// on GPUs goes over NCCL, if all ranks have a GPU and can open it. Rank 0 logs the choice in one line.
  ///
  /// - Parameters:
  ///   - backend: The engine to use; `nil` for `LOCKSTEP_BACKEND`, and without that to choose. All ranks
  ///     have to give the same.
  ///   - timeout: The limit for all workers to meet, and of each collective; a week while a rank is being
  ///     debugged.
  ///   - device: Where this rank's model is; `nil` for the GPU of its local rank, or the CPU where there is
  ///     none.
  /// - Returns: The group, which is checked and recorded if the environment asks for it: see
  ///   `GroupSettings`.
  /// - Throws: ``CollectiveError`` with code `ranksMissing` when some rank did not come in time;
  ///   `invalidArgument` when ranks ask for different things, or for what cannot be; `unavailable` when
  ///   the engine that was asked for cannot work; `failed` when the job's store cannot be reached.
  public func makeProcessGroup(
    backend: ProcessGroupBackend? = nil, timeout: Duration = GlooProcessGroup.defaultTimeout,
    device: Device? = nil
  ) throws(CollectiveError) -> any ProcessGroup {
    let timeout = patience(timeout)
    let device = device ?? (try? Device(localRank: localRank)) ?? .cpu
    let store = try reachStore(timeout)
    return try ProcessGroupMaker(
      keys: PrefixStore("lockstep/attempt\(restartCount)", store),
      gloo: GlooProcessGroup.defaultStore(store), rank: rank, worldSize: worldSize,
      timeout: timeout, address: address(in: store), gpu: RankGPU(device)
    ).make(backend)
  }
}

/// Makes a group over the engine that suits where the ranks are, as
/// `LaunchEnvironment.makeProcessGroup` does for a job; for groups that are made anew, with other ranks.
///
/// - Parameters:
///   - store: Where the ranks find each other, with keys of this group alone, as under a `PrefixStore`.
///   - rank: The number of this rank.
///   - worldSize: The number of ranks.
///   - backend: The engine to use; `nil` for `LOCKSTEP_BACKEND`, and without that to choose.
///   - timeout: The limit for all to meet, and of each collective.
///   - host: A name or address of this machine, as for `GlooProcessGroup`.
///   - device: Where this rank's model is.
/// - Returns: The group, as `LaunchEnvironment.makeProcessGroup`.
/// - Throws: ``CollectiveError``, as `LaunchEnvironment.makeProcessGroup`.
public func makeProcessGroup(
  store: any Store, rank: Int, worldSize: Int, backend: ProcessGroupBackend? = nil,
  timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil, device: Device = .cpu
) throws(CollectiveError) -> any ProcessGroup {
  try ProcessGroupMaker(
    keys: PrefixStore("lockstep", store), gloo: PrefixStore("gloo", store), rank: rank,
    worldSize: worldSize, timeout: timeout, address: host, gpu: RankGPU(device)
  ).make(backend)
}

/// Lets the ranks of a group agree on an engine, and makes it.
package struct ProcessGroupMaker {
  /// Where ranks of ours tell things.
  let keys: any Store
  /// Where ranks of Gloo tell their addresses, Python's too.
  let gloo: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration
  let address: String?
  /// Where this rank is; tests say something else.
  let host: HostIdentity
  /// Its GPU, if it has one; tests say something else.
  let gpu: RankGPU?

  package init(
    keys: any Store, gloo: any Store, rank: Int, worldSize: Int, timeout: Duration,
    address: String?, host: HostIdentity = .current, gpu: RankGPU? = nil
  ) {
    (self.keys, self.gloo, self.rank, self.worldSize) = (keys, gloo, rank, worldSize)
    (self.timeout, self.address, self.host, self.gpu) = (timeout, address, host, gpu)
  }

  package func make(_ backend: ProcessGroupBackend?) throws(CollectiveError) -> any ProcessGroup {
    guard worldSize > 0, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: ranks count from 0 to worldSize - 1")
    }
    var settings = try GroupSettings.inherited()
    settings.backend = backend ?? settings.backend
    let mine = RankPlace(
      host: host, backend: settings.backend, isChecked: settings.debugLevel == .detail,
      gpu: gpu?.place)
    var choice = try BackendChoice(places(mine), rank: rank)
    var group: any ProcessGroup
    do {
      group = try engine(choice)
    } catch  where error.code == .unavailable && [nil, .nccl].contains(settings.backend) {
      // All ranks have seen the same.
      (choice.backend, choice.reason) = (.gloo, "they cannot share memory: \(error.message)")
      group = try engine(choice)
    }
    if let gpus = choice.gpus {
      let nccl = gpus == .nccl ? try gpu?.connect(keys, rank, worldSize, timeout) : nil
      group = DeviceProcessGroup(host: group, nccl: nccl)
    }
    if worldSize > 1, rank == 0 || settings.debugLevel != .off {
      let who = settings.debugLevel == .off ? "" : "[rank \(rank)] "
      FileHandle.standardError.write(
        Data("\(who)\(choice.line(worldSize: worldSize))\n".utf8))
    }
    return settings.watch(group)
  }

  private func engine(_ choice: BackendChoice) throws(CollectiveError) -> any ProcessGroup {
    switch choice.backend {
    case .gloo: return try overGloo(gloo, rank, worldSize)
    case .nccl: preconditionFailure("NCCL is no engine of the host")
    case .sharedMemory: return try sharing(choice.hosts, 0)
    case .hierarchical:
      let host = choice.hosts.firstIndex { $0.contains(rank) } ?? 0
      let local = try sharing(choice.hosts, host)
      let world = try overGloo(gloo, rank, worldSize)
      let leaders =
        local.rank == 0
        ? try overGloo(PrefixStore("leaders", keys), host, choice.hosts.count) : nil
      return try HierarchicalProcessGroup(world: world, local: local, leaders: leaders)
    }
  }

  private func overGloo(_ store: any Store, _ rank: Int, _ worldSize: Int) throws(CollectiveError)
    -> GlooProcessGroup
  {
    try GlooProcessGroup(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout, host: address)
  }

  /// The ranks of one host over shared memory, if the ranks of every host can have that.
  private func sharing(_ hosts: [[Int]], _ mine: Int) throws(CollectiveError)
    -> SharedMemoryProcessGroup
  {
    let place = hosts[mine].firstIndex(of: rank) ?? 0
    let outcome: Result<SharedMemoryProcessGroup, CollectiveError>
    do {
      outcome = .success(
        try SharedMemoryProcessGroup(
          store: PrefixStore("host\(mine)", keys), rank: place, worldSize: hosts[mine].count,
          timeout: timeout))
    } catch  where error.code == .unavailable {
      outcome = .failure(error)
    }
    if hosts.count > 1 {
      // The ranks of a host have seen the same; its first tells the other hosts.
      var reason = ""
      if case .failure(let error) = outcome { reason = "host of rank \(rank), \(error.message)" }
      let refusals = try asStoreUser { () throws(StoreError) in
        if place == 0 { try keys.set("shares/\(mine)", Array(reason.utf8)) }
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

  /// What all ranks tell, or `nil` for those that are PyTorch's.
  private func places(_ mine: RankPlace) throws(CollectiveError) -> [RankPlace?] {
    let names = (0..<worldSize).map { "place/\($0)" }
    let end = ContinuousClock.now + timeout
    return try asStoreUser { () throws(StoreError) in
      try keys.set(names[rank], encoded(mine))
      while true {
        do throws(StoreError) {
          try keys.wait(names, timeout: min(.milliseconds(100), timeout))
          return try names.map { (name) throws(StoreError) in try place(name) }
        } catch  where error.code == .timedOut {
          let foreign = try foreignRanks(names)
          // It will be Gloo then, so it does not matter who else has not come yet.
          if !foreign.isEmpty { return names.indices.map { foreign.contains($0) ? nil : mine } }
          if ContinuousClock.now > end { throw error }
        }
      }
    }
  }

  /// The ranks that have come to Gloo without a word to ours.
  private func foreignRanks(_ names: [String]) throws(StoreError) -> [Int] {
    var foreign: [Int] = []
    for (rank, name) in names.enumerated() {
      // In this order: ranks of ours tell their place before they go to Gloo.
      if try gloo.check(["0/\(rank)"]), try !keys.check([name]) { foreign.append(rank) }
    }
    return foreign
  }

  private func place(_ name: String) throws(StoreError) -> RankPlace? {
    try? JSONDecoder().decode(RankPlace.self, from: Data(try keys.get(name, timeout: timeout)))
  }

  private func encoded(_ place: RankPlace) -> [UInt8] {
    (try? JSONEncoder().encode(place)).map { Array($0) } ?? []
  }

  /// Turns errors of the store into errors of the group.
  private func asStoreUser<Value>(_ body: () throws(StoreError) -> Value) throws(CollectiveError)
    -> Value
  {
    do {
      return try body()
    } catch  where error.code == .timedOut {
      let missing = (0..<worldSize).filter { (try? keys.check(["place/\($0)"])) == false }
      throw .ranksMissing(
        missing.isEmpty ? [rank] : missing, of: worldSize, within: timeout, seenBy: rank,
        cause: error)
    } catch {
      throw CollectiveError(
        .failed, "cannot agree on an engine, because the store failed: \(error.message)",
        rank: rank, cause: error)
    }
  }
}
