/// Sets elements to zero at random in training and scales the others up to keep the expectation.
///
/// Srivastava et al. 2014, "Dropout".
public final class Dropout: Module, ModeDependent {
  /// The probability with which an element is dropped, from 0 to 1.
  public let probability: Double
  /// Whether elements are dropped at all.
  public var isTraining = true

  /// Creates a dropout.
  public init(_ probability: Double) { self.probability = probability }

  /// The probability in the present mode: 0 in evaluation.
  public var effectiveProbability: Double { isTraining ? probability : 0 }

  /// Keeps the shape.
  public func forward(_ input: Tensor) -> Tensor {
    guard effectiveProbability > 0 else { return input }
    return dropout.tensor(.tensor(input), .double(probability), .bool(true))
  }
}

private let dropout = Operator("aten::dropout")
