public import Collectives
public import Torch
internal import TorchCollectives

/// Trains one model on several ranks.
///
/// Every rank holds a replica, takes its own share of the data, and all replicas make the same update
/// (Li et al. 2020, "PyTorch Distributed").
///
/// ```swift
/// let model = try DistributedDataParallel(Linear(20, 1), group: group)
/// let optimizer = SGD(model.module.parameters, learningRate: 1e-3)
/// for (x, y) in batches {
///   optimizer.zeroGrad()
///   try meanSquaredError(try model(x), y).backward()   // gradients are averaged meanwhile
///   optimizer.step()
/// }
/// ```
///
/// Wrap the model before making the optimizer's first step, call forward through this object, and
/// make the same number of steps on every rank, or train inside of
/// ``join(divideByInitialWorldSize:enable:throwOnEarlyTermination:shadows:_:)``.
///
/// What goes wrong on one rank in a backward pass, such as a parameter without a gradient, is thrown on
/// all ranks, and names rank and parameter.
public final class DistributedDataParallel<Model: Module> {
  /// The replica of this rank.
  public let module: Model

  /// The ranks that train together.
  public private(set) var group: any ProcessGroup

  /// What was chosen when the model was wrapped.
  public let options: DistributedDataParallelOptions

  let reducer: Reducer
  var names: [String] { reducer.names }
  var statistics = StepStatistics()
  var trace: Trace?
  var joining: Joining?
  var bufferHook: (place: BufferHookPlace, body: ([(name: String, tensor: Tensor)]) throws -> Void)?

