public import Torch

/// The dtype in which a model's expensive operators run; parameters are always float32.
public enum Precision: String, CaseIterable, Codable, Sendable {
  /// Float32 throughout.
  case float32 = "fp32"
  /// Autocast to bfloat16, which has float32's range.
  case bfloat16 = "bf16"
  /// Autocast to float16, which needs a ``GradientScaler``; ``Trainer`` provides one.
  case float16 = "fp16"

  /// The dtype that autocast uses.
  public var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }

  /// Runs `body` in this precision.
  ///
  /// - Parameters:
  ///   - device: The device of the model.
  ///   - body: The forward pass and the loss, without the backward pass.
  /// - Returns: The result of `body`.
  /// - Throws: The error of `body`.
  public func run<Result, Failure: Error>(
    on device: Device, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Float32 does not change autocast, so an autocast scope of the caller stays in effect.
    if self == .float32 { return try body() }
    return try withAutocast(dtype, device: device, body)
  }
}
