public import Collectives
public import Torch
internal import TorchCollectives

/// Averages the parameters of the ranks now and then, in place of their gradients in every step.
public protocol ModelAverager: AnyObject {
  /// How many steps have been made.
  var step: Int { get set }

  /// Counts a step and, if it is time, replaces parameters by their mean over ranks.
  ///
  /// - Parameter parameters: Those with a gradient are averaged.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  func average(_ parameters: [Tensor]) throws(CollectiveError)
}

/// Averages over all ranks every so many steps, as PyTorch's `PeriodicModelAverager`.
public final class PeriodicModelAverager: ModelAverager {
  /// How many steps have been made.
  public var step = 0
  private let period: Int
  private let warmupSteps: Int
  private let group: any ProcessGroup

  /// Creates an averager.
  ///
  /// - Parameters:
  ///   - period: Every how manieth step averages.
  ///   - warmupSteps: Steps before the first that does.
  ///   - group: The ranks.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` for a period below 1 or a negative
  ///   warm-up.
  public init(period: Int, warmupSteps: Int = 0, group: any ProcessGroup) throws(CollectiveError) {
    guard period > 0, warmupSteps >= 0 else {
      throw CollectiveError(
        .invalidArgument,
        "parameters cannot be averaged every \(period) steps after \(warmupSteps): give a period of 1 "
          + "or more and a warm-up of 0 or more",
        rank: group.rank)
    }
    (self.period, self.warmupSteps, self.group) = (period, warmupSteps, group)
  }

  /// Counts a step; averages if it is one of those.
  public func average(_ parameters: [Tensor]) throws(CollectiveError) {
    defer { step += 1 }
    guard step >= warmupSteps, (step - warmupSteps) % period == 0 else { return }
    try averageParameters(parameters, over: group)
  }
}

/// Averages often among few ranks and seldom among many, as PyTorch's `HierarchicalModelAverager`.
///
/// Lin et al. 2020, "hierarchical local SGD".
public final class HierarchicalModelAverager: ModelAverager {
  /// How many steps have been made.
  public var step = 0
  private let levels: [(period: Int, group: any ProcessGroup)]
  private let warmupSteps: Int

  /// Creates an averager.
  ///
  /// - Parameters:
  ///   - levels: Periods, ascending, and the ranks that average then, this one among them; the last has
  ///     all.
  ///   - warmupSteps: Steps before the first that averages.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when periods or sizes do not ascend.
  public init(_ levels: [(period: Int, group: any ProcessGroup)], warmupSteps: Int = 0)
    throws(CollectiveError)
  {
    let ascends = zip(levels, levels.dropFirst()).allSatisfy {
      $0.period < $1.period && $0.group.worldSize <= $1.group.worldSize
    }
    guard let first = levels.first, first.period > 0, ascends, warmupSteps >= 0 else {
      throw CollectiveError(
        .invalidArgument,
        "periods \(levels.map(\.period)) of groups of \(levels.map(\.group.worldSize)) ranks: there "
          + "has to be one, both have to ascend, and periods begin at 1")
    }
    (self.levels, self.warmupSteps) = (levels, warmupSteps)
  }

  /// Creates an averager of groups of neighbouring ranks, as PyTorch's `period_group_size_dict`.
  ///
  /// - Parameters:
  ///   - sizes: Periods and sizes of groups, both ascending; the last size is that of `group`.
  ///   - group: All ranks, each of which has to call this; smaller groups are made of it.
  ///   - warmupSteps: Steps before the first that averages.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when periods or sizes do not ascend, the
  ///   last size is not that of the group or the others do not divide it; with `ranksMissing` when a rank
  ///   did not come.
  public convenience init(
    sizes: [(period: Int, size: Int)], of group: any ProcessGroup, warmupSteps: Int = 0
  ) throws(CollectiveError) {
    guard sizes.last?.size == group.worldSize,
      sizes.allSatisfy({ $0.size > 0 && group.worldSize.isMultiple(of: $0.size) })
    else {
      throw CollectiveError(
        .invalidArgument,
        "groups of \(sizes.map(\.size)) ranks cannot be made of \(group.worldSize): the last has all, and "
          + "the others divide it",
        rank: group.rank)
    }
    var levels: [(period: Int, group: any ProcessGroup)] = []
    for (period, size) in sizes {
      var mine = size == group.worldSize ? group : nil
      for first in stride(from: 0, to: group.worldSize, by: size) where size < group.worldSize {
        // Every rank comes to every group's making.
        let made = try group.subgroup(Array(first..<first + size))
        mine = mine ?? made
      }
      if let mine { levels.append((period, mine)) }
    }
    try self.init(levels, warmupSteps: warmupSteps)
  }

