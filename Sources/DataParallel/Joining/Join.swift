internal import Collectives
internal import Torch

extension DistributedDataParallel {
  /// Runs a training loop whose number of steps may differ between ranks (`join`).
  ///
  /// A rank that exhausts its inputs takes part in the collectives of the others, with gradients of
  /// 0, until all ranks are done. Then all ranks get the model of a rank that finished last. Other
  /// collectives in the loop, such as those of ``SyncBatchNorm``, are not shadowed: use
  /// `throwOnEarlyTermination` there.
  ///
  /// ```swift
  /// try model.join {
  ///   for (x, y) in batches { … }
  /// }
  /// ```
  /// - Parameters:
  ///   - divideByInitialWorldSize: Whether gradients are divided by the world size, so that each
  ///     sample has the same weight; otherwise by the number of ranks that still have inputs.
  ///   - enable: Whether `join` has an effect; if set, each pass costs a small all-gather.
  ///   - throwOnEarlyTermination: Whether all ranks throw when the first exhausts its inputs.
  ///   - shadows: Other objects whose collectives run in each step after backward, such as a
  ///     ``ZeroRedundancyOptimizer``; pass them on all ranks.
  ///   - body: The training loop.
  /// - Returns: The result of `body`.
  /// - Throws: The errors of `body`. With `throwOnEarlyTermination`, ``CollectiveError`` with code
  ///   `exhausted` on all ranks, at the first forward pass that some rank does not run.
  public func join<Result>(
    divideByInitialWorldSize: Bool = true, enable: Bool = true,
    throwOnEarlyTermination: Bool = false, shadows: [any Joinable] = [],
    _ body: () throws -> Result
  ) throws -> Result {
    guard enable else { return try body() }
    let joining = Joining(
      group: group, throwsEarly: throwOnEarlyTermination, dividesByAll: divideByInitialWorldSize)
    self.joining = joining
    defer { self.joining = nil }
    let result = try body()
    var wasLast = true
    var shadowCount = 0
    while let round = try joining.shadow() {
      wasLast = false
      shadowCount += 1
      if shadowCount == 1000 {
        reducer.warn(
          "rank \(group.rank) exhausted its inputs 1000 steps before the other ranks and only "
            + "sends gradients of 0: distribute the data more evenly")
      }
      try shadow(round)
      if round.synchronizes {
        for other in shadows { try other.shadowStep() }
      }
    }
    try synchronizeModel(from: try joining.lastRank(wasLast: wasLast))
    return result
  }

  /// Runs the collectives of one step of the ranks that have inputs.
  private func shadow(_ round: Joining.Round) throws {
    guard round.synchronizes else { return }
    try reducer.prepareForForward()
    try synchronizeBuffers(from: round.source)
    try reducer.shadowPass(divisor: divisor)
  }

  /// The divisor of the gradients' sums in this pass.
  var divisor: Int {
    guard let joining, !joining.dividesByAll else { return group.worldSize }
    return joining.activeCount
  }
}

/// An object that starts collectives in each training step and can shadow them on a rank without
/// inputs.
public protocol Joinable: AnyObject {
  /// Runs the collectives of one step.
  func shadowStep() throws
}

/// Tracks which ranks still have inputs; the ranks exchange this before each pass.
package final class Joining {
  /// A pass that at least one rank runs.
  package struct Round: Equatable {
    /// The rank whose buffers are copied to the others: the last one that has inputs.
    package var source: Int
    /// Whether gradients are averaged.
    package var synchronizes: Bool
    /// The number of ranks that have inputs.
    package var activeCount: Int
  }

  private let group: any ProcessGroup
  private let throwsEarly: Bool
  let dividesByAll: Bool
  private(set) var activeCount: Int

  init(group: any ProcessGroup, throwsEarly: Bool, dividesByAll: Bool) {
    self.group = group
    self.throwsEarly = throwsEarly
    self.dividesByAll = dividesByAll
    activeCount = group.worldSize
  }

  /// Reports that this rank has inputs.
  ///
  /// Returns the rank whose buffers are copied to the others.
  func announce(synchronizes: Bool) throws(CollectiveError) -> Int {
    guard let round = try exchange([1, synchronizes ? 1 : 0]) else { return 0 }
    // While all ranks have inputs rank 0's buffers are copied, as outside of join.
    return round.activeCount == group.worldSize ? 0 : round.source
  }

  /// Reports that this rank has no inputs.
  ///
  /// Returns the pass of the others, or `nil` if no rank has inputs.
  func shadow() throws(CollectiveError) -> Round? { try exchange([0, 0]) }

  /// Returns the rank whose model is the result: the highest of the ranks that finished last.
  func lastRank(wasLast: Bool) throws(CollectiveError) -> Int {
    try group.allReduce([wasLast ? group.rank : -1], .max)[0]
  }

  private func exchange(_ mine: [Int32]) throws(CollectiveError) -> Round? {
    let sent = CollectiveMemory<Int32>(mine)
    let gathered = CollectiveMemory(Int32.self, count: 2 * group.worldSize)
    try group.allGather(sent.buffer, into: gathered.buffer)
    let all = (0..<group.worldSize).map { Array(gathered.values[2 * $0..<2 * $0 + 2]) }
    guard let round = Joining.round(all) else { return nil }
    activeCount = round.activeCount
    if throwsEarly, round.activeCount < group.worldSize {
      let ended = all.indices.filter { all[$0][0] == 0 }
      let list = ended.map(String.init).joined(separator: ", ")
      throw CollectiveError(
        .exhausted,
        "\(ended.count == 1 ? "rank \(list) has" : "ranks \(list) have") no more inputs, and "
          + "throwOnEarlyTermination is set",
        rank: group.rank)
    }
    return round
  }

  /// Returns the pass that follows from what each rank sent: whether it has inputs, and whether it
  /// averages gradients.
  package static func round(_ all: [[Int32]]) -> Round? {
    let active = all.indices.filter { all[$0][0] == 1 }
    guard let last = active.last else { return nil }
    return Round(
      source: last, synchronizes: active.contains { all[$0][1] == 1 }, activeCount: active.count)
  }
}
