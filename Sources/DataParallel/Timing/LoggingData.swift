internal import Collectives
internal import Torch

/// Configuration and statistics of a ``DistributedDataParallel``: PyTorch's
/// `_get_ddp_logging_data`.
///
/// Names in JSON are PyTorch's; times are in nanoseconds. The record has many properties because
/// PyTorch's is flat: each property is one of its keys.
public struct LoggingData: Codable, Sendable {
  /// Times of a step, or their means over the measured steps, in nanoseconds.
  public struct Times: Codable, Sendable, Equatable {
    /// The forward pass of the module.
    public var forward = 0
    /// From the end of forward to the last gradient; includes the loss.
    public var backward = 0
    /// From the start of the first reduction to the end of the last.
    public var communication = 0
    /// From the start of the first reduction to the last gradient.
    public var overlap = 0

    /// The share of communication that ran before the last gradient, from 0 to 1; `nil` without
    /// communication.
    public var overlappedShare: Double? {
      communication > 0 ? min(1, Double(overlap) / Double(communication)) : nil
    }

    enum CodingKeys: String, CodingKey {
      case forward = "forward_compute_time"
      case backward = "backward_compute_time"
      case communication = "backward_comm_time"
      case overlap = "backward_compute_comm_overlap_time"
    }
  }

  /// The type of the wrapped model.
  public var moduleName: String
  /// The number of ranks.
  public var worldSize: Int
  /// This process's rank.
  public var rank: Int
  /// The number of forward passes in training so far.
  public var iteration: Int
  /// The type of the process group.
  public var backendName: String
  /// The communication hook, empty without one.
  public var communicationHook: String
  /// The number of trained parameters.
  public var parameterCount: Int
  /// The size of the trained parameters in bytes.
  public var parameterBytes: Int
  /// The types of the trained parameters, sorted.
  public var dtypes: [String]
  /// The sizes of the buckets in bytes, in the order of reduction.
  public var bucketBytes: [Int]
  /// The size at which the first, second… bucket is closed, in bytes.
  public var bucketLimits: [Int]
  /// The indices of the parameters in each bucket (`rebuilt_per_bucket_param_indices`).
  public var bucketParameterIndices: [[Int]]
  /// Whether buckets follow the order of gradients.
  public var hasRebuiltBuckets: Bool
  /// The size of the parameters that this rank did not use in the last pass, in bytes.
  public var unusedParameterBytes: Int
  /// The indices of the parameters in the order of the last pass's gradients.
  public var gradientReadyOrder: [Int]
  /// See ``DistributedDataParallelOptions/broadcastsBuffers``.
  public var broadcastsBuffers: Bool
  /// See ``DistributedDataParallelOptions/findsUnusedParameters``.
  public var findsUnusedParameters: Bool
  /// See ``DistributedDataParallelOptions/staticGraph``.
  public var staticGraph: Bool
  /// Whether all measured passes used the same parameters, so that `staticGraph` may be set.
  public var canSetStaticGraph: Bool
  /// Whether training runs inside `join`.
  public var joinsUnevenInputs: Bool
  /// Whether the model has a ``SyncBatchNorm``.
  public var hasSyncBatchNorm: Bool
  /// The number of gradients that were copied into their buckets so far: at most once per pass.
  ///
  /// Gradients of large layers are computed in the bucket and not copied.
  public var movedGradientCount: Int
  /// The times of the last measured step.
  public var times: Times
  /// The mean times of the measured steps.
  public var averageTimes: Times

  enum CodingKeys: String, CodingKey {
    case moduleName = "module_name"
    case worldSize = "world_size"
    case rank, iteration, dtypes
    case backendName = "backend_name"
    case communicationHook = "comm_hook"
    case parameterCount = "num_parameter_tensors"
    case parameterBytes = "total_parameter_size_bytes"
    case bucketBytes = "bucket_sizes"
    case bucketLimits = "bucket_size_limits"
    case bucketParameterIndices = "rebuilt_per_bucket_param_indices"
    case hasRebuiltBuckets = "has_rebuilt_buckets"
    case unusedParameterBytes = "unused_parameter_size"
    case gradientReadyOrder = "prev_iteration_grad_ready_order_indices"
    case broadcastsBuffers = "broadcast_buffers"
    case findsUnusedParameters = "find_unused_parameters"
    case staticGraph = "static_graph"
    case canSetStaticGraph = "can_set_static_graph"
    case joinsUnevenInputs = "join_uneven_inputs"
    case hasSyncBatchNorm = "has_sync_bn"
    case movedGradientCount = "moved_gradients"
    case times
    case averageTimes = "avg"
  }

