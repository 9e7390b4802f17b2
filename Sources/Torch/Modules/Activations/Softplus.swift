/// The smooth rectified linear unit log(1 + exp(beta x)) / beta.
///
/// Like PyTorch's `nn.Softplus`. The result has the shape of the input.
public final class Softplus: Module {
  /// The sharpness of the transition.
  public let beta: Double
  /// Above this value of beta x, the result is x.
  public let threshold: Double

  /// Creates the activation.
  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor {
    input.softplus(beta: beta, threshold: threshold)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "beta=\(pythonText(beta)), threshold=\(pythonText(threshold))" }
}

/// The activation x / (1 + |x|).
///
/// Like PyTorch's `nn.Softsign`. The result has the shape of the input.
public final class Softsign: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input / (input.abs() + 1) }
}
