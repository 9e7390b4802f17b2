public import Collectives
public import Torch
internal import TorchCollectives

/// Averages parameters over ranks in some steps, instead of averaging gradients in every step.
public protocol ModelAverager: AnyObject {
  /// The number of completed steps.
  var step: Int { get set }

  /// Counts a step and, if averaging is due, replaces parameters by their mean over the ranks.
  ///
  /// - Parameter parameters: The parameters; those without a gradient are skipped.
  /// - Throws: ``CollectiveError`` if a peer is lost or times out.
  func average(_ parameters: [Tensor]) throws(CollectiveError)
}

/// Averages over all ranks every `period` steps, like PyTorch's `PeriodicModelAverager`.
public final class PeriodicModelAverager: ModelAverager {
  /// The number of completed steps.
  public var step = 0
  private let period: Int
  private let warmupSteps: Int
  private let group: any ProcessGroup

  /// Creates an averager.
  ///
  /// - Parameters:
  ///   - period: The number of steps from one averaging to the next.
  ///   - warmupSteps: The number of steps before the first averaging.
  ///   - group: The ranks.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if `period` is less than 1 or
  ///   `warmupSteps` is negative.
  public init(period: Int, warmupSteps: Int = 0, group: any ProcessGroup) throws(CollectiveError) {
    guard period > 0, warmupSteps >= 0 else {
      throw CollectiveError(
        .invalidArgument,
        "cannot average parameters with period \(period) after \(warmupSteps) warm-up steps: the "
          + "period must be at least 1, the warm-up at least 0",
        rank: group.rank)
    }
    self.period = period
    self.warmupSteps = warmupSteps
    self.group = group
  }

  /// Counts a step; averages if it is due.
  public func average(_ parameters: [Tensor]) throws(CollectiveError) {
    defer { step += 1 }
    guard step >= warmupSteps, (step - warmupSteps) % period == 0 else { return }
    try averageParameters(parameters, over: group)
  }
}

/// Averages frequently within small groups of ranks and less often within larger ones.
///
/// "Hierarchical local SGD" (Lin et al. 2020), like PyTorch's `HierarchicalModelAverager`.
public final class HierarchicalModelAverager: ModelAverager {
  /// The number of completed steps.
  public var step = 0
  private let levels: [(period: Int, group: any ProcessGroup)]
  private let warmupSteps: Int

  /// Creates an averager.
  ///
  /// - Parameters:
  ///   - levels: The periods in ascending order, each with the group that averages; it contains
  ///     this rank. The last group has all ranks.
  ///   - warmupSteps: The number of steps before the first averaging.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if periods or sizes do not ascend.
  public init(_ levels: [(period: Int, group: any ProcessGroup)], warmupSteps: Int = 0)
    throws(CollectiveError)
  {
    let ascends = zip(levels, levels.dropFirst()).allSatisfy {
      $0.period < $1.period && $0.group.worldSize <= $1.group.worldSize
    }
    guard let first = levels.first, first.period > 0, ascends, warmupSteps >= 0 else {
      throw CollectiveError(
        .invalidArgument,
        "cannot average with periods \(levels.map(\.period)) in groups of "
          + "\(levels.map(\.group.worldSize)) ranks: give at least one level, periods of at least "
          + "1, and both in ascending order")
    }
    self.levels = levels
    self.warmupSteps = warmupSteps
  }

  /// Creates an averager with groups of consecutive ranks, like PyTorch's `period_group_size_dict`.
  ///
  /// All ranks must call it.
  ///
  /// - Parameters:
  ///   - sizes: The periods and group sizes, both ascending; the last size is that of `group`.
  ///   - group: All ranks; it is divided into the smaller groups.
  ///   - warmupSteps: The number of steps before the first averaging.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if periods or sizes do not ascend,
  ///   the last size is not that of `group`, or the others do not divide it; with code
  ///   `ranksMissing` if a rank does not call it in time.
  public convenience init(
    sizes: [(period: Int, size: Int)], of group: any ProcessGroup, warmupSteps: Int = 0
  ) throws(CollectiveError) {
    guard sizes.last?.size == group.worldSize,
      sizes.allSatisfy({ $0.size > 0 && group.worldSize.isMultiple(of: $0.size) })
    else {
      throw CollectiveError(
        .invalidArgument,
        "cannot divide \(group.worldSize) ranks into groups of \(sizes.map(\.size)): the last size "
          + "must be \(group.worldSize), and the others must divide it",
        rank: group.rank)
    }
    var levels: [(period: Int, group: any ProcessGroup)] = []
    for (period, size) in sizes {
      var mine = size == group.worldSize ? group : nil
      for first in stride(from: 0, to: group.worldSize, by: size) where size < group.worldSize {
        // Creating a subgroup is a collective of all ranks.
        let subgroup = try group.subgroup(Array(first..<first + size))
        mine = mine ?? subgroup
      }
      if let mine { levels.append((period, mine)) }
    }
    try self.init(levels, warmupSteps: warmupSteps)
  }

