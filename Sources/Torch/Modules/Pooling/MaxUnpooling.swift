/// Puts maxima back to their places and zeros elsewhere: the base class of ``MaxUnpool1d``,
/// ``MaxUnpool2d`` and ``MaxUnpool3d``.
public class MaxUnpooling: Module {
  private let windows: PoolingWindows

  init(
    _ dimensions: Int, _ kernelSize: any IntegerList, stride: (any IntegerList)?,
    padding: any IntegerList, file: StaticString, line: UInt
  ) {
    windows = PoolingWindows(
      dimensions, kernelSize, stride: stride, padding: padding, file: file, line: line)
  }

  /// Maps the maxima and their indices, both `[batch, channels, …]`, to the size of the input.
  ///
  /// The batch may be absent. A size L becomes (L - 1) stride - 2 padding + kernelSize.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    unpool(input.0, input.1, usualSize(for: input.0))
  }

  /// Computes an output of a given size.
  ///
  /// Several sizes of an input give the same size of the maxima; PyTorch's argument `output_size`
  /// chooses among them. A size that is not possible is a failed operator.
  ///
  /// - Parameters:
  ///   - input: The maxima, `[batch, channels, …]`; the batch may be absent.
  ///   - indices: Their indices, of the same shape.
  ///   - outputSize: The sizes of the output after the channels.
  /// - Returns: Shape `[batch, channels] + outputSize`.
  public func callAsFunction(_ input: Tensor, _ indices: Tensor, outputSize: [Int]) -> Tensor {
    tracked {
      guard input.isDefined else { return Tensor(owning: nil) }
      let usual = usualSize(for: input)
      let stride = windows.integers(windows.stride)
      let isPossible =
        outputSize.count == usual.count
        && usual.indices.allSatisfy { abs(outputSize[$0] - usual[$0]) < stride[$0] }
      guard isPossible else {
        operatorFailed(
          "\(type(of: self))", input.summary,
          "outputSize is \(outputSize), but an input of shape \(input.shape) gives sizes that "
            + "differ from \(usual) by less than the stride \(stride): use one of these")
        return Tensor(owning: nil)
      }
      return unpool(input, indices, outputSize)
    }
  }

  private func usualSize(for input: Tensor) -> [Int] {
    guard input.isDefined else { return [] }
    let shape = input.shape.suffix(windows.dimensions)
    let strides = windows.integers(windows.stride)
    let paddings = windows.integers(windows.padding)
    let kernel = windows.integers(windows.kernelSize)
    return zip(shape, kernel.indices).map { size, index in
      (size - 1) * strides[index] + kernel[index] - 2 * paddings[index]
    }
  }

  private func unpool(_ input: Tensor, _ indices: Tensor, _ size: [Int]) -> Tensor {
    switch windows.dimensions {
    case 1:
      input.unsqueeze(dim: -1).maxUnpool2d(indices.unsqueeze(dim: -1), size + [1]).squeeze(dim: -1)
    case 2: input.maxUnpool2d(indices, size)
    default:
      input.maxUnpool3d(
        indices, outputSize: size, stride: windows.integers(windows.stride),
        padding: windows.integers(windows.padding))
    }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "kernel_size=\(pythonText(windows.integers(windows.kernelSize))), "
      + "stride=\(pythonText(windows.integers(windows.stride))), "
      + "padding=\(pythonText(windows.integers(windows.padding)))"
  }
}
