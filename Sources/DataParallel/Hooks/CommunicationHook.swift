public import Collectives
public import Torch
internal import TorchCollectives

/// How the gradients of a bucket are combined, in place of PyTorch-style averaging.
///
/// Register one with ``DistributedDataParallel/registerCommunicationHook(_:)``. Gradients come to it
/// undivided. It runs on every rank for every bucket, in the order of the buckets, and has to start the
/// same collectives there.
public protocol CommunicationHook: AnyObject {
  /// The name under which it is logged.
  var name: String { get }

  /// Starts to combine the gradients of a bucket.
  ///
  /// - Parameters:
  ///   - bucket: This rank's gradients; the hook may overwrite them.
  ///   - group: The ranks of the wrapped model.
  /// - Returns: What still runs, and ends in the new contents of the bucket, of its shape and type.
  /// - Throws: An error, which ends the backward pass.
  func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction
}

extension CommunicationHook {
  /// The name of the type.
  public var name: String { "\(type(of: self))" }
}

/// Gradients that are reduced together, as a hook sees them.
public struct GradientBucket {
  /// The place among the buckets; they are reduced in this order.
  public let index: Int
  /// Whether it is the last bucket of this backward pass.
  public let isLast: Bool
  /// All gradients side by side, shape `[elements]`.
  public let buffer: Tensor
  /// The parameters whose gradients these are, in the order of the buffer.
  public let parameters: [Tensor]

  /// The gradients: views of ``buffer`` in the shapes of the parameters.
  public var gradients: [Tensor] {
    var offset = 0
    return parameters.map { parameter in
      defer { offset += parameter.count }
      return buffer.narrowed(along: 0, to: offset..<offset + parameter.count)
        .reshaped(parameter.shape)
    }
  }

  /// The same bucket with other contents, such as compressed ones.
  public func with(buffer: Tensor) -> GradientBucket {
    GradientBucket(index: index, isLast: isLast, buffer: buffer, parameters: parameters)
  }
}

/// The running reduction of a bucket: collectives, and what is to be done after them.
///
/// Its steps run in order when it is waited for, which happens in the order of the buckets: so all
/// ranks start the collectives of later steps in one order.
public struct Reduction {
  private let works: [any Work]
  private let finish: () throws -> Tensor

  /// A reduction that has ended.
  public init(_ result: Tensor) { self.init([]) { result } }

  /// Collectives that were started, and what follows when they have ended.
  public init(_ works: [any Work], then finish: @escaping () throws -> Tensor) {
    self.works = works
    self.finish = finish
  }

  /// Starts to sum a tensor over the ranks, in place.
  public init(summing tensor: Tensor, over group: any ProcessGroup) throws(CollectiveError) {
    try self.init(tensor, .sum, group)
  }

  /// Starts to average a tensor over the ranks, in place.
  ///
  /// Numbers are multiplied by 1 / divisor before they are added, as by PyTorch's reducer. Where that is a power of
  /// two the engine may divide while it adds, which spares a pass over memory: the bits are the same, unless
  /// the sum overflows or the mean is subnormal.
  ///
  /// - Parameters:
  ///   - tensor: What each rank has; the mean afterwards.
  ///   - divisor: What the sum is divided by; the number of ranks if `nil`.
  ///   - group: The ranks.
  /// - Throws: ``CollectiveError`` when the group cannot start it.
  public init(
    averaging tensor: Tensor, by divisor: Int? = nil, over group: any ProcessGroup
  ) throws(CollectiveError) {
    let divisor = divisor ?? group.worldSize
    let isExact = divisor.nonzeroBitCount == 1 && [.float32, .float64].contains(tensor.dtype)
    if divisor == group.worldSize, isExact, group.capabilities.fusesAverage {
      try self.init(tensor, .average, group)
    } else {
      withoutGradients { tensor.scale(by: 1 / Double(divisor)) }
      try self.init(tensor, .sum, group)
    }
  }

  /// One rank alone may be on a device that collectives do not reach: its tensor is the result.
  private init(_ tensor: Tensor, _ op: ReduceOp, _ group: any ProcessGroup) throws(CollectiveError)
  {
    guard group.worldSize > 1 || tensor.device == .cpu else {
      self.init(tensor)
      return
    }
    self.init([try group.startAllReduce(CollectiveBuffer(tensor), op)]) { tensor }
  }

  /// Whether the collectives have ended; what follows them has not run then.
  public var isCompleted: Bool { works.allSatisfy(\.isCompleted) }

  /// The same, followed by a step that is given the result and makes another.
  public func then(_ step: @escaping (Tensor) throws -> Tensor) -> Reduction {
    Reduction(works) { try step(try finish()) }
  }

  /// Ends it.
  ///
  /// - Returns: The new contents.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late, and what a step throws.
  public func wait() throws -> Tensor {
    for work in works { try work.wait() }
    return try finish()
  }
}
