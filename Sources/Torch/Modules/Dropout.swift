internal import Support

/// Zeroes elements at random in training mode and scales up the others to preserve the expectation.
///
/// Srivastava et al. 2014, "Dropout".
public final class Dropout: Module, ModeDependent {
  /// The probability of zeroing an element, from 0 to 1.
  public let probability: Double
  /// Whether elements are dropped.
  public var isTraining = true

  /// Creates a dropout module.
  ///
  /// - Precondition: The probability is in [0, 1].
  public init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    require(
      (0...1).contains(probability), "the dropout probability is \(probability); use 0 to 1",
      file: file, line: line)
    self.probability = probability
  }

  /// The probability in the current mode: 0 in evaluation mode.
  public var effectiveProbability: Double { isTraining ? probability : 0 }

  /// Drops elements; the result has the shape of the input.
  public func forward(_ input: Tensor) -> Tensor {
    guard effectiveProbability > 0 else { return input }
    return dropoutOp.tensor(.tensor(input), .double(probability), .bool(true))
  }

  /// The probability, as PyTorch prints it.
  public var extraRepr: String { "p=\(probability), inplace=False" }
}

private let dropoutOp = Operator("aten::dropout")
