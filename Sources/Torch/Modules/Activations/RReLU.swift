internal import Support

/// The leaky rectified linear unit with a random slope for each negative element in training mode.
///
/// Like PyTorch's `nn.RReLU` (Xu et al. 2015). In evaluation mode the slope is the mean of the
/// bounds. The result has the shape of the input.
public final class RReLU: Module, ModeDependent {
  /// The smallest slope.
  public let lower: Double
  /// The largest slope.
  public let upper: Double
  /// Whether slopes are random.
  public var isTraining = true

  /// Creates the activation.
  ///
  /// - Precondition: `lower` is not greater than `upper`.
  public init(
    lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      lower <= upper, "the slopes are \(lower) to \(upper); use lower up to upper", file: file,
      line: line)
    self.lower = lower
    self.upper = upper
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor {
    input.rrelu(lower: lower, upper: upper, training: isTraining)
  }

  /// The slopes, as PyTorch prints them.
  public var extraRepr: String { "lower=\(pythonText(lower)), upper=\(pythonText(upper))" }
}
