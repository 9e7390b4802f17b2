internal import Collectives
internal import Torch

extension DistributedDataParallel {
  /// Runs a training loop whose number of steps may differ between ranks (`join`).
  ///
  /// A rank whose loop has ended takes part in the collectives of the others, with gradients of 0, until
  /// all have ended; then all get the model of a rank that ended last. Other collectives in the loop,
  /// such as those of a ``SyncBatchNorm``, have no such peer: use `throwOnEarlyTermination` there.
  ///
  /// ```swift
  /// try model.join {
  ///   for (x, y) in batches { … }
  /// }
  /// ```
  /// - Parameters:
  ///   - divideByInitialWorldSize: Whether gradients are divided by the number of all ranks, so that
  ///     each sample has the same weight; else by that of the ranks that still have inputs.
  ///   - enable: Whether to do anything; each pass costs a small all-gather.
  ///   - throwOnEarlyTermination: Whether all ranks throw once the first has no more inputs.
  ///   - shadows: What else has collectives in each step, after backward, such as a
  ///     ``ZeroRedundancyOptimizer``; those of all ranks.
  ///   - body: The training loop.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; ``CollectiveError``, with code `exhausted` on all ranks, with
  ///   `throwOnEarlyTermination`, at the first forward pass that some rank does not make.
  public func join<Result>(
    divideByInitialWorldSize: Bool = true, enable: Bool = true,
    throwOnEarlyTermination: Bool = false, shadows: [any Joinable] = [],
    _ body: () throws -> Result
  ) throws -> Result {
    guard enable else { return try body() }
    let joining = Joining(
      group: group, throwsEarly: throwOnEarlyTermination, dividesByAll: divideByInitialWorldSize)
    self.joining = joining
    defer {
      self.joining = nil
      reducer.divisor = group.worldSize
    }
    let result = try body()
    var wasLast = true
    var shadowCount = 0
    while let round = try joining.shadow() {
      wasLast = false
      shadowCount += 1
      if shadowCount == 1000 {
        reducer.warn(
          "rank \(group.rank) has had no inputs for 1000 steps: share data out more evenly, for what it "
            + "sends now is 0")
      }
      try shadow(round)
      if round.synchronizes {
        for other in shadows { try other.shadowStep() }
      }
    }
    try synchronizeModel(from: try joining.lastRank(wasLast: wasLast))
    return result
  }

  /// Does what a step does on the ranks that have inputs.
  private func shadow(_ round: Joining.Round) throws {
    guard round.synchronizes else { return }
    divideAsJoined()
    try reducer.prepareForForward()
    try synchronizeBuffers(from: round.source)
    try reducer.shadowPass()
  }

  func divideAsJoined() {
    guard let joining, !joining.dividesByAll else { return }
    reducer.divisor = joining.activeCount
  }
}

/// What has collectives in each training step and can make them for a rank without inputs.
public protocol Joinable: AnyObject {
  /// Makes the collectives of one step.
  func shadowStep() throws
}

/// Who still has inputs: each rank says so before each pass.
final class Joining {
  /// A step that some rank makes.
  struct Round: Equatable {
    /// The rank whose buffers hold: the last of those that have inputs.
    var source: Int
    /// Whether gradients are averaged.
    var synchronizes: Bool
    /// How many ranks have inputs.
    var activeCount: Int
  }

  private let group: any ProcessGroup
  private let throwsEarly: Bool
  let dividesByAll: Bool
  private(set) var activeCount: Int

  init(group: any ProcessGroup, throwsEarly: Bool, dividesByAll: Bool) {
    (self.group, self.throwsEarly, self.dividesByAll) = (group, throwsEarly, dividesByAll)
    activeCount = group.worldSize
  }

  /// Says that this rank has inputs.
  ///
  /// Returns the rank whose buffers hold.
  func announce(synchronizes: Bool) throws(CollectiveError) -> Int {
    guard let round = try exchange([1, synchronizes ? 1 : 0]) else { return 0 }
    // While all have inputs rank 0's buffers hold, as outside.
    return round.activeCount == group.worldSize ? 0 : round.source
  }

  /// Says that this rank has none.
  ///
  /// Returns what the others do, or nil when all have ended.
  func shadow() throws(CollectiveError) -> Round? { try exchange([0, 0]) }

  /// Finds out whose model is the result: the last of the ranks that ended last.
  func lastRank(wasLast: Bool) throws(CollectiveError) -> Int {
    try group.allReduce([wasLast ? group.rank : -1], .max)[0]
  }

  private func exchange(_ mine: [Int32]) throws(CollectiveError) -> Round? {
    let numbers = CollectiveMemory<Int32>(mine)
    let gathered = CollectiveMemory(Int32.self, count: 2 * group.worldSize)
    try group.allGather(numbers.buffer, into: gathered.buffer)
    let all = (0..<group.worldSize).map { Array(gathered.values[2 * $0..<2 * $0 + 2]) }
    guard let round = Joining.round(all) else { return nil }
    activeCount = round.activeCount
    if throwsEarly, round.activeCount < group.worldSize {
      let ended = all.indices.filter { all[$0][0] == 0 }.map(String.init).joined(separator: ", ")
      throw CollectiveError(
        .exhausted, "rank \(ended) has no more inputs, and throwOnEarlyTermination is set",
        rank: group.rank)
    }
    return round
  }

  /// What ranks do that said whether they have inputs, and whether they average.
  static func round(_ all: [[Int32]]) -> Round? {
    let active = all.indices.filter { all[$0][0] == 1 }
    guard let last = active.last else { return nil }
    return Round(
      source: last, synchronizes: active.contains { all[$0][1] == 1 }, activeCount: active.count)
  }
}
