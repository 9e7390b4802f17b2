internal import Collectives
internal import Support
internal import Torch
internal import TorchCollectives

/// Averages gradients over the ranks while the backward pass is still running.
///
/// Each parameter's `grad` is a view into a bucket. The operator that computes the gradient may
/// write it there directly; otherwise a hook copies it. When all gradients of a bucket are ready,
/// its all-reduce starts and backward continues. At the end of backward the reducer waits for the
/// running reductions.
///
/// The reducer owns the buckets and the hooks, and performs all effects. ``BackwardPass`` holds the
/// state of one pass and decides which buckets to launch.
///
/// Not thread-safe: one backward pass at a time, as in PyTorch.
package final class Reducer {
  let names: [String]
  let parameters: [Tensor]
  let options: DistributedDataParallelOptions
  private var gradientHooks: [GradientHook] = []

  private(set) var group: any ProcessGroup
  private var bucketSet: BucketSet

  /// The pass that is expected or running; `nil` outside of passes that average gradients.
  private(set) var pass: BackwardPass?
  var usage: ParameterUsage
  private(set) var statistics = ReducerStatistics()
  private(set) var absentRanks: AbsentRankDetector

  /// Whether the next backward pass averages gradients; `noSync` unsets it.
  var isSynchronizing = true
  /// Combines gradients instead of averaging them.
  var hook: (any CommunicationHook)?
  /// Receives the parameters of each bucket as soon as their gradients are final.
  var onFinalGradients: (([Tensor]) throws -> Void)?
  /// Receives the times of each measured step at its end.
  var onMeasuredStep: (StepTimes) -> Void = { _ in }
  /// Receives warnings.
  package var warn: (String) -> Void = { Log.warning($0) }

  /// Allocates buckets and adds a hook to each parameter.
  init(
    named: [(name: String, tensor: Tensor)], group: any ProcessGroup,
    options: DistributedDataParallelOptions
  ) {
    names = named.map(\.name)
    parameters = named.map(\.tensor)
    self.group = group
    self.options = options
    usage = ParameterUsage(count: named.count, options)
    absentRanks = AbsentRankDetector(group: group)
    bucketSet = BucketSet(
      BucketPlan(
        parameters: parameters.map(BucketPlan.Parameter.init), limits: options.firstLimits,
        delayed: options.delayedIndices(in: names)),
      parameters: parameters, group: group)
    gradientHooks = parameters.indices.map { index in
      GradientHook(on: parameters[index]) { [unowned self] in try self.gradientArrived(index) }
    }
  }

  /// Removes the hooks: each rank keeps the gradients that it computes.
  func removeGradientHooks() {
    gradientHooks = []
    endPass()
  }

  /// Continues with other ranks; buckets follow the order of the next backward pass.
  func update(group: any ProcessGroup) {
    endPass()
    self.group = group
    usage = ParameterUsage(count: parameters.count, options)
    absentRanks = AbsentRankDetector(group: group)
    statistics.groupChanged()
    // Moves the gradients out of the old buckets, so that the old group's memory is freed.
    let oldViews = bucketSet.gradientViews
    rebuildBuckets(plan, order: nil)
    noGrad {
      for (index, parameter) in parameters.enumerated()
      where parameter.grad?.dataAddress == oldViews[index].dataAddress {
        let view = bucketSet.gradientViews[index]
        view.copy_(oldViews[index])
        parameter.grad = view
      }
    }
  }

  // MARK: - Buckets

  var plan: BucketPlan { bucketSet.plan }
  /// The buckets in the order of reduction.
  var buckets: [Bucket] { bucketSet.buckets }
  /// Whether buckets follow the order of gradients.
  var hasRebuiltBuckets: Bool { bucketSet.order != nil }

  /// The order of gradients that the buckets follow; `nil` if they follow the parameters' order.
  ///
  /// If the buckets are to be rebuilt, it is the order of the last backward pass: the next forward
  /// pass rebuilds them on all ranks in the order of rank 0.
  var gradientOrder: [Int]? {
    guard usage.canRebuildBuckets else { return nil }
    return bucketSet.order ?? completeReadyOrder
  }

  /// The order of gradients in the last pass, with the parameters that got none at the end; `nil`
  /// before the first pass.
  private var completeReadyOrder: [Int]? {
    guard statistics.passCount > 0 else { return nil }
    let ready = Set(statistics.readyOrder)
    return statistics.readyOrder + parameters.indices.filter { !ready.contains($0) }
  }

  /// Rebuilds the buckets in an order of gradients, which must be the same on every rank.
  func rebuildBuckets(inOrder order: [Int]) {
    guard !usage.searchesGraph else { return }
    let plan = BucketPlan(
      order: order, parameters: parameters.map(BucketPlan.Parameter.init), limits: options.limits,
      smallBucketIsLast: options.smallBucketIsLast, delayed: options.delayedIndices(in: names))
    rebuildBuckets(plan, order: order)
  }

  private func rebuildBuckets(_ plan: BucketPlan, order: [Int]?) {
    bucketSet = BucketSet(plan, order: order, parameters: parameters, group: group)
    offerBuffers()
  }

  /// Asks autograd to write gradients directly into the buckets.
  private func offerBuffers() {
    for (hook, view) in zip(gradientHooks, bucketSet.gradientViews) { hook.setBuffer(view) }
  }

  // MARK: - Forward

  /// Checks before a forward pass that no other rank averages gradients of the previous one, if
  /// this rank has none.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` if another rank does.
  func checkPreviousPass() throws(CollectiveError) {
    if pass?.hasStarted == true { return }
    try absentRanks.checkPreviousPass(statistics.passCount)
  }

  /// Before each forward pass: rebuilds the buckets in the order of the first backward pass, once.
  ///
  /// - Throws: ``CollectiveError`` on all ranks if the previous backward pass did not complete.
  func prepareForForward() throws {
    if pass?.hasStarted == true { try fail(.interrupted) }
    guard usage.canRebuildBuckets, !hasRebuiltBuckets, let order = completeReadyOrder else {
      return
    }
    rebuildBuckets(
      inOrder: try describingErrors(of: "copying the order of gradients from rank 0") {
        try group.broadcast(order)
      })
  }

  /// After each forward pass in training: begins a pass, unless `isSynchronizing` is false.
  ///
  /// - Parameters:
  ///   - divisor: The divisor of the gradients' sums.
  ///   - times: The times of the forward pass, if the step is measured.
  ///   - outputs: The tensors that backward may start from; used only if the graph is searched.
  func prepareForBackward(
    divisor: Int, times: StepTimes? = nil, from outputs: () -> [Tensor]
  ) {
    offerBuffers()
    guard isSynchronizing else {
      pass = nil
      return
    }
    pass = BackwardPass(
      readiness: bucketSet.readiness, bucketCount: buckets.count, divisor: divisor, times: times)
    if !gradientHooks.isEmpty { absentRanks.forwardEnded() }
    usage.beginPass()
    if usage.searchesGraph { usage.expect(backwardReaches(from: outputs(), parameters)) }
  }

  /// Whether the search found that backward reaches no parameter.
  var reachesNothing: Bool {
    isSynchronizing && usage.searchesGraph && usage.expectedUnused.count == parameters.count
  }

  /// Takes part with gradients of 0 in the collectives of the ranks that have inputs.
  func shadowPass(divisor: Int) throws {
    prepareForBackward(divisor: divisor) { [] }
    noGrad {
      for bucket in buckets { bucket.flat.zero_() }
    }
    for (parameter, view) in zip(parameters, bucketSet.gradientViews) { parameter.grad = view }
    try reduceWithoutBackward()
  }

  /// Averages the present gradients at once.
  func reduceWithoutBackward() throws {
    pass?.discardTimes()
    if usage.isExchangedEarly { try exchangeUsageEarly() }
    for index in parameters.indices { try markReady(index) }
    try finishPass()
  }

  // MARK: - Backward

  private func gradientArrived(_ index: Int) throws {
    usage.markUsed(index)
    guard isSynchronizing, let hasStarted = pass?.hasStarted else { return }
    if !hasStarted { try startBackward() }
    switch usage.gradientArrived(index) {
    case .pending: return
    case .graphChanged: try fail(.graphChanged(index))
    case .ready: break
    }
    pass?.appendToReadyOrder(index)
    try markReady(index)
    pass?.recordCompletions()
    try finishCompletedReductions()
  }

  private func startBackward() throws {
    pass?.start()
    atEndOfBackward { [unowned self] in try self.finishPass() }
    if usage.isExchangedEarly { try exchangeUsageEarly() }
    for index in usage.expectedUnused { try markReady(index) }
  }

  /// Stores a complete gradient in its bucket, and launches the buckets that become ready.
  private func markReady(_ index: Int) throws {
    guard case .launch(let readyBuckets)? = pass?.markReady(index) else {
      try fail(.readyTwice(index))
    }
    storeGradient(index)
    pass?.gradientStored(index)
    for bucket in readyBuckets { try launch(bucket) }
  }

  /// Copies a gradient into its bucket unless it is there.
  private func storeGradient(_ index: Int) {
    let parameter = parameters[index]
    let view = bucketSet.gradientViews[index]
    noGrad {
      guard let gradient = parameter.grad else {
        view.zero_()
        return
      }
      guard gradient.dataAddress != view.dataAddress else { return }
      statistics.gradientCopied()
      view.copy_(gradient)
      parameter.grad = view
    }
  }

  /// Starts the reduction of a bucket.
  func launch(_ bucket: Int) throws {
    pass?.willLaunch()
    let reduction = try describingErrors(bucket: bucket) { try reduce(bucket) }
    pass?.didLaunch(reduction)
  }

  private func reduce(_ index: Int) throws -> Reduction {
    let bucket = buckets[index]
    if bucket.members.allSatisfy(usage.isSkipped) { return Reduction(bucket.flat) }
    guard let hook else {
      return try Reduction(averaging: bucket.flat, by: pass?.divisor, over: group)
    }
    return try hook.reduce(
      GradientBucket(
        index: index, isLast: index == buckets.count - 1, buffer: bucket.flat,
        parameters: bucket.members.map { parameters[$0] }),
      over: group)
  }

  /// Passes gradients to the optimizer while backward runs.
  private func finishCompletedReductions() throws {
    // Later steps of hooks start collectives, which need the same order on all ranks.
    guard onFinalGradients != nil, hook == nil, !usage.isExchanged else { return }
    while pass?.nextUnfinished?.isCompleted == true { try finishNextReduction() }
  }

  /// Waits for the next reduction and stores its result in the bucket.
  private func finishNextReduction() throws {
    guard let index = pass?.finishedCount, let reduction = pass?.nextUnfinished else { return }
    let bucket = buckets[index]
    let result = try describingErrors(bucket: index) { try reduction.wait() }
    pass?.nextCompleted()
    noGrad {
      if result.dataAddress != bucket.flat.dataAddress { bucket.flat.copy_(result) }
    }
    pass?.nextFinished()
    if !usage.isExchanged { try onFinalGradients?(bucket.members.map { parameters[$0] }) }
  }

  /// Waits at the end of backward for all reductions, and ends the pass.
  private func finishPass() throws {
    if usage.isFirstPassOfStaticGraph || usage.isExchanged {
      // A parameter without a gradient by now gets none in this pass.
      for index in pass?.pendingParameters ?? [] { try markReady(index) }
    }
    guard pass?.isComplete == true else { try fail(.missing(pass?.pendingParameters ?? [])) }
    pass?.computationEnded()
    let status = try startStatusExchange(failed: false)
    try absentRanks.waiting(in: statistics.passCount) {
      while pass?.nextUnfinished != nil { try finishNextReduction() }
    }
    try finish(status)
    if usage.isExchanged {
      for (index, parameter) in parameters.enumerated()
      where usage.isUsedByAnyRank(index) && parameter.grad == nil {
        parameter.grad = bucketSet.gradientViews[index]
      }
      try onFinalGradients?(parameters)
    }
    usage.endPass()
    if let times = pass?.end() { onMeasuredStep(times) }
    statistics.passEnded(
      readyOrder: pass?.readyOrder ?? [],
      unusedParameters: parameters.indices.filter { !usage.isUsed[$0] })
    endPass()
  }

  /// Drops the pass, whether it succeeded or failed.
  func endPass() {
    pass = nil
    absentRanks.passEnded()
    usage.reset()
  }

  // MARK: - Errors

  /// Runs a part of a bucket's reduction; its error names the bucket and its parameters.
  private func describingErrors<Result>(bucket: Int, _ body: () throws -> Result) throws -> Result {
    try describingErrors(
      of: "averaging bucket \(bucket + 1) of \(buckets.count) "
        + "(\(names.quoted(buckets[bucket].members, limit: 3)))", body)
  }

  /// Runs a part of a pass that needs the other ranks; its error states what failed and in which
  /// pass.
  func describingErrors<Result>(
    of operation: @autoclosure () -> String, _ body: () throws -> Result
  ) throws -> Result {
    try absentRanks.describingErrors(of: operation(), in: statistics.passCount, body)
  }
}