  /// Checks that all ranks hold the same model, copies rank 0's parameters and buffers to all, and
  /// starts to listen for gradients.
  ///
  /// - Parameters:
  ///   - module: The model; its parameters that require a gradient are trained. Keeps its memory.
  ///   - group: The ranks. It is used by this object alone from now on, or in an order that is the
  ///     same on every rank.
  ///   - options: Sizes of buckets and the like.
  /// - Throws: ``CollectiveError`` with code `mismatch` on all ranks when their models differ in
  ///   names, shapes or types; it names the first difference. With code `invalidArgument` when
  ///   nothing is to be trained, or an option makes no sense.
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
        "no parameter of the model requires a gradient: there is nothing to train, use the model "
          + "itself",
        rank: group.rank)
    }
    self.module = module
    self.group = group
    self.options = options
    reducer = Reducer(named: trained, group: group, options: options)
    reducer.whenMeasured = { [unowned self] in
      statistics.add($0)
      trace?.add($0)
    }
    if options.synchronizesAtStart {
      try ModelVerification.verify(kept(module.namedParameters), group: group)
      try synchronizeModel(from: 0)
    }
  }

  /// Computes the model's function, and gets ready for the backward pass that follows unless
  /// gradients are switched off.
  ///
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late; with code `mismatch` when the
  ///   backward pass before did not come to its end, or gave no gradient here while others average it.
  public func callAsFunction(_ input: Model.Input) throws(CollectiveError) -> Model.Output {
    let isTraining = isRecordingGradients
    let isMeasured = isTraining && reducer.isSynchronizing && beginMeasuring()
    if isTraining {
      if reducer.isSynchronizing { try reducer.checkPassBefore() }
      let source = try joining?.announce(synchronizes: reducer.isSynchronizing) ?? 0
      divideAsJoined()
      if reducer.isSynchronizing {
        try asCollectiveError { try reducer.prepareForForward() }
        if bufferHook?.place != .beforeForward { try synchronizeBuffers(from: source) }
      }
      try runBufferHook(.beforeForward)
    }
    if isMeasured { reducer.times?.forwardStart = StepTimes.now() }
    let output = module(input)
    if isMeasured { reducer.times?.forwardEnd = StepTimes.now() }
    if isTraining {
      try runBufferHook(.afterForward)
      reducer.prepareForBackward { tensors(in: output) }
      // No gradient will come that could start anything, and the peers wait for this rank's zeros.
      if reducer.reachesNothing { try asCollectiveError { try reducer.reduceWithoutBackward() } }
    }
    return output
  }

  /// Runs `body`, forward and backward passes, without averaging.
  ///
  /// Gradients add up on each rank, and the next pass outside averages their sum, as with PyTorch's
  /// `no_sync`. Put the forward pass inside, too. They add up in the buckets: a gradient that is to be kept
  /// for longer than ``Module/zeroGrad()`` has to be copied.
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
  /// Before the second forward pass there is one bucket for each type of parameter; then the order
  /// follows the gradients of rank 0's first backward pass. With unused parameters it stays that of the
  /// parameters; with a static graph it follows the second pass.
  public var bucketParameterNames: [[String]] {
    reducer.plan.buckets.map { $0.map { reducer.names[$0] } }
  }

  /// Goes on with other ranks, fewer or more (`_update_process_group`): call it on all of them, with
  /// equal models, between two steps.
  ///
  /// Hooks that hold a group of their own have to be given the new one separately.
  public func update(group: any ProcessGroup) {
    self.group = group
    reducer.update(group: group)
  }

  /// Stops averaging for good (`_remove_autograd_hooks`): gradients stay what each rank computes.
  public func removeGradientHooks() { reducer.removeGradientHooks() }

  /// Checks that the last backward pass came to its end (`_check_reducer_finalized`).
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` when it did not, for example because it was
  ///   left by an error.
  public func checkIsFinished() throws(CollectiveError) {
    guard reducer.readiness == nil else {
      throw CollectiveError(
        .mismatch,
        "gradients have not been averaged since the last forward pass: call backward on a loss that "
          + "depends on its output",
        rank: group.rank)
    }
  }

  /// Parameters or buffers without the ones to ignore.
  func kept(_ named: [(name: String, tensor: Tensor)]) -> [(name: String, tensor: Tensor)] {
    named.filter { !options.parametersToIgnore.contains($0.name) }
  }

  /// Copies parameters and buffers of one rank to all.
  func synchronizeModel(from root: Int) throws(CollectiveError) {
    try broadcast(
      kept(module.namedParameters + module.namedBuffers).map(\.tensor), from: root, group)
  }

  /// Copies the buffers of one rank to all, if they are to be.
  func synchronizeBuffers(from root: Int) throws(CollectiveError) {
    guard options.broadcastsBuffers, bufferHook == nil else { return }
    let buffers = kept(module.namedBuffers).map(\.tensor)
    try asCollectiveError {
      try reducer.explaining("buffers could not be copied from rank \(root)") {
        try broadcast(buffers, from: root, group)
      }
    }
  }
}

/// Overwrites tensors with those of one rank; all broadcasts run at once.
func broadcast(_ tensors: [Tensor], from root: Int, _ group: any ProcessGroup)
  throws(CollectiveError)
{
  var running: [any Work] = []
  var copies: [(tensor: Tensor, copy: Tensor)] = []
  // One rank alone may be on a device that collectives do not reach.
  for tensor in tensors where group.worldSize > 1 || tensor.device == .cpu {
    let dense = tensor.detached().contiguous()
    if !tensor.isContiguous { copies.append((tensor, dense)) }
    running.append(try group.startBroadcast(CollectiveBuffer(dense), from: root))
  }
  for work in running { try work.wait() }
  withoutGradients {
    for (tensor, copy) in copies { tensor.copy(from: copy) }
  }
}

/// Runs what throws errors of peers and of hooks, which become errors of this module's one type.
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
  /// Refuses what makes no sense.
  func check(names: Set<String>, parameters: Set<String>, rank: Int) throws(CollectiveError) {
    func refuse(_ message: String) throws(CollectiveError) {
      throw CollectiveError(.invalidArgument, message, rank: rank)
    }
    if let wrong = (bucketBytesList + [bucketBytes].compactMap { $0 }).first(where: { $0 <= 0 }) {
      try refuse("a bucket of \(wrong) bytes holds nothing: give at least 1 byte")
    }
    if let unknown = parametersToIgnore.subtracting(names).min() {
      try refuse(
        "the model has no parameter or buffer '\(unknown)' to ignore: names are those of stateDict")
    }
    if let unknown = delayedParameters.subtracting(parameters).min() {
      try refuse(
        "the model has no parameter '\(unknown)' to delay: names are those of namedParameters")
    }
    if skipsUnusedBuckets, !findsUnusedParameters {
      try refuse("skipsUnusedBuckets needs findsUnusedParameters, which finds them")
    }
  }
}
