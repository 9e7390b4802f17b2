public import Collectives
public import Torch
internal import TorchCollectives

/// Trains one model on several ranks.
///
/// Every rank has a replica and processes its own share of the data. Gradients are averaged, so all
/// replicas apply the same update (Li et al. 2020, "PyTorch Distributed").
///
/// ```swift
/// let model = try DistributedDataParallel(Linear(20, 1), group: group)
/// let optimizer = SGD(model.module.parameters, learningRate: 1e-3)
/// for (x, y) in batches {
///   optimizer.zeroGrad()
///   try mseLoss(try model(x), y).backward()   // gradients are averaged meanwhile
///   try optimizer.step()
/// }
/// ```
///
/// Wrap the model before the optimizer's first step and call forward through this object. Take the
/// same number of steps on every rank, or train inside
/// ``join(divideByInitialWorldSize:enable:throwOnEarlyTermination:shadows:_:)``.
///
/// A mistake on one rank in a backward pass, such as a parameter without a gradient, throws on all
/// ranks. The error names the rank and the parameter.
public final class DistributedDataParallel<Model: Module> {
  /// The replica of this rank.
  public let module: Model

  /// The ranks that train together.
  public private(set) var group: any ProcessGroup

  /// The options with which the model was wrapped.
  public let options: DistributedDataParallelOptions

  package let reducer: Reducer
  var names: [String] { reducer.names }
  var statistics = StepStatistics()
  var trace: Trace?
  var joining: Joining?
  var bufferHook:
    (location: BufferHookLocation, body: ([(name: String, tensor: Tensor)]) throws -> Void)?

  /// Wraps a model: checks that all ranks have the same one, copies rank 0's parameters and buffers
  /// to all, and adds gradient hooks.
  ///
  /// - Parameters:
  ///   - module: The model; its parameters that require a gradient are trained. They keep their
  ///     memory.
  ///   - group: The ranks. Afterwards, use the group only through this object, or on every rank in
  ///     the same order.
  ///   - options: Bucket sizes and other options.
  /// - Throws: ``CollectiveError`` with code `mismatch` on all ranks if their models differ in
  ///   names, shapes or types; it names the first difference. With code `invalidArgument` if no
  ///   parameter requires a gradient, or an option is invalid.
  public init(
    _ module: Model, group: any ProcessGroup,
    options: DistributedDataParallelOptions = DistributedDataParallelOptions()
  ) throws(CollectiveError) {
    try options.check(
      names: Set(module.stateDict.keys), parameters: Set(module.namedParameters.map(\.name)),
      rank: group.rank)
    let trained = module.namedParameters.filter {
      $0.tensor.requiresGrad && !options.parametersToIgnore.contains($0.name)
    }
    guard !trained.isEmpty else {
      throw CollectiveError(
        .invalidArgument,
        "no parameter of the model requires a gradient: use the model itself, without "
          + "DistributedDataParallel",
        rank: group.rank)
    }
    self.module = module
    self.group = group
    self.options = options
    reducer = Reducer(named: trained, group: group, options: options)
    reducer.onMeasuredStep = { [unowned self] in
      statistics.add($0)
      trace?.add($0)
    }
    if options.synchronizesAtStart {
      try ModelVerification.verify(withoutIgnored(module.namedParameters), group: group)
      try synchronizeModel(from: 0)
    }
  }

  /// Runs the model's forward pass and, if gradients are recorded, prepares for the backward pass.
  ///
  /// - Throws: ``CollectiveError`` if a peer is lost or timed out; with code `mismatch` if the
  ///   previous backward pass did not complete, or if it produced no gradient on this rank but did
  ///   on others. The errors of the model's ``Module/forward(_:)``.
  public func callAsFunction(_ input: Model.Input) throws -> Model.Output {
    let isTraining = isGradEnabled
    var times = isTraining && reducer.isSynchronizing ? beginMeasuring() : nil
    if isTraining {
      if reducer.isSynchronizing { try reducer.checkPreviousPass() }
      let source = try joining?.announce(synchronizes: reducer.isSynchronizing) ?? 0
      if reducer.isSynchronizing {
        try asCollectiveError { try reducer.prepareForForward() }
        if bufferHook?.location != .beforeForward { try synchronizeBuffers(from: source) }
      }
      try runBufferHook(.beforeForward)
    }
    times?.forwardStart = StepTimes.now()
    let output = try module(input)
    times?.forwardEnd = StepTimes.now()
    if isTraining {
      try runBufferHook(.afterForward)
      reducer.prepareForBackward(divisor: divisor, times: times) { tensors(in: output) }
      // No gradient hook will run, and the peers wait for this rank's zeros.
      if reducer.reachesNothing { try asCollectiveError { try reducer.reduceWithoutBackward() } }
    }
    return output
  }

