internal import Support

/// The elements limited to [minVal, maxVal].
///
/// Like PyTorch's `nn.Hardtanh`. The result has the shape of the input.
public final class Hardtanh: Module {
  /// The lower limit.
  public let minVal: Double
  /// The upper limit.
  public let maxVal: Double

  /// Creates the activation.
  ///
  /// - Precondition: `minVal` is less than `maxVal`.
  public init(
    minVal: Double = -1, maxVal: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      minVal < maxVal, "the limits are \(minVal) to \(maxVal); use minVal below maxVal",
      file: file, line: line)
    self.minVal = minVal
    self.maxVal = maxVal
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.hardtanh(minVal: minVal, maxVal: maxVal) }

  /// The limits, as PyTorch prints them.
  public var extraRepr: String { "min_val=\(pythonText(minVal)), max_val=\(pythonText(maxVal))" }
}
