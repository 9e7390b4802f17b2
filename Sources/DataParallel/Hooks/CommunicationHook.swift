public import Collectives
public import Torch
internal import TorchCollectives

/// Combines the gradients of a bucket, instead of the default averaging.
///
/// Register a hook with ``DistributedDataParallel/registerCommunicationHook(_:)``. It receives
/// undivided gradients. It runs on every rank for every bucket, in the order of the buckets, and
/// must start the same collectives on every rank.
public protocol CommunicationHook: AnyObject {
  /// The name in log messages and ``LoggingData``.
  var name: String { get }

  /// Starts to combine the gradients of a bucket.
  ///
  /// - Parameters:
  ///   - bucket: This rank's gradients; the hook may overwrite them.
  ///   - group: The ranks of the wrapped model.
  /// - Returns: The running reduction. Its result is the new contents of the bucket, of the same
  ///   shape and type.
  /// - Throws: An error, which ends the backward pass.
  func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction
}

extension CommunicationHook {
  /// The name of the type.
  public var name: String { "\(type(of: self))" }
}

/// The gradients that a hook reduces together.
public struct GradientBucket {
  /// The index of the bucket; buckets are reduced in this order.
  public let index: Int
  /// Whether it is the last bucket of this backward pass.
  public let isLast: Bool
  /// All gradients side by side, shape `[elements]`.
  public let buffer: Tensor
  /// The parameters of the gradients, in the order of the buffer.
  public let parameters: [Tensor]

  /// The gradients: views of ``buffer`` in the shapes of the parameters.
  public var gradients: [Tensor] {
    var offset = 0
    return parameters.map { parameter in
      defer { offset += parameter.count }
      return buffer.narrow(dim: 0, start: offset, length: parameter.count)
        .reshape(parameter.shape)
    }
  }

  /// Returns the same bucket with a different buffer, such as a compressed one.
  public func with(buffer: Tensor) -> GradientBucket {
    GradientBucket(index: index, isLast: isLast, buffer: buffer, parameters: parameters)
  }
}

/// A running reduction of a bucket: its collectives, and steps that follow them.
///
/// The steps run in order in ``wait()``. The reducer calls it in the order of the buckets, so all
/// ranks start the collectives of later steps in the same order.
public struct Reduction {
  private let works: [any Work]
  private let finish: () throws -> Tensor

  /// Creates a completed reduction.
  public init(_ result: Tensor) { self.init([]) { result } }

  /// Creates a reduction from running collectives and a step that follows them.
  public init(_ works: [any Work], then finish: @escaping () throws -> Tensor) {
    self.works = works
    self.finish = finish
  }

  /// Starts to sum a tensor over the ranks in place.
  public init(summing tensor: Tensor, over group: any ProcessGroup) throws(CollectiveError) {
    try self.init(tensor, .sum, group)
  }

  /// Starts to average a tensor over the ranks in place.
  ///
  /// Elements are multiplied by 1 / `divisor` before they are added, as in PyTorch's reducer. If
  /// the divisor is a power of two, the backend may divide while it adds, which saves a pass over
  /// memory. The bits are the same, unless the sum overflows or the mean is subnormal.
  ///
  /// - Parameters:
  ///   - tensor: Each rank's values; the mean afterwards.
  ///   - divisor: The divisor of the sum; the world size if `nil`.
  ///   - group: The ranks.
  /// - Throws: ``CollectiveError`` if the group cannot start the collective.
  public init(
    averaging tensor: Tensor, by divisor: Int? = nil, over group: any ProcessGroup
  ) throws(CollectiveError) {
    let divisor = divisor ?? group.worldSize
    let isExact = divisor.nonzeroBitCount == 1 && [.float32, .float64].contains(tensor.dtype)
    if divisor == group.worldSize, isExact, group.capabilities.fusesAverage {
      try self.init(tensor, .average, group)
    } else {
      noGrad { tensor.mul_(1 / Double(divisor)) }
      try self.init(tensor, .sum, group)
    }
  }

  /// A single rank may be on a device that the backend does not support: its tensor is the result.
  private init(_ tensor: Tensor, _ op: ReduceOp, _ group: any ProcessGroup) throws(CollectiveError)
  {
    guard group.worldSize > 1 || tensor.device == .cpu else {
      self.init(tensor)
      return
    }
    self.init([try group.startAllReduce(CollectiveBuffer(tensor), op)]) { tensor }
  }

  /// Whether the collectives have completed; the steps that follow them run in ``wait()``.
  public var isCompleted: Bool { works.allSatisfy(\.isCompleted) }

  /// Returns the reduction with another step, which receives the result and returns a new one.
  public func then(_ step: @escaping (Tensor) throws -> Tensor) -> Reduction {
    Reduction(works) { try step(try finish()) }
  }

  /// Waits for the collectives and runs the steps that follow them.
  ///
  /// - Returns: The new contents of the bucket.
  /// - Throws: ``CollectiveError`` if a peer is lost or timed out; the errors of the steps.
  public func wait() throws -> Tensor {
    for work in works { try work.wait() }
    return try finish()
  }
}
