internal import Support

/// Local response normalization: divides each element by a norm over neighboring channels.
///
/// y = x / (k + alpha Σx² / size)^beta, summed over `size` channels (Krizhevsky, Sutskever & Hinton
/// 2012). PyTorch: `nn.LocalResponseNorm`.
public final class LocalResponseNorm: Module {
  /// The number of channels of a window.
  public let size: Int
  /// The factor of the mean square.
  public var alpha: Double
  /// The exponent.
  public var beta: Double
  /// The constant that is added to the mean square.
  public var k: Double

  /// Creates a local response normalization.
  ///
  /// - Precondition: `size` is at least 1.
  public init(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(size >= 1, "size is \(size); use 1 or more channels", file: file, line: line)
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  /// Normalizes a tensor of shape `[batch, channels, …]`; the result has the same shape.
  ///
  /// The input has at least 3 dimensions.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.isDefined else { return input }
    let shape = input.shape
    guard shape.count >= 3 else {
      operatorFailed(
        "LocalResponseNorm", input.summary,
        "expected an input of 3 or more dimensions, got \(shape): add a dimension with unsqueeze")
      return Tensor(owning: nil)
    }
    guard input.count > 0 else { return input }
    return input / (meanSquare(input, shape) * alpha + k).pow(beta)
  }

  /// The mean of the squares over the window of each element; channels outside count as zeros.
  private func meanSquare(_ input: Tensor, _ shape: [Int]) -> Tensor {
    let squares = input * input
    if shape.count == 3 {
      return squares.unsqueeze(dim: 1).pad([0, 0, size / 2, (size - 1) / 2])
        .avgPool2d([size, 1], stride: 1).squeeze(dim: 1)
    }
    return squares.view([shape[0], 1, shape[1], shape[2], -1])
      .pad([0, 0, 0, 0, size / 2, (size - 1) / 2])
      .avgPool3d([size, 1, 1], stride: 1).squeeze(dim: 1).view(shape)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "\(size), alpha=\(alpha), beta=\(beta), k=\(k)" }
}
