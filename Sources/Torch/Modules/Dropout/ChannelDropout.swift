/// Zeroes whole channels at random in training mode: the base class of ``Dropout1d``,
/// ``Dropout2d`` and ``Dropout3d``.
///
/// Tompson et al. 2015, "Efficient Object Localization Using Convolutional Networks".
public class ChannelDropout: Module, ModeDependent {
  /// The probability of zeroing a channel, from 0 to 1.
  public let p: Double
  /// Whether channels are dropped.
  public var isTraining = true
  private let dimensions: Int

  init(_ dimensions: Int, _ p: Double, file: StaticString, line: UInt) {
    requireProbability(p, file: file, line: line)
    self.p = p
    self.dimensions = dimensions
  }

  /// Drops channels, dimension 1 of the input; the result has the shape of the input.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.isDefined, hasDimensions(input) else { return Tensor(owning: nil) }
    // As in PyTorch, a batch may be absent with one dimension only, or with three.
    let isBatch = input.ndim != dimensions + 1 || dimensions == 2
    let batch = isBatch ? input : input.unsqueeze(dim: 0)
    let result = batch.featureDropout(p: p, training: isTraining)
    return isBatch ? result : result.squeeze(dim: 0)
  }

  /// Reports an input of other dimensions as a failed operator.
  private func hasDimensions(_ input: Tensor) -> Bool {
    let allowed = [dimensions + 1, dimensions + 2]
    if allowed.contains(input.ndim) { return true }
    operatorFailed(
      "\(type(of: self))", input.summary,
      "the input has \(input.ndim) dimensions: pass one of \(allowed[0]) or \(allowed[1]), or use "
        + "Dropout, which drops single elements")
    return false
  }

  /// The probability, as PyTorch prints it.
  public var extraRepr: String { dropoutText(p) }
}
