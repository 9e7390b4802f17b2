internal import Support

/// The leaky rectified linear unit with a learned slope.
///
/// Like PyTorch's `nn.PReLU` (He et al. 2015). The result has the shape of the input.
public final class PReLU: Module {
  /// The slopes for negative elements, shape `[numParameters]`.
  public let weight: Tensor

  /// Creates the activation.
  ///
  /// - Parameters:
  ///   - numParameters: 1, or the number of channels, dimension 1 of the input.
  ///   - initial: The initial slope; PyTorch's argument `init`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `numParameters` is at least 1.
  public init(
    _ numParameters: Int = 1, initial: Double = 0.25, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      numParameters >= 1, "numParameters is \(numParameters); use 1 or more", file: file,
      line: line)
    weight = .parameter([numParameters])
    Init.constant(weight, initial)
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.prelu(weight) }

  /// The number of slopes, as PyTorch prints it.
  public var extraRepr: String { "num_parameters=\(weight.count)" }
}