  /// Counts a step; averages within the largest group for which it is due.
  public func average(_ parameters: [Tensor]) throws(CollectiveError) {
    defer { step += 1 }
    guard step >= warmupSteps, let level = levels.last(where: { step % $0.period == 0 }) else {
      return
    }
    try averageParameters(parameters, over: level.group)
  }
}

/// An optimizer that averages parameters after its steps, like PyTorch's `PostLocalSGDOptimizer`.
///
/// Post-local SGD (Lin et al. 2020). Gradients are averaged over some of the ranks only, or not at
/// all; see ``PostLocalSGDHook``.
public final class PostLocalSGDOptimizer: Optimizer {
  /// The optimizer that updates the parameters.
  public let inner: any Optimizer
  /// The averager, called after each step.
  public let averager: any ModelAverager

  /// Creates an optimizer.
  public init(_ inner: any Optimizer, _ averager: any ModelAverager) {
    self.inner = inner
    self.averager = averager
  }

  /// The parameters to update, with their learning rates and weight decays.
  public var groups: [ParameterGroup] {
    get { inner.groups }
    set { inner.groups = newValue }
  }

  /// Runs a step of the inner optimizer and averages parameters if it is due.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or times out, and the errors of the inner
  ///   optimizer.
  public func step() throws {
    try inner.step()
    try averager.average(groups.flatMap(\.parameters))
  }

  /// Returns the state of the inner optimizer and the averager's step count, with PyTorch's name
  /// `step`.
  public func stateDict() throws(TorchError) -> OptimizerState {
    var state = try inner.stateDict()
    try state.setHyperparameter(averager.step, for: "step")
    return state
  }

  /// Restores the inner optimizer and the averager's step count.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    let step = try state.hyperparameter("step", as: Int.self)
    try inner.loadStateDict(state)
    averager.step = step
  }
}

/// Averages gradients over all ranks initially, and later over fewer ranks or none
/// (`post_localSGD_hook`).
public final class PostLocalSGDHook: CommunicationHook {
  private let startStep: Int
  private let subgroup: (any ProcessGroup)?
  private var step = 0

  /// Creates a hook.
  ///
  /// - Parameters:
  ///   - startStep: The first step that does not average over all ranks.
  ///   - subgroup: The ranks that average from that step on, such as those of one host; `nil` for
  ///     none.
  public init(startStep: Int, subgroup: (any ProcessGroup)?) {
    self.startStep = startStep
    self.subgroup = subgroup
  }

  /// Averages a bucket over the ranks of the current step.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    defer { if bucket.isLast { step += 1 } }
    if step < startStep { return try Reduction(averaging: bucket.buffer, over: group) }
    guard let subgroup else { return Reduction(bucket.buffer) }
    return try Reduction(averaging: bucket.buffer, over: subgroup)
  }
}

/// Replaces the parameters that have a gradient by their mean over ranks, with one all-reduce per
/// type.
private func averageParameters(_ parameters: [Tensor], over group: any ProcessGroup)
  throws(CollectiveError)
{
  let chosen = parameters.filter { $0.grad != nil }
  for dtype in Set(chosen.map(\.dtype)).sorted(by: { $0.rawValue < $1.rawValue }) {
    let tensors = chosen.filter { $0.dtype == dtype }
    try noGrad { () throws(CollectiveError) in
      let flat = Tensor.cat(tensors.map { $0.detach().reshape([$0.count]) })
      flat.div_(Double(group.worldSize))
      try group.allReduce(flat)
      var offset = 0
      for tensor in tensors {
        tensor.copy_(flat.narrow(dim: 0, start: offset, length: tensor.count).reshape(tensor.shape))
        offset += tensor.count
      }
    }
  }
}
