/// The softmax along a dimension: positive elements whose sum is 1.
///
/// Like PyTorch's `nn.Softmax`. The result has the shape of the input.
public final class Softmax: Module {
  /// The dimension.
  public let dim: Int

  /// Creates the activation.
  public init(dim: Int) { self.dim = dim }

  /// Computes the activation.
  public func forward(_ input: Tensor) -> Tensor { input.softmax(dim: dim) }

  /// The dimension, as PyTorch prints it.
  public var extraRepr: String { "dim=\(dim)" }
}

/// The softmax of the negated elements along a dimension.
///
/// Like PyTorch's `nn.Softmin`. The result has the shape of the input.
public final class Softmin: Module {
  /// The dimension.
  public let dim: Int

  /// Creates the activation.
  public init(dim: Int) { self.dim = dim }

  /// Computes the activation.
  public func forward(_ input: Tensor) -> Tensor { (-input).softmax(dim: dim) }

  /// The dimension, as PyTorch prints it.
  public var extraRepr: String { "dim=\(dim)" }
}

/// The logarithm of the softmax along a dimension.
///
/// Like PyTorch's `nn.LogSoftmax`. The result has the shape of the input.
public final class LogSoftmax: Module {
  /// The dimension.
  public let dim: Int

  /// Creates the activation.
  public init(dim: Int) { self.dim = dim }

  /// Computes the activation.
  public func forward(_ input: Tensor) -> Tensor { input.logSoftmax(dim: dim) }

  /// The dimension, as PyTorch prints it.
  public var extraRepr: String { "dim=\(dim)" }
}

/// The softmax over the channels of each position of pictures.
///
/// Like PyTorch's `nn.Softmax2d`. The result has the shape of the input.
public final class Softmax2d: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of `[batch, channels, height, width]`; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.isDefined, hasChannels(input) else { return Tensor(owning: nil) }
    return input.softmax(dim: -3)
  }

  /// Reports an input of other dimensions as a failed operator.
  private func hasChannels(_ input: Tensor) -> Bool {
    if (3...4).contains(input.ndim) { return true }
    operatorFailed(
      "Softmax2d", input.summary,
      "the input has \(input.ndim) dimensions: pass pictures, 3 or 4 dimensions, or use Softmax")
    return false
  }
}
