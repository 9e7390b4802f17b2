public import Collectives
public import Torch

/// Averages gradients, as happens without a hook (`allreduce_hook`).
public final class AllReduceHook: CommunicationHook {
  /// Creates the hook.
  public init() {}

  /// Divides by the number of ranks and sums.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    try Reduction(averaging: bucket.buffer, over: group)
  }
}

/// Averages gradients in a shorter type, which halves what is sent (`fp16_compress_hook`,
/// `bf16_compress_hook`, the latter on the CPU too).
public final class CompressionHook: CommunicationHook {
  private let dtype: DType

  /// Names the type in which gradients travel: float16 or bfloat16.
  public init(_ dtype: DType) { self.dtype = dtype }

  /// The type is part of the name.
  public var name: String { "\(dtype) compression" }

  /// Converts, divides by the number of ranks, sums, and converts back.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    let short = bucket.buffer.converted(to: dtype)
    return try Reduction(averaging: short, over: group).then { sum in
      withoutGradients { bucket.buffer.copy(from: sum) }
      return bucket.buffer
    }
  }
}

/// Runs another hook on gradients in a shorter type (`fp16_compress_wrapper`, `bf16_compress_wrapper`).
public final class CompressionWrapper: CommunicationHook {
  private let dtype: DType
  private let inner: any CommunicationHook

  /// Names the type, and the hook that sees gradients of that type.
  public init(_ dtype: DType, _ inner: any CommunicationHook) {
    (self.dtype, self.inner) = (dtype, inner)
  }

  /// The type and the inner hook's name.
  public var name: String { "\(dtype) \(inner.name)" }

  /// Converts, runs the other hook, and converts back.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    let short = bucket.with(buffer: bucket.buffer.converted(to: dtype))
    return try inner.reduce(short, over: group).then { result in
      withoutGradients { bucket.buffer.copy(from: result) }
      return bucket.buffer
    }
  }
}

/// Leaves each rank its own gradients (`noop_hook`): what a step costs without communication.
///
/// Replicas part company at the first step. Not for training.
public final class NoOperationHook: CommunicationHook {
  /// Creates the hook.
  public init() {}

  /// Does nothing.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) -> Reduction {
    Reduction(bucket.buffer)
  }
}

/// A hook that is a closure.
final class ClosureHook: CommunicationHook {
  let name: String
  private let body: (GradientBucket, any ProcessGroup) throws -> Reduction

  init(_ name: String, _ body: @escaping (GradientBucket, any ProcessGroup) throws -> Reduction) {
    (self.name, self.body) = (name, body)
  }

  func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    try body(bucket, group)
  }
}
