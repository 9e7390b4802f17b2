internal import Collectives
internal import Support
internal import Torch
internal import TorchCollectives

/// Averages gradients over the ranks while the backward pass is still running.
///
/// Each parameter has a place in a bucket, which is offered to the operator that computes its gradient; a
/// hook moves gradients that came elsewhere. When a bucket is full its all-reduce starts, and backward goes
/// on. At the end of backward the reducer waits for what is still running. `grad` is the view into the bucket.
///
/// Not thread-safe: one backward pass at a time, as in PyTorch.
final class Reducer {
  let names: [String]
  let parameters: [Tensor]
  let options: DistributedDataParallelOptions
  private let sizes: [BucketPlan.Parameter]
  /// Positions of the parameters that go last.
  private let delayed: Set<Int>
  private var gradientHooks: [GradientHook] = []

  private(set) var group: any ProcessGroup
  private(set) var plan: BucketPlan
  private(set) var buckets: [Bucket]
  private var place: [(bucket: Int, slot: Int)] = []

  /// The order in which gradients came in the first pass; nil once buckets follow it.
  private(set) var order: [Int]? = []
  /// The order that buckets follow.
  private var adopted: [Int]?

  /// Not nil while a backward pass is expected or running.
  var readiness: Readiness?
  private(set) var hasStarted = false
  /// Whether a forward pass was made whose gradients have not been averaged.
  var isUnreduced = false
  /// The reductions that were started, in the order of the buckets, and how many have been ended.
  var running: [Reduction] = []
  private(set) var endedCount = 0

  /// Which parameters took part since gradients were last averaged, and how often they do.
  var usage: ParameterUsage

  /// Whether the next backward pass reduces; `noSync` switches it off.
  var isSynchronizing = true
  /// What gradients are divided by: the number of ranks, or of those that still have inputs.
  var divisor: Int
  /// Combines gradients, instead of averaging them.
  var hook: (any CommunicationHook)?
  /// Runs with the parameters of each bucket as soon as their gradients are final.
  var whenFinal: (([Tensor]) -> Void)?

  /// What the last pass that averaged was like.
  private(set) var lastOrder: [Int] = []
  private(set) var lastUnused: [Int] = []
  /// Whether all passes so far used the same parameters on this rank.
  private(set) var isUsageConstant = true
  private var arrivals: [Int] = []
  /// How many passes have averaged; the same on all ranks.
  private(set) var passCount = 0

  /// Times of the step that is running, if it is measured.
  var times: StepTimes?
  /// Is given them at its end.
  var whenMeasured: (StepTimes) -> Void = { _ in }
  /// Gradients that were moved into a bucket, because backward had put them elsewhere.
  private(set) var moveCount = 0
  /// Says that this rank waits; see `checkPassBefore`.
  var lateNotice: LateNotice?
  /// Receives warnings.
  var warn: (String) -> Void = { Log.warning($0) }

  /// Starts to listen for gradients.
  init(
    named: [(name: String, tensor: Tensor)], group: any ProcessGroup,
    options: DistributedDataParallelOptions
  ) {
    names = named.map(\.name)
    parameters = named.map(\.tensor)
    self.group = group
    self.options = options
    divisor = group.worldSize
    usage = ParameterUsage(count: named.count, options)
    sizes = parameters.map {
      BucketPlan.Parameter(byteCount: $0.byteCount, dtype: $0.dtype, device: $0.device)
    }
    delayed = Set(named.indices.filter { options.delayedParameters.contains(named[$0].name) })
    plan = BucketPlan(parameters: sizes, limits: options.firstLimits, delayed: delayed)
    buckets = []
    rebuild(plan)
    gradientHooks = parameters.indices.map { index in
      GradientHook(on: parameters[index]) { [unowned self] in try self.gradientCame(index) }
    }
  }

  /// Stops to listen: gradients stay what each rank has computed.
  func removeGradientHooks() {
    gradientHooks = []
    readiness = nil
    isUnreduced = false
  }

  /// Goes on with other ranks; buckets follow the order of the next backward pass.
  func update(group: any ProcessGroup) {
    self.group = group
    divisor = group.worldSize
    readiness = nil
    (isUnreduced, passCount, lateNotice) = (false, 0, nil)
    (running, endedCount) = ([], 0)
    (order, adopted) = ([], nil)
    usage = ParameterUsage(count: parameters.count, options)
    // The buckets lie in the memory of the group before, which may go with its last gradient.
    let views = parameters.indices.map { buckets[place[$0].bucket].views[place[$0].slot] }
    rebuild(plan)
    withoutGradients {
      for (index, parameter) in parameters.enumerated()
      where parameter.grad?.dataAddress == views[index].dataAddress {
        let view = buckets[place[index].bucket].views[place[index].slot]
        view.copy(from: views[index])
        parameter.grad = view
      }
    }
  }

