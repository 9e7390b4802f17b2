internal import Support

/// Group normalization: normalizes each group of channels of each sample (Wu & He 2018).
///
/// PyTorch: `nn.GroupNorm`.
public final class GroupNorm: Module {
  /// The number of groups.
  public let numGroups: Int
  /// The number of channels.
  public let numChannels: Int
  /// The value that is added to the variance.
  public var eps: Double
  /// Whether the module has a scale and a shift.
  public let affine: Bool
  /// The scale, shape `[numChannels]`, initially ones; `nil` unless `affine`.
  public let weight: Tensor?
  /// The shift, shape `[numChannels]`, initially zeros; `nil` unless `affine` and with a bias.
  public let bias: Tensor?

  /// Creates a group normalization.
  ///
  /// - Parameters:
  ///   - numGroups: The number of groups into which the channels are divided.
  ///   - numChannels: The number of channels, the size of dimension 1.
  ///   - eps: Added to the variance.
  ///   - affine: Whether to have a learned scale and shift per channel.
  ///   - bias: Whether to have a shift, if `affine`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `numGroups` divides `numChannels`.
  public init(
    _ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true,
    bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      numGroups >= 1 && numChannels % numGroups == 0,
      "\(numChannels) channels cannot be divided into \(numGroups) groups: use a divisor of "
        + "\(numChannels)", file: file, line: line)
    self.numGroups = numGroups
    self.numChannels = numChannels
    self.eps = eps
    self.affine = affine
    weight = affine ? .parameter(Tensor.ones([numChannels])) : nil
    self.bias = affine && bias ? .parameter(Tensor.zeros([numChannels])) : nil
  }

  /// Normalizes a tensor of shape `[batch, numChannels, …]`; the result has the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    input.groupNorm(numGroups, weight: weight, bias: bias, eps: eps)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "\(numGroups), \(numChannels), eps=\(eps), affine=\(pythonText(affine)), "
      + "bias=\(pythonText(bias != nil))"
  }
}