  /// Runs the forward and backward passes in `body` without averaging gradients.
  ///
  /// Gradients accumulate on each rank, and the next pass outside averages their sum, as with
  /// PyTorch's `no_sync`. `body` must include the forward pass. Gradients accumulate in the
  /// buckets: copy a gradient to use it after ``Module/zeroGrad()``.
  ///
  /// - Returns: What `body` returns.
  public func noSync<Result, Failure: Error>(_ body: () throws(Failure) -> Result)
    throws(Failure) -> Result
  {
    let before = reducer.isSynchronizing
    reducer.isSynchronizing = false
    defer { reducer.isSynchronizing = before }
    return try body()
  }

  /// The names of the parameters in each bucket, in the order of reduction.
  ///
  /// Before the second forward pass there is one bucket for each type of parameter. Then the
  /// buckets are rebuilt in the order of the gradients of rank 0's first backward pass. With
  /// `findsUnusedParameters` they keep the order of the parameters; with `staticGraph` they follow
  /// the second pass.
  public var bucketParameterNames: [[String]] {
    reducer.plan.buckets.map { $0.map { reducer.names[$0] } }
  }

  /// Continues with other ranks, fewer or more (`_update_process_group`).
  ///
  /// Call it on all of them, with equal models, between two steps. A hook that holds a group must
  /// receive the new one separately.
  public func update(group: any ProcessGroup) {
    self.group = group
    reducer.update(group: group)
  }

  /// Stops averaging permanently (`_remove_autograd_hooks`): each rank keeps the gradients that it
  /// computes.
  public func removeGradientHooks() { reducer.removeGradientHooks() }

  /// Checks that the last backward pass completed (`_check_reducer_finalized`).
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` if it did not, for example because it threw
  ///   an error.
  public func checkIsFinished() throws(CollectiveError) {
    guard reducer.pass == nil else {
      throw CollectiveError(
        .mismatch,
        "gradients have not been averaged since the last forward pass: call backward on a loss "
          + "that depends on the model's output",
        rank: group.rank)
    }
  }

  /// Removes the parameters and buffers of `parametersToIgnore`.
  func withoutIgnored(_ named: [(name: String, tensor: Tensor)]) -> [(name: String, tensor: Tensor)]
  {
    named.filter { !options.parametersToIgnore.contains($0.name) }
  }

  /// Copies one rank's parameters and buffers to all ranks.
  func synchronizeModel(from root: Int) throws(CollectiveError) {
    try broadcast(
      withoutIgnored(module.namedParameters + module.namedBuffers).map(\.tensor), from: root, group)
  }

  /// Copies one rank's buffers to all ranks, if `broadcastsBuffers` is set and there is no buffer
  /// hook.
  func synchronizeBuffers(from root: Int) throws(CollectiveError) {
    guard options.broadcastsBuffers, bufferHook == nil else { return }
    let buffers = withoutIgnored(module.namedBuffers).map(\.tensor)
    try asCollectiveError {
      try reducer.describingErrors(of: "copying buffers from rank \(root)") {
        try broadcast(buffers, from: root, group)
      }
    }
  }
}

/// Overwrites tensors with one rank's tensors; all broadcasts run concurrently.
func broadcast(_ tensors: [Tensor], from root: Int, _ group: any ProcessGroup)
  throws(CollectiveError)
{
  var running: [any Work] = []
  var copies: [(tensor: Tensor, copy: Tensor)] = []
  // A single rank may be on a device that the backend does not support.
  for tensor in tensors where group.worldSize > 1 || tensor.device == .cpu {
    let dense = tensor.detach().contiguous()
    if !tensor.isContiguous { copies.append((tensor, dense)) }
    running.append(try group.startBroadcast(CollectiveBuffer(dense), from: root))
  }
  for work in running { try work.wait() }
  noGrad {
    for (tensor, copy) in copies { tensor.copy_(copy) }
  }
}

/// Runs `body` and converts errors of hooks to ``CollectiveError``.
func asCollectiveError<Result>(_ body: () throws -> Result) throws(CollectiveError) -> Result {
  do {
    return try body()
  } catch let error as CollectiveError {
    throw error
  } catch {
    throw CollectiveError(.failed, "\(error)", cause: error)
  }
}

extension DistributedDataParallelOptions {
  /// Rejects invalid options.
  func check(names: Set<String>, parameters: Set<String>, rank: Int) throws(CollectiveError) {
    func reject(_ message: String) throws(CollectiveError) {
      throw CollectiveError(.invalidArgument, message, rank: rank)
    }
    if let wrong = (bucketBytesList + [bucketBytes].compactMap { $0 }).first(where: { $0 <= 0 }) {
      try reject("a bucket of \(wrong) bytes is too small: use at least 1 byte")
    }
    if let unknown = parametersToIgnore.subtracting(names).min() {
      try reject(
        "parametersToIgnore contains '\(unknown)', which the model does not have: use names of "
          + "stateDict")
    }
    if let unknown = delayedParameters.subtracting(parameters).min() {
      try reject(
        "delayedParameters contains '\(unknown)', which the model does not have: use names of "
          + "namedParameters")
    }
    if skipsUnusedBuckets, !findsUnusedParameters {
      try reject("skipsUnusedBuckets requires findsUnusedParameters: set both")
    }
  }
}
