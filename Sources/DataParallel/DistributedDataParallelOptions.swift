/// Options of ``DistributedDataParallel``; the defaults are PyTorch's.
///
/// PyTorch's other options are not needed. `gradient_as_bucket_view` is always on. A rank has one
/// device, that of the module, so `device_ids`, `output_device`, `dim` and `device_mesh` have no
/// counterpart. `check_reduction` is deprecated. `batched_grad_copy` groups launches of GPU
/// kernels. For `mixed_precision` use `withAutocast`.
public struct DistributedDataParallelOptions: Sendable {
  /// The size at which a bucket is closed, in bytes (`bucket_cap_mb`); `nil` means 1 MiB for the
  /// first bucket and 25 MiB for the others.
  public var bucketBytes: Int?

  /// The sizes at which the first, second… bucket is closed, in bytes (`bucket_cap_mb_list`); the
  /// last size applies to all later buckets.
  ///
  /// Empty means ``bucketBytes``.
  public var bucketBytesList: [Int] = []

  /// Whether the last bucket is the small one, rather than the first (`DDP_SET_LAST_BUCKET_CAP`),
  /// which shortens the wait at the end of backward.
  public var smallBucketIsLast = false

  /// Whether the model's buffers are copied from rank 0 before each forward pass in training
  /// (`forward_sync_buffers`, formerly `broadcast_buffers`).
  ///
  /// Otherwise they are copied once, when the model is wrapped.
  public var broadcastsBuffers: Bool

  /// Whether wrapping a model compares it across ranks and copies rank 0's to all (`init_sync`).
  ///
  /// If unset, the caller must ensure that the models are equal.
  public var synchronizesAtStart = true

  /// Whether parameters may get no gradient on some or all ranks (`find_unused_parameters`).
  ///
  /// The graph is searched after each forward pass, and the ranks exchange which parameters they
  /// used. Buckets keep the order of the parameters. The gradient of a parameter that no rank used
  /// is unchanged.
  public var findsUnusedParameters: Bool

  /// Whether every pass uses the same parameters, the same number of times (`static_graph`).
  ///
  /// Unused parameters are found in the first pass, and activation checkpointing may use a
  /// parameter repeatedly.
  public var staticGraph: Bool

  /// Whether buckets whose parameters no rank used are skipped (`skip_all_reduce_unused_params`);
  /// requires ``findsUnusedParameters``.
  ///
  /// The ranks exchange which parameters they use before they reduce the first bucket.
  public var skipsUnusedBuckets = false

  /// Names of parameters whose gradients share a bucket that is reduced after all others
  /// (`delay_all_reduce_named_params`).
  ///
  /// Use it for gradients that become ready late, so that no other bucket waits for them. PyTorch
  /// also needs the parameter whose gradient starts the reduction (`param_to_hook_all_reduce`);
  /// here it starts when all gradients of the bucket are ready.
  public var delayedParameters: Set<String> = []

  /// Names of parameters and buffers that are not compared, copied or averaged
  /// (`_set_params_and_buffers_to_ignore_for_model`).
  public var parametersToIgnore: Set<String> = []

  /// Creates options.
  public init(
    bucketBytes: Int? = nil, broadcastsBuffers: Bool = true, findsUnusedParameters: Bool = false,
    staticGraph: Bool = false
  ) {
    self.bucketBytes = bucketBytes
    self.broadcastsBuffers = broadcastsBuffers
    self.findsUnusedParameters = findsUnusedParameters
    self.staticGraph = staticGraph
  }

  /// The delayed parameters as indices of `names`.
  func delayedIndices(in names: [String]) -> Set<Int> {
    Set(names.indices.filter { delayedParameters.contains(names[$0]) })
  }

  /// The limits of buckets that follow the order of gradients.
  var limits: [Int] {
    if !bucketBytesList.isEmpty { return bucketBytesList }
    return bucketBytes.map { [$0] } ?? [BucketPlan.firstBucketBytes, BucketPlan.bucketBytes]
  }

  /// The limits of the first buckets: none if the buckets are rebuilt after the first pass.
  var firstLimits: [Int] { findsUnusedParameters && !staticGraph ? limits : [.max] }
}
