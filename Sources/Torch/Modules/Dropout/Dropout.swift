/// Zeroes elements at random in training mode and scales up the others to preserve the expectation.
///
/// Like PyTorch's `nn.Dropout` (Srivastava et al. 2014).
public final class Dropout: Module, ModeDependent {
  /// The probability of zeroing an element, from 0 to 1.
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

  /// The probability in the current mode: 0 in evaluation mode.
  public var effectiveProbability: Double { isTraining ? p : 0 }

  /// Drops elements; the result has the shape of the input.
  public func forward(_ input: Tensor) -> Tensor {
    effectiveProbability > 0 ? input.dropout(p: p, training: true) : input
  }

  /// The probability, as PyTorch prints it.
  public var extraRepr: String { dropoutText(p) }
}
