internal import Collectives
internal import Torch
internal import TorchCollectives

/// Averages gradients over the ranks while the backward pass is still running.
///
/// A hook on each parameter moves its gradient, divided by the number of ranks, into its place in a
/// bucket; when a bucket is full its all-reduce starts, and backward goes on. At the end of backward
/// the reducer waits for what is still running. From then on `grad` is the view into the bucket.
///
/// Not thread-safe: one backward pass at a time, as in PyTorch.
final class Reducer {
  private let names: [String]
  private let parameters: [Tensor]
  private let group: any ProcessGroup
  private let limits: [Int]
  private let sizes: [BucketPlan.Parameter]
  private var hooks: [GradientHook] = []

  private(set) var plan: BucketPlan
  private var buckets: [Bucket]
  private var place: [(bucket: Int, slot: Int)] = []

  /// Not nil while a backward pass is expected or running.
  private var readiness: Readiness?
  private var hasStarted = false
  private var running: [any Work] = []
  /// The order in which gradients came in the first pass; nil once buckets follow it.
  private var order: [Int]? = []
  /// The order that buckets follow.
  private var adopted: [Int]?

  /// Whether the next backward pass reduces; `noSync` switches it off.
  var isSynchronizing = true

  /// Starts to listen for gradients; `limits` are of the first bucket and the following ones, in bytes.
  init(named: [(name: String, tensor: Tensor)], group: any ProcessGroup, limits: [Int]) {
    names = named.map(\.name)
    parameters = named.map(\.tensor)
    self.group = group
    self.limits = limits
    sizes = parameters.map {
      BucketPlan.Parameter(byteCount: $0.byteCount, dtype: $0.dtype, device: $0.device)
    }
    // One bucket a type until the order is known.
    plan = BucketPlan(parameters: sizes, limits: [.max])
    buckets = []
    rebuild(plan)
    hooks = parameters.indices.map { index in
      GradientHook(on: parameters[index]) { [unowned self] in try self.gradientCame(index) }
    }
  }

  /// Before each forward pass: adopts the order of the first backward pass, once.
  func prepareForForward() throws(CollectiveError) {
    guard let order, order.count == parameters.count else { return }
    adopt(try group.broadcast(order))
  }

  /// The order of gradients that buckets follow, or will from the next forward pass on if this is
  /// rank 0; nil before the first backward pass.
  var knownOrder: [Int]? {
    adopted ?? order.flatMap { $0.count == parameters.count ? $0 : nil }
  }

  /// Makes buckets follow an order from now on; the same on every rank.
  func adopt(_ order: [Int]) {
    self.order = nil
    adopted = order
    rebuild(BucketPlan(order: order, parameters: sizes, limits: limits))
  }

  /// After each forward pass that a backward pass follows.
  func prepareForBackward() {
    readiness = isSynchronizing ? Readiness(plan: plan, parameterCount: parameters.count) : nil
    hasStarted = false
    running = []
    // A pass without averaging leaves the order of the one before for the next that averages.
    if isSynchronizing, order != nil { order = [] }
  }

  private func rebuild(_ plan: BucketPlan) {
    self.plan = plan
    buckets = plan.buckets.map { Bucket(members: $0, parameters: parameters) }
    place = [(bucket: Int, slot: Int)](repeating: (0, 0), count: parameters.count)
    for (bucket, members) in plan.buckets.enumerated() {
      for (slot, member) in members.enumerated() { place[member] = (bucket, slot) }
    }
  }

  private func gradientCame(_ index: Int) throws {
    guard isSynchronizing, readiness != nil else { return }
    if !hasStarted {
      hasStarted = true
      atEndOfBackward { [unowned self] in try self.finish() }
    }
    guard case .start(let ready)? = readiness?.gradientCame(index) else {
      throw CollectiveError(
        .mismatch,
        "parameter '\(names[index])' got its gradient twice in one backward pass. Run forward once "
          + "for each backward, through the DistributedDataParallel object, and do not reuse a "
          + "parameter in a second backward pass over the same graph",
        rank: group.rank)
    }
    order?.append(index)
    store(index)
    for bucket in ready {
      running.append(try group.startAllReduce(CollectiveBuffer(buckets[bucket].flat), .sum))
    }
  }

  /// Moves a gradient into its bucket and divides it; the sum over the ranks is then the mean.
  private func store(_ index: Int) {
    let parameter = parameters[index]
    guard let gradient = parameter.grad else { return }
    let view = buckets[place[index].bucket].views[place[index].slot]
    withoutGradients {
      if gradient.dataAddress == view.dataAddress {
        view.scale(by: 1 / Double(group.worldSize))
      } else {
        view.copy(from: gradient, scaledBy: 1 / Double(group.worldSize))
        parameter.grad = view
      }
    }
  }

  private func finish() throws {
    defer {
      readiness = nil
      running = []
    }
    guard let readiness, readiness.isComplete else {
      let missing = (readiness?.missing ?? []).map { "'\(names[$0])'" }
      throw CollectiveError(
        .mismatch,
        "\(missing.count) of \(names.count) parameters got no gradient in this backward pass: "
          + "\(missing.prefix(10).joined(separator: ", "))\(missing.count > 10 ? ", …" : ""). Every "
          + "parameter has to take part in the loss on every rank: leave these out of the model or "
          + "set requiresGrad to false before wrapping it",
        rank: group.rank)
    }
    for work in running { try work.wait() }
  }
}