  /// Counts a step; averages in the largest group whose time it is.
  public func average(_ parameters: [Tensor]) throws(CollectiveError) {
    defer { step += 1 }
    guard step >= warmupSteps, let level = levels.last(where: { step % $0.period == 0 }) else {
      return
    }
    try averageParameters(parameters, over: level.group)
  }
}

/// An optimizer with an averager after each step, as PyTorch's `PostLocalSGDOptimizer`.
///
/// Lin et al. 2020. Its gradients are averaged among some ranks only, or none: see ``PostLocalSGDHook``.
public final class PostLocalSGDOptimizer: Optimizer {
  /// The optimizer that makes the steps.
  public let inner: any Optimizer
  /// What follows them.
  public let averager: any ModelAverager

  /// Joins the two.
  public init(_ inner: any Optimizer, _ averager: any ModelAverager) {
    (self.inner, self.averager) = (inner, averager)
  }

  /// What is updated, and how fast.
  public var groups: [ParameterGroup] {
    get { inner.groups }
    set { inner.groups = newValue }
  }

  /// Makes a step and averages parameters if it is time.
  ///
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  public func update() throws(CollectiveError) {
    inner.step()
    try averager.average(groups.flatMap(\.parameters))
  }

  /// As ``update()``, for code that knows optimizers only: a peer that has gone ends the process with a
  /// message.
  public func step() {
    do {
      try update()
    } catch {
      operatorFailed("PostLocalSGDOptimizer.step", "", "\(error)")
    }
  }

  /// The optimizer's state, and the averager's count of steps under PyTorch's name.
  public func captureState() throws(TorchError) -> State {
    var state = try inner.captureState()
    try state.set(averager.step, for: "step")
    return state
  }

  /// Goes on from a state.
  public func restoreState(_ state: State) throws(TorchError) {
    let step = try state.value("step", as: Int.self)
    try inner.restoreState(state)
    averager.step = step
  }
}

/// Averages gradients over all ranks at first, then over fewer or none (`post_localSGD_hook`).
public final class PostLocalSGDHook: CommunicationHook {
  private let startStep: Int
  private let subgroup: (any ProcessGroup)?
  private var step = 0

  /// Creates the hook.
  ///
  /// - Parameters:
  ///   - startStep: The first step without all ranks.
  ///   - subgroup: The ranks that average from then on, such as those of one machine; `nil` for none.
  public init(startStep: Int, subgroup: (any ProcessGroup)?) {
    (self.startStep, self.subgroup) = (startStep, subgroup)
  }

  /// Averages a bucket over the ranks whose turn it is.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    defer { if bucket.isLast { step += 1 } }
    if step < startStep { return try Reduction(averaging: bucket.buffer, over: group) }
    guard let subgroup else { return Reduction(bucket.buffer) }
    return try Reduction(averaging: bucket.buffer, over: subgroup)
  }
}

/// Replaces the parameters that have a gradient by their mean over ranks, in one all-reduce a type.
private func averageParameters(_ parameters: [Tensor], over group: any ProcessGroup)
  throws(CollectiveError)
{
  let chosen = parameters.filter { $0.grad != nil }
  for dtype in Set(chosen.map(\.dtype)).sorted(by: { $0.rawValue < $1.rawValue }) {
    let tensors = chosen.filter { $0.dtype == dtype }
    try withoutGradients { () throws(CollectiveError) in
      let flat = Tensor.concatenate(tensors.map { $0.detached().reshaped([$0.count]) })
      flat.divide(by: Double(group.worldSize))
      try group.allReduce(flat)
      var offset = 0
      for tensor in tensors {
        tensor.copy(
          from: flat.narrowed(along: 0, to: offset..<offset + tensor.count).reshaped(tensor.shape))
        offset += tensor.count
      }
    }
  }
}
