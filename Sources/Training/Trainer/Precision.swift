public import Torch

/// The type in which a model's costly operators run; parameters are float32 in any case.
public enum Precision: String, CaseIterable, Codable, Sendable {
  /// Everything in float32.
  case float32 = "fp32"
  /// Autocast to bfloat16, which has float32's range.
  case bfloat16 = "bf16"
  /// Autocast to float16, which needs a ``GradientScaler``; the ``Trainer`` brings one.
  case float16 = "fp16"

  /// The type that operators convert to.
  public var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }

  /// Runs `body`, forward passes and losses, in this precision.
  ///
  /// - Parameters:
  ///   - device: Where the model is.
  ///   - body: What is run.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func run<Result, Failure: Error>(
    on device: Device, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Nothing to switch on, nor off: a scope around this one is the caller's wish.
    if self == .float32 { return try body() }
    return try withAutocast(dtype, device: device, body)
  }
}
