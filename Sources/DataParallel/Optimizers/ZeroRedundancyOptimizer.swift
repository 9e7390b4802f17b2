public import Collectives
public import Torch
internal import TorchCollectives

/// An optimizer whose state is sharded over the ranks, like PyTorch's `ZeroRedundancyOptimizer`.
///
/// "ZeRO", stage 1 (Rajbhandari et al. 2020). Each rank holds the state of its share of the
/// parameters, updates that share, and broadcasts it to the other ranks. The state takes about 1 /
/// world size of the memory, and the results equal those of the unsharded optimizer to the bit.
///
/// A snapshot contains the state of all ranks, in the form of the unsharded optimizer. Any number
/// of ranks can resume from it, with or without this optimizer.
///
/// ```swift
/// let optimizer = try ZeroRedundancyOptimizer(
///   [ParameterGroup(model.module.parameters)], group: group) { AdamW($0, learningRate: 1e-3) }
/// ```
public final class ZeroRedundancyOptimizer<Inner: Optimizer>: Optimizer {
  /// The parameters that all ranks together update; their hyperparameters may change.
  public var groups: [ParameterGroup] {
    didSet { copyGroupSettings() }
  }
  /// The optimizer of this rank's share.
  public let inner: Inner
  private let group: any ProcessGroup
  private let assignment: ParameterAssignment

  /// Assigns parameters to ranks and creates the optimizer of this rank's share.
  ///
  /// - Parameters:
  ///   - groups: The parameters; equal on all ranks.
  ///   - group: The ranks.
  ///   - makeInner: Creates the optimizer of the given groups, some of which may have no
  ///     parameters.
  public init(
    _ groups: [ParameterGroup], group: any ProcessGroup,
    _ makeInner: ([ParameterGroup]) -> Inner
  ) {
    self.groups = groups
    self.group = group
    assignment = ParameterAssignment(
      counts: groups.map { $0.parameters.map(\.count) }, worldSize: group.worldSize)
    inner = makeInner(
      ZeroRedundancyOptimizer.share(of: groups, assignment: assignment, rank: group.rank))
    for (index, complete) in inner.groups.enumerated() where index < groups.count {
      self.groups[index].adoptHyperparameters(of: complete)
    }
  }

  /// Updates this rank's share and exchanges updated parameters with the other ranks.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or times out, and the errors of the inner
  ///   optimizer. After an error, some parameters may be updated and others not.
  public func step() throws {
    try inner.step()
    try shareParameters()
  }

  /// The size of this rank's share of the state in bytes.
  public var stateByteCount: Int {
    let parameters = (try? inner.stateDict())?.parameters ?? []
    return parameters.flatMap(\.tensors.values).map(\.byteCount).reduce(0, +)
  }

  /// The optimizer to pass to ``DistributedDataParallel/overlap(_:)`` (`hook_with_zero_step`).
  ///
  /// It then updates this rank's share bucket by bucket while backward is running. Call
  /// ``shareParameters()`` instead of ``step()`` after backward.
  public var overlappable: any Optimizer { inner }

  /// Broadcasts this rank's share and receives those of the other ranks.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or times out.
  public func shareParameters() throws(CollectiveError) {
    var running: [any Work] = []
    for (parameters, ranks) in zip(groups.map(\.parameters), assignment.ranks) {
      for (parameter, rank) in zip(parameters, ranks) {
        running.append(
          try group.startBroadcast(CollectiveBuffer(parameter.detach()), from: rank))
      }
    }
    for work in running { try work.wait() }
  }

  private func copyGroupSettings() {
    for (index, group) in groups.enumerated() where index < inner.groups.count {
      inner.groups[index].adoptHyperparameters(of: group)
    }
  }

  private static func share(
    of groups: [ParameterGroup], assignment: ParameterAssignment, rank: Int
  ) -> [ParameterGroup] {
    zip(groups, assignment.ranks).map { group, ranks in
      var share = group
      share.parameters = zip(group.parameters, ranks).filter { $0.1 == rank }.map(\.0)
      return share
    }
  }
}

extension ZeroRedundancyOptimizer {
  /// Returns the state of this rank's share.
  public func stateDict() throws(TorchError) -> OptimizerState { try inner.stateDict() }

  /// Restores the state of this rank's share.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    try inner.loadStateDict(state)
    adoptGroupSettings(of: state)
  }

  /// Gathers the state of all ranks (`consolidate_state_dict`); call it on every rank.
  ///
  /// The result is the state that the unsharded optimizer would have.
  ///
  /// - Parameter root: The rank that receives the state.
  /// - Returns: A copy of the state on `root`, `nil` on the other ranks.
  /// - Throws: ``CollectiveError`` if a peer is lost or times out, or the state of a rank cannot be
  ///   captured.
  public func consolidatedStateDict(to root: Int = 0) throws(CollectiveError) -> OptimizerState? {
    let share = try asCollectiveError { try inner.stateDict() }
    guard let shares = try share.gathered(to: root, over: group, like: sharedParameters) else {
      return nil
    }
    return try asCollectiveError { try OptimizerState(merging: shares, owners: assignment.ranks) }
  }

  /// Restores this rank's share of a consolidated state.
  ///
  /// The state may come from ``consolidatedStateDict(to:)`` with any number of ranks, or from the
  /// unsharded optimizer. It must be equal on all ranks.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state belongs to another optimizer;
  ///   nothing is changed on this rank.
  public func loadConsolidatedStateDict(_ state: OptimizerState) throws(TorchError) {
    // Compares all parameters, so that every rank throws if those of one rank differ.
    if let difference = state.firstDifference(from: groups) {
      throw TorchError(.mismatch, "the state belongs to another optimizer: \(difference)")
    }
    let shares = try state.shards(owners: assignment.ranks, count: group.worldSize)
    try loadStateDict(shares[group.rank])
  }

  /// The parameters of each rank's share.
  private var sharedParameters: [[Tensor]] {
    (0..<group.worldSize).map { rank in
      ZeroRedundancyOptimizer.share(of: groups, assignment: assignment, rank: rank)
        .flatMap(\.parameters)
    }
  }
}

extension ZeroRedundancyOptimizer: ShardedState {
  /// Gathers the state of all ranks; see ``consolidatedStateDict(to:)``.
  public func captureWholeState(to root: Int) throws -> State? {
    try consolidatedStateDict(to: root).map { try State($0) }
  }

  /// Restores this rank's share; see ``loadConsolidatedStateDict(_:)``.
  public func restoreWholeState(_ state: State) throws(TorchError) {
    try loadConsolidatedStateDict(OptimizerState(state))
  }
}

extension ZeroRedundancyOptimizer: OptimizerWrapper {
  package var wrapped: any Optimizer { inner }
}

extension ZeroRedundancyOptimizer: Joinable {
  /// Updates this rank's share from the gradients that the other ranks averaged.
  public func shadowStep() throws { try step() }
}