  /// The numeric values for a metrics sink, by PyTorch's names; times are in seconds.
  public var scalars: [String: Double] {
    var all: [String: Double] = [
      "ddp/buckets": Double(bucketBytes.count),
      "ddp/unused_parameter_size": Double(unusedParameterBytes),
    ]
    for (prefix, times) in [("ddp/", times), ("ddp/avg_", averageTimes)] {
      all[prefix + "forward_compute_time"] = Double(times.forward) / 1e9
      all[prefix + "backward_compute_time"] = Double(times.backward) / 1e9
      all[prefix + "backward_comm_time"] = Double(times.communication) / 1e9
      all[prefix + "backward_compute_comm_overlap_time"] = Double(times.overlap) / 1e9
      all[prefix + "overlapped_share"] = times.overlappedShare
    }
    return all
  }
}

/// Decides which steps are measured, and accumulates their times.
package struct StepStatistics {
  /// The number of steps from one measured step to the next, after the first ten.
  var sampleInterval = 100
  private(set) var iteration = 0
  private(set) var measuredCount = 0
  /// The number of steps that had begun when the last one was measured.
  private(set) var lastMeasured = 0
  private(set) var last = LoggingData.Times()
  private(set) var average = LoggingData.Times()

  package init() {}

  /// Begins a step.
  ///
  /// Returns whether the step is measured.
  package mutating func begin() -> Bool {
    defer { iteration += 1 }
    return iteration < 10 || iteration % sampleInterval == 0
  }

  /// Adds the times of a measured step.
  mutating func add(_ times: StepTimes) {
    last = LoggingData.Times(
      forward: times.forward, backward: times.backward, communication: times.communication,
      overlap: times.overlap)
    measuredCount += 1
    lastMeasured = iteration
    func mean(_ path: WritableKeyPath<LoggingData.Times, Int>) {
      average[keyPath: path] += (last[keyPath: path] - average[keyPath: path]) / measuredCount
    }
    for path in [\LoggingData.Times.forward, \.backward, \.communication, \.overlap] { mean(path) }
  }
}

extension DistributedDataParallel {
  /// The current configuration and statistics of this object.
  public var loggingData: LoggingData {
    let sizes = reducer.parameters.map(\.byteCount)
    return LoggingData(
      moduleName: "\(Model.self)", worldSize: group.worldSize, rank: group.rank,
      iteration: statistics.iteration, backendName: group.backend,
      communicationHook: reducer.hook?.name ?? "", parameterCount: sizes.count,
      parameterBytes: sizes.reduce(0, +),
      dtypes: Set(reducer.parameters.map { "\($0.dtype)" }).sorted(),
      bucketBytes: reducer.buckets.map(\.flat.byteCount), bucketLimits: options.limits,
      bucketParameterIndices: reducer.plan.buckets, hasRebuiltBuckets: reducer.hasRebuiltBuckets,
      unusedParameterBytes: reducer.statistics.unusedParameters.map { sizes[$0] }.reduce(0, +),
      gradientReadyOrder: reducer.statistics.readyOrder,
      broadcastsBuffers: options.broadcastsBuffers,
      findsUnusedParameters: options.findsUnusedParameters, staticGraph: options.staticGraph,
      canSetStaticGraph: reducer.statistics.isUsageConstant, joinsUnevenInputs: joining != nil,
      hasSyncBatchNorm: module.modules.contains { ($0 as? BatchNorm)?.sumOverRanks != nil },
      movedGradientCount: reducer.statistics.copiedGradientCount, times: statistics.last,
      averageTimes: statistics.average)
  }

  /// Whether the last step was measured, so ``loggingData`` has new times.
  public var hasMeasuredStep: Bool { statistics.lastMeasured == statistics.iteration }

  /// Measures every `loggingInterval` steps after the first ten; 100 by default, as in PyTorch
  /// (`_set_ddp_runtime_logging_sample_rate`).
  ///
  /// With a ``Trace`` every step is measured.
  public var loggingInterval: Int {
    get { statistics.sampleInterval }
    set { statistics.sampleInterval = max(1, newValue) }
  }

  /// Begins a step.
  ///
  /// - Returns: The times to fill in if the step is measured.
  func beginMeasuring() -> StepTimes? {
    statistics.begin() || trace != nil ? StepTimes() : nil
  }
}
