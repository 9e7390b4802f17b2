/// Options of ``DistributedDataParallel``; the defaults are PyTorch's.
///
/// PyTorch's other options have no place here: `gradient_as_bucket_view` is how gradients are always
/// kept; `device_ids`, `output_device`, `dim` and `device_mesh` because a rank has one device, the
/// module's; `check_reduction` is deprecated; `batched_grad_copy` groups launches of GPU kernels;
/// `mixed_precision` is what `withAutocast` does.
public struct DistributedDataParallelOptions: Sendable {
  /// The size at which a bucket is closed, in bytes (`bucket_cap_mb`); `nil` means 1 MiB for the first
  /// and 25 MiB for the others.
  public var bucketBytes: Int?

  /// The sizes at which the first, second… bucket is closed, in bytes (`bucket_cap_mb_list`); the last
  /// holds for all that follow.
  ///
  /// Empty means ``bucketBytes``.
  public var bucketBytesList: [Int] = []

  /// Whether the small bucket is the last, rather than the first (`DDP_SET_LAST_BUCKET_CAP`): less is
  /// left to wait for at the end of backward.
  public var smallBucketIsLast = false

  /// Whether the model's buffers are copied from rank 0 before each forward pass in training
  /// (`forward_sync_buffers`, formerly `broadcast_buffers`).
  ///
  /// If not they are copied once, at the start.
  public var broadcastsBuffers: Bool

  /// Whether models are compared and rank 0's is copied to all at the start (`init_sync`).
  ///
  /// Without it
  /// the caller answers for equal models.
  public var synchronizesAtStart = true

  /// Whether parameters may be without a gradient on some ranks or all of them
  /// (`find_unused_parameters`).
  ///
  /// The graph is searched after each forward pass, and the ranks compare what they used; buckets keep
  /// the order of the parameters. A parameter that no rank used keeps its gradient as it was.
  public var findsUnusedParameters: Bool

  /// Whether every pass uses the same parameters, the same number of times (`static_graph`): unused
  /// ones are found in the first pass, and activation checkpointing may use a parameter repeatedly.
  public var staticGraph: Bool

  /// Whether gradients of parameters that no rank used are not sent
  /// (`skip_all_reduce_unused_params`, with ``findsUnusedParameters``).
  ///
  /// The ranks compare what they
  /// used before the first bucket; a bucket that nobody used is left out.
  public var skipsUnusedBuckets = false

  /// Names of parameters whose gradients share a bucket that goes after all others
  /// (`delay_all_reduce_named_params`).
  ///
  /// For gradients that become complete late, so that no bucket waits for them. PyTorch has to be told whose
  /// gradient starts it (`param_to_hook_all_reduce`); here it starts when it is full.
  public var delayedParameters: Set<String> = []

  /// Names of parameters and buffers that are neither compared, copied nor averaged
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

  /// Limits of the buckets once the order of gradients is known.
  var limits: [Int] {
    if !bucketBytesList.isEmpty { return bucketBytesList }
    return bucketBytes.map { [$0] } ?? [BucketPlan.firstBucketBytes, BucketPlan.bucketBytes]
  }

  /// Limits before it is known: one bucket, where it will be.
  var firstLimits: [Int] { findsUnusedParameters && !staticGraph ? limits : [.max] }
}
