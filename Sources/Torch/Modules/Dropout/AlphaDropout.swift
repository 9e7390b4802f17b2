/// Sets elements at random to the negative saturation value of ``SELU`` in training mode.
///
/// Like PyTorch's `nn.AlphaDropout`: mean and variance of standard normal inputs are preserved
/// (Klambauer et al. 2017).
public final class AlphaDropout: Module, ModeDependent {
  /// The probability of setting an element, from 0 to 1.
  public let p: Double
  /// Whether elements are dropped.
  public var isTraining = true

  /// Creates a dropout module.
  ///
  /// - Precondition: The probability is in [0, 1].
  public init(_ p: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    requireProbability(p, file: file, line: line)
    self.p = p
  }

  /// Drops elements; the result has the shape of the input.
  public func forward(_ input: Tensor) -> Tensor { input.alphaDropout(p: p, training: isTraining) }

  /// The probability, as PyTorch prints it.
  public var extraRepr: String { dropoutText(p) }
}
