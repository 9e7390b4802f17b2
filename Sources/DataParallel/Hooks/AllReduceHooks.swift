public import Collectives
public import Torch

/// Averages gradients, as the reducer does without a hook (`allreduce_hook`).
public final class AllReduceHook: CommunicationHook {
  /// Creates the hook.
  public init() {}

  /// Divides by the world size and sums.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    try Reduction(averaging: bucket.buffer, over: group)
  }
}

/// Averages gradients in a 16-bit type, which halves the bytes sent (`fp16_compress_hook`,
/// `bf16_compress_hook`, the latter on the CPU too).
public final class CompressionHook: CommunicationHook {
  private let dtype: DType

  /// Creates the hook.
  ///
  /// - Parameter dtype: The type in which gradients are sent: float16 or bfloat16.
  public init(_ dtype: DType) { self.dtype = dtype }

  /// The type, followed by "compression".
  public var name: String { "\(dtype) compression" }

  /// Converts, divides by the world size, sums, and converts back.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    let short = bucket.buffer.to(dtype)
    return try Reduction(averaging: short, over: group).then { sum in
      noGrad { bucket.buffer.copy_(sum) }
      return bucket.buffer
    }
  }
}

/// Runs another hook on gradients in a 16-bit type (`fp16_compress_wrapper`,
/// `bf16_compress_wrapper`).
public final class CompressionWrapper: CommunicationHook {
  private let dtype: DType
  private let inner: any CommunicationHook

  /// Creates the hook.
  ///
  /// - Parameters:
  ///   - dtype: The type in which gradients are sent: float16 or bfloat16.
  ///   - inner: The hook that receives gradients of that type.
  public init(_ dtype: DType, _ inner: any CommunicationHook) {
    self.dtype = dtype
    self.inner = inner
  }

  /// The type and the inner hook's name.
  public var name: String { "\(dtype) \(inner.name)" }

  /// Converts, runs the inner hook, and converts back.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    let short = bucket.with(buffer: bucket.buffer.to(dtype))
    return try inner.reduce(short, over: group).then { result in
      noGrad { bucket.buffer.copy_(result) }
      return bucket.buffer
    }
  }
}

/// Leaves gradients unchanged (`noop_hook`), to measure a step without communication.
///
/// Replicas diverge in the first step: do not train with it.
public final class NoOperationHook: CommunicationHook {
  /// Creates the hook.
  public init() {}

  /// Returns the bucket unchanged.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) -> Reduction {
    Reduction(bucket.buffer)
  }
}

/// A hook that runs a closure.
final class ClosureHook: CommunicationHook {
  let name: String
  private let body: (GradientBucket, any ProcessGroup) throws -> Reduction

  init(_ name: String, _ body: @escaping (GradientBucket, any ProcessGroup) throws -> Reduction) {
    self.name = name
    self.body = body
  }

  func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    try body(bucket, group)
  }
}
