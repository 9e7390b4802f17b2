internal import Support

/// Max pooling over windows at random places (Graham 2014): the base class of
/// ``FractionalMaxPool2d`` and ``FractionalMaxPool3d``.
public class FractionalMaxPooling: Module {
  private let kernelSize: [Int]
  private let outputSize: [Int]?
  private let outputRatio: [Double]?
  /// The draws that were given in place of random ones.
  @Named private var randomSamples: Buffer<Tensor>?

  init(
    _ dimensions: Int, _ kernelSize: any IntegerList, outputSize: (any IntegerList)?,
    outputRatio: (any NumberList)?, randomSamples: Tensor?, file: StaticString, line: UInt
  ) {
    self.kernelSize = spatial(
      kernelSize, dimensions, "kernelSize", atLeast: 1, file: file, line: line)
    require(
      (outputSize == nil) != (outputRatio == nil),
      "pass either outputSize or outputRatio: the output has one size", file: file, line: line)
    self.outputSize = outputSize.map {
      spatial($0, dimensions, "outputSize", atLeast: 1, file: file, line: line)
    }
    self.outputRatio = outputRatio.map { ratio in
      let ratios = ratio.numbers
      require(
        ratios.count == 1 || ratios.count == dimensions,
        "outputRatio has \(ratios.count) numbers; use 1 or \(dimensions)", file: file, line: line)
      require(
        ratios.allSatisfy { $0 > 0 && $0 < 1 },
        "outputRatio is \(ratios); use numbers between 0 and 1", file: file, line: line)
      return ratios.count == dimensions
        ? ratios : Array(repeating: ratios[0], count: dimensions)
    }
    _randomSamples = Named(
      randomSamples.map { Buffer(wrappedValue: $0) }, as: "_random_samples")
  }

  /// Maps `[batch, channels, …]` to the maxima, `[batch, channels, …]`; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor { maxima(of: input).output }

  /// Returns the maxima and their int64 indices in the flattened input of each channel.
  ///
  /// Like PyTorch's argument `return_indices`.
  public func withIndices(_ input: Tensor) -> (output: Tensor, indices: Tensor) {
    tracked { maxima(of: input) }
  }

  private func maxima(of input: Tensor) -> (output: Tensor, indices: Tensor) {
    guard input.isDefined, hasDimensions(input) else {
      return (Tensor(owning: nil), Tensor(owning: nil))
    }
    let dimensions = kernelSize.count
    let shape = input.shape
    let size =
      outputSize
      ?? zip(shape.suffix(dimensions), outputRatio ?? []).map { Int(Double($0) * $1) }
    let samples =
      randomSamples?.wrappedValue
      ?? Tensor.rand(
        [
          shape.count == dimensions + 1 ? 1 : shape[0], shape[shape.count - dimensions - 1],
          dimensions,
        ], dtype: input.dtype, device: input.device)
    return dimensions == 2
      ? input.fractionalMaxPool2d(kernelSize, outputSize: size, randomSamples: samples)
      : input.fractionalMaxPool3d(kernelSize, outputSize: size, randomSamples: samples)
  }

  /// Reports an input without channels as a failed operator.
  private func hasDimensions(_ input: Tensor) -> Bool {
    let dimensions = kernelSize.count
    if input.ndim > dimensions { return true }
    operatorFailed(
      "\(type(of: self))", input.summary,
      "the input has \(input.ndim) dimensions: pass one of shape [batch, channels, …], with "
        + "\(dimensions) dimensions after the channels")
    return false
  }

  /// Nothing, as in PyTorch.
  public var extraRepr: String { "" }
}
