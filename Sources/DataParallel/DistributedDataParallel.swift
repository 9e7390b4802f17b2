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
/// make the same number of steps on every rank.
public final class DistributedDataParallel<Model: Module> {
  /// The replica of this rank.
  public let module: Model

  /// The ranks that train together.
  public let group: any ProcessGroup

  private let options: DistributedDataParallelOptions
  let names: [String]
  let reducer: Reducer

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
  ///   nothing is to be trained.
  public init(
    _ module: Model, group: any ProcessGroup,
    options: DistributedDataParallelOptions = DistributedDataParallelOptions()
  ) throws(CollectiveError) {
    let trained = module.namedParameters.filter { $0.tensor.requiresGrad }
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
    names = trained.map(\.name)
    try ModelVerification.verify(module.namedParameters, group: group)
    try broadcastFromFirstRank(
      module.namedParameters.map(\.tensor) + module.namedBuffers.map(\.tensor), group)
    reducer = Reducer(named: trained, group: group, limits: options.limits)
  }

  /// Computes the model's function, and gets ready for the backward pass that follows unless
  /// gradients are switched off.
  ///
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  public func callAsFunction(_ input: Model.Input) throws(CollectiveError) -> Model.Output {
    let isTraining = isRecordingGradients
    if isTraining, reducer.isSynchronizing {
      try reducer.prepareForForward()
      if options.broadcastsBuffers {
        try broadcastFromFirstRank(module.namedBuffers.map(\.tensor), group)
      }
    }
    let output = module(input)
    if isTraining { reducer.prepareForBackward() }
    return output
  }

  /// Runs `body`, forward and backward passes, without averaging.
  ///
  /// Gradients add up on each rank, and the next pass outside averages their sum, as with PyTorch's
  /// `no_sync`.
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
  /// follows the gradients of rank 0's first backward pass.
  public var bucketParameterNames: [[String]] {
    reducer.plan.buckets.map { $0.map { names[$0] } }
  }
}

/// Options of ``DistributedDataParallel``.
public struct DistributedDataParallelOptions: Sendable {
  /// The size at which a bucket is closed, in bytes; `nil` means 1 MiB for the first and 25 MiB for
  /// the others, as in PyTorch.
  public var bucketBytes: Int?

  /// Whether the model's buffers are copied from rank 0 before each forward pass in training.
  public var broadcastsBuffers: Bool

  /// Creates options; the defaults are PyTorch's.
  public init(bucketBytes: Int? = nil, broadcastsBuffers: Bool = true) {
    self.bucketBytes = bucketBytes
    self.broadcastsBuffers = broadcastsBuffers
  }

  var limits: [Int] {
    bucketBytes.map { [$0] } ?? [BucketPlan.firstBucketBytes, BucketPlan.bucketBytes]
  }
}

/// Overwrites tensors with those of rank 0; all broadcasts run at once.
private func broadcastFromFirstRank(_ tensors: [Tensor], _ group: any ProcessGroup)
  throws(CollectiveError)
{
  var running: [any Work] = []
  var copies: [(tensor: Tensor, copy: Tensor)] = []
  for tensor in tensors {
    let dense = tensor.detached().contiguous()
    if !tensor.isContiguous { copies.append((tensor, dense)) }
    running.append(try group.startBroadcast(CollectiveBuffer(dense), from: 0))
  }
  for work in running { try work.wait() }
  withoutGradients {
    for (tensor, copy) in copies { tensor.copy(from: copy) }
  }
}