  /// Before each forward pass: adopts the order of the first backward pass, once.
  ///
  /// - Throws: ``CollectiveError`` on all ranks when the pass before did not come to its end.
  func prepareForForward() throws {
    if readiness != nil, hasStarted {
      try fail(.interrupted)
    }
    guard usage.keepsOrder, let order, order.count == parameters.count else { return }
    adopt(try explaining("rank 0's order could not be told") { try group.broadcast(order) })
  }

  /// The order of gradients that buckets follow, or will from the next forward pass on if this is
  /// rank 0; nil before the first backward pass, and where buckets keep the order of the parameters.
  var knownOrder: [Int]? {
    guard usage.keepsOrder else { return nil }
    return adopted ?? order.flatMap { $0.count == parameters.count ? $0 : nil }
  }

  /// Makes buckets follow an order from now on; the same on every rank.
  func adopt(_ order: [Int]) {
    guard !usage.needsSearch else { return }
    self.order = nil
    adopted = order
    rebuild(
      BucketPlan(
        order: order, parameters: sizes, limits: options.limits,
        smallBucketIsLast: options.smallBucketIsLast, delayed: delayed))
  }

  /// After each forward pass that a backward pass follows.
  ///
  /// - Parameter outputs: The tensors that backward may start from.
  func prepareForBackward(from outputs: () -> [Tensor]) {
    readiness = isSynchronizing ? Readiness(plan: plan, parameterCount: parameters.count) : nil
    offerPlaces()
    hasStarted = false
    running = []
    arrivals = []
    endedCount = 0
    times?.buckets = buckets.map { _ in StepTimes.Bucket() }
    guard isSynchronizing else { return }
    isUnreduced = !gradientHooks.isEmpty
    // A pass without averaging leaves the order of the one before for the next that averages.
    if order != nil { order = [] }
    usage.beginPass()
    if usage.needsSearch { usage.expect(backwardReaches(from: outputs(), parameters)) }
  }

  /// Does what a pass without inputs does on this rank, so that the others' collectives have a peer:
  /// all gradients are 0.
  func shadowPass() throws {
    prepareForBackward { [] }
    withoutGradients {
      for bucket in buckets { bucket.flat.fillWithZeros() }
    }
    for (index, parameter) in parameters.enumerated() {
      parameter.grad = buckets[place[index].bucket].views[place[index].slot]
    }
    if order != nil { order = Array(parameters.indices) }
    try reduceWithoutBackward()
  }

  /// Whether the search found that backward will not come to any parameter.
  var reachesNothing: Bool {
    isSynchronizing && usage.needsSearch && usage.expectedUnused.count == parameters.count
  }

  /// Averages what there is, at once.
  func reduceWithoutBackward() throws {
    times = nil
    if usage.isExchangedEarly { try agreeOnUsage() }
    for index in parameters.indices { try arrive(index) }
    try finish()
  }

  private func rebuild(_ plan: BucketPlan) {
    self.plan = plan
    buckets = plan.buckets.map { Bucket(members: $0, parameters: parameters, group: group) }
    place = [(bucket: Int, slot: Int)](repeating: (0, 0), count: parameters.count)
    for (bucket, members) in plan.buckets.enumerated() {
      for (slot, member) in members.enumerated() { place[member] = (bucket, slot) }
    }
    offerPlaces()
  }

  private func gradientCame(_ index: Int) throws {
    usage.note(index)
    guard isSynchronizing, readiness != nil else { return }
    if !hasStarted {
      hasStarted = true
      times?.firstGradient = StepTimes.now()
      atEndOfBackward { [unowned self] in try self.finish() }
      if usage.isExchangedEarly { try agreeOnUsage() }
      for index in usage.expectedUnused { try arrive(index) }
    }
    switch usage.arrival(of: index) {
    case .wait: return
    case .changed: try fail(.changed(index))
    case .ready: break
    }
    order?.append(index)
    arrivals.append(index)
    try arrive(index)
    try endWhatIsOver()
  }

