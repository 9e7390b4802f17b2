public import Collectives
internal import Glibc
public import Worker

extension GlooProcessGroup {
  /// The group of all workers of a job, as PyTorch's `init_process_group("gloo")` makes it.
  ///
  /// It uses PyTorch's keys in the job's store, so that Python and Swift workers of one job meet in
  /// one group.
  ///
  /// - Parameters:
  ///   - environment: This worker's place in the job.
  ///   - timeout: The limit for all workers to meet, and of each collective; a week while a rank is
  ///     being debugged.
  /// - Throws: ``CollectiveError``, as ``init(store:rank:worldSize:timeout:host:)``; with code
  ///   `failed` when the job's store cannot be reached.
  public convenience init(
    _ environment: LaunchEnvironment, timeout: Duration = GlooProcessGroup.defaultTimeout
  ) throws(CollectiveError) {
    let timeout = environment.patience(timeout)
    let store = try environment.reachStore(timeout)
    try self.init(
      store: GlooProcessGroup.defaultStore(store), rank: environment.rank,
      worldSize: environment.worldSize, timeout: timeout,
      host: environment.address(in: store))
  }

  /// Connects the ranks of one generation, after another group of this process or of others has failed.
  ///
  /// - Parameters:
  ///   - store: Where the ranks find each other, for all generations.
  ///   - generation: A number that no group in this store has had; all ranks have to know it.
  ///   - rank: The number of this rank in this generation.
  ///   - worldSize: The number of ranks of this generation.
  ///   - timeout: The limit for connecting, and of each collective.
  ///   - host: As for ``init(store:rank:worldSize:timeout:host:)``.
  /// - Throws: ``CollectiveError``, as ``init(store:rank:worldSize:timeout:host:)``.
  public convenience init(
    store: any Store, generation: Int, rank: Int, worldSize: Int,
    timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil
  ) throws(CollectiveError) {
    try self.init(
      store: PrefixStore("generation\(generation)", store), rank: rank, worldSize: worldSize,
      timeout: timeout, host: host)
  }

  /// A job's store as PyTorch gives it to the Gloo engine of the default group, which is named `0`
  /// (`init_process_group` and `_new_process_group_helper` in torch 2.13's `distributed_c10d.py`).
  static func defaultStore(_ store: any Store) -> any Store {
    PrefixStore("cpu/", PrefixStore("0/", PrefixStore("default_pg", store)))
  }
}

extension LaunchEnvironment {
  /// The job's store, for a group that tells by itself who is missing.
  func reachStore(_ timeout: Duration) throws(CollectiveError) -> any Store {
    do {
      return try makeStore(timeout: timeout, waitsForWorkers: false)
    } catch {
      throw CollectiveError(
        .failed, "cannot reach the job's store: \(error.message)", rank: rank, cause: error)
    }
  }

  /// The address by which this worker reaches the job's store, so that no host name has to be resolved.
  ///
  /// `nil` where that would not do for the others: the store's name led to the loopback address, and
  /// there are workers on other machines. `GLOO_SOCKET_IFNAME` wins, as in PyTorch.
  func address(in store: any Store) -> String? {
    guard !WorkerVariable.networkInterface.isSet, let address = (store as? TCPStore)?.localAddress
    else { return nil }
    func isLoopback(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
    let isShared =
      !isLoopback(address) || worldSize == localWorldSize || isLoopback(masterAddress)
    return isShared && !address.isEmpty ? address : nil
  }
}
