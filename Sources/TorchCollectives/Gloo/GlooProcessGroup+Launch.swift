public import Collectives
internal import Glibc
public import Worker

extension GlooProcessGroup {
  /// Creates the group of all workers of a job, like PyTorch's `init_process_group("gloo")`.
  ///
  /// It uses PyTorch's keys in the job's store, so Python and Swift workers of one job form one
  /// group.
  ///
  /// - Parameters:
  ///   - environment: This worker's launch environment.
  ///   - timeout: The time limit of the initialization and of each collective; a week while a rank
  ///     is being debugged.
  /// - Throws: ``CollectiveError``, like ``init(store:rank:worldSize:timeout:host:)``; with code
  ///   `failed` when the job's store cannot be reached.
  public convenience init(
    _ environment: LaunchEnvironment, timeout: Duration = GlooProcessGroup.defaultTimeout
  ) throws(CollectiveError) {
    let timeout = environment.peerTimeout(timeout)
    let store = try environment.connectStore(timeout)
    try self.init(
      store: GlooProcessGroup.defaultStore(store), rank: environment.rank,
      worldSize: environment.worldSize, timeout: timeout,
      host: environment.address(in: store))
  }

  /// Creates the group of one generation, after the group of an earlier one has failed.
  ///
  /// - Parameters:
  ///   - store: The store of all generations.
  ///   - generation: A number that no group in this store has used, equal on all ranks.
  ///   - rank: This rank in this generation.
  ///   - worldSize: The number of ranks of this generation.
  ///   - timeout: The time limit of the initialization and of each collective.
  ///   - host: As for ``init(store:rank:worldSize:timeout:host:)``.
  /// - Throws: ``CollectiveError``, like ``init(store:rank:worldSize:timeout:host:)``.
  public convenience init(
    store: any Store, generation: Int, rank: Int, worldSize: Int,
    timeout: Duration = GlooProcessGroup.defaultTimeout, host: String? = nil
  ) throws(CollectiveError) {
    try self.init(
      store: PrefixStore("generation\(generation)", store), rank: rank, worldSize: worldSize,
      timeout: timeout, host: host)
  }

  /// The view of a job's store that PyTorch passes to the Gloo backend of the default group, named
  /// `0` (`init_process_group` and `_new_process_group_helper` in torch 2.13's
  /// `distributed_c10d.py`).
  static func defaultStore(_ store: any Store) -> any Store {
    PrefixStore("cpu/", PrefixStore("0/", PrefixStore("default_pg", store)))
  }
}

extension LaunchEnvironment {
  /// Connects to the job's store, without waiting for the other workers: the group names missing
  /// ranks.
  func connectStore(_ timeout: Duration) throws(CollectiveError) -> any Store {
    do {
      return try makeStore(timeout: timeout, waitsForWorkers: false)
    } catch {
      throw CollectiveError(
        .failed, "cannot reach the job's store: \(error.message)", rank: rank, cause: error)
    }
  }

  /// The local address of the connection to the job's store, which other workers can use without
  /// resolving a host name.
  ///
  /// `nil` if it is a loopback address and there are workers on other machines, or if
  /// `GLOO_SOCKET_IFNAME` is set, which takes precedence as in PyTorch.
  func address(in store: any Store) -> String? {
    guard !WorkerVariable.networkInterface.isSet, let address = (store as? TCPStore)?.localAddress
    else { return nil }
    func isLoopback(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
    let isShared =
      !isLoopback(address) || worldSize == localWorldSize || isLoopback(masterAddress)
    return isShared && !address.isEmpty ? address : nil
  }
}