  /// A parameter's gradient is complete: it goes into its bucket, and full buckets are started.
  private func arrive(_ index: Int) throws {
    guard case .start(let ready)? = readiness?.gradientCame(index) else {
      try fail(.repeated(index))
    }
    store(index)
    if times != nil, readiness?.isFull(place[index].bucket) == true {
      times?.buckets[place[index].bucket].ready = StepTimes.now()
    }
    for bucket in ready { try start(bucket) }
  }

  /// Lets backward compute gradients where they belong.
  private func offerPlaces() {
    for (index, hook) in gradientHooks.enumerated() {
      hook.setBuffer(buckets[place[index].bucket].views[place[index].slot])
    }
  }

  /// Moves a gradient into its bucket if it came elsewhere.
  private func store(_ index: Int) {
    let parameter = parameters[index]
    let view = buckets[place[index].bucket].views[place[index].slot]
    withoutGradients {
      guard let gradient = parameter.grad else { return view.fillWithZeros() }
      guard gradient.dataAddress != view.dataAddress else { return }
      moveCount += 1
      view.copy(from: gradient)
      parameter.grad = view
    }
  }

  /// Starts the reduction of a full bucket.
  func start(_ bucket: Int) throws {
    if times != nil { times?.buckets[bucket].started = StepTimes.now() }
    running.append(try reducing(bucket) { try reduction(of: bucket) })
  }

  private func reduction(of bucket: Int) throws -> Reduction {
    let flat = buckets[bucket].flat
    if buckets[bucket].members.allSatisfy(usage.isSkipped) { return Reduction(flat) }
    guard let hook else { return try Reduction(averaging: flat, by: divisor, over: group) }
    return try hook.reduce(
      GradientBucket(
        index: bucket, isLast: bucket == buckets.count - 1, buffer: flat,
        parameters: buckets[bucket].members.map { parameters[$0] }),
      over: group)
  }

  /// Notes which reductions are over, and lets the optimizer have their gradients.
  private func endWhatIsOver() throws {
    if times != nil {
      for (bucket, reduction) in running.enumerated()
      where times?.buckets[bucket].done == 0 && reduction.isCompleted {
        times?.buckets[bucket].done = StepTimes.now()
      }
    }
    // The steps of hooks have collectives, which have to come in the same order on all ranks.
    guard whenFinal != nil, hook == nil, !usage.isExchanged else { return }
    while endedCount < running.count, running[endedCount].isCompleted { try endNext() }
  }

  /// Waits for the next reduction and leaves its result in the bucket.
  private func endNext() throws {
    let bucket = buckets[endedCount]
    let result = try reducing(endedCount) { try running[endedCount].wait() }
    if let times, times.buckets[endedCount].done == 0 {
      self.times?.buckets[endedCount].done = StepTimes.now()
    }
    withoutGradients {
      if result.dataAddress != bucket.flat.dataAddress { bucket.flat.copy(from: result) }
    }
    endedCount += 1
    if !usage.isExchanged { whenFinal?(bucket.members.map { parameters[$0] }) }
  }

  /// The end of backward: waits for all reductions, and hands gradients out.
  private func finish() throws {
    if usage.isFirstOfStaticGraph || usage.isExchanged {
      // Whatever has not come by now does not come.
      for index in readiness?.missing ?? [] { try arrive(index) }
    }
    guard let readiness, readiness.isComplete else {
      try fail(.missing(readiness?.missing ?? []))
    }
    times?.computeEnd = StepTimes.now()
    let status = try startStatus(failed: false)
    try waiting { while endedCount < running.count { try endNext() } }
    try check(status)
    if usage.isExchanged {
      for (index, parameter) in parameters.enumerated() where usage.isUsedByAny(index) {
        let (bucket, slot) = place[index]
        if parameter.grad == nil { parameter.grad = buckets[bucket].views[slot] }
      }
      whenFinal?(parameters)
    }
    if usage.endPass(), order != nil, options.staticGraph {
      order?.append(contentsOf: usage.unused)
    }
    if var times {
      times.end = StepTimes.now()
      whenMeasured(times)
    }
    times = nil
    remember()
    endPass()
  }

  private func remember() {
    let unused = parameters.indices.filter { !usage.isUsed[$0] }
    if passCount > 0, unused != lastUnused { isUsageConstant = false }
    (lastOrder, lastUnused) = (arrivals, unused)
    passCount += 1
  }

  /// Forgets the pass, whether it went well or not.
  func endPass() {
    readiness = nil
    running = []
    hasStarted = false
    isUnreduced = false
    usage.reset()
  }
}
