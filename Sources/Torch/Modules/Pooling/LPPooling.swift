/// The p-norm of each window over one, two or three dimensions: the base class of ``LPPool1d``,
/// ``LPPool2d`` and ``LPPool3d``.
public class LPPooling: Module {
  private let normType: Double
  private let windows: PoolingWindows
  private let hasStride: Bool
  private let ceilMode: Bool

  init(
    _ dimensions: Int, _ normType: Double, _ kernelSize: any IntegerList,
    stride: (any IntegerList)?, ceilMode: Bool, file: StaticString, line: UInt
  ) {
    windows = PoolingWindows(dimensions, kernelSize, stride: stride, file: file, line: line)
    self.normType = normType
    hasStride = stride != nil
    self.ceilMode = ceilMode
  }

  /// Maps `[batch, channels, …]` to the norms, `[batch, channels, …]`; the batch may be absent.
  ///
  /// As in PyTorch, a negative sum of powers counts as its absolute value.
  public func forward(_ input: Tensor) -> Tensor {
    if normType == .infinity { return maxima(of: input.abs()) }
    if normType == -.infinity { return -maxima(of: -input.abs()) }
    let means = means(of: input.pow(normType))
    let count = windows.integers(windows.kernelSize).reduce(1, *)
    return (means.sign() * means.abs().relu()).mul(count).pow(1 / normType)
  }

  private func means(of input: Tensor) -> Tensor {
    switch windows.dimensions {
    case 1: input.avgPool1d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    case 2: input.avgPool2d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    default: input.avgPool3d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    }
  }

  private func maxima(of input: Tensor) -> Tensor {
    switch windows.dimensions {
    case 1: input.maxPool1d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    case 2: input.maxPool2d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    default: input.maxPool3d(windows.kernelSize, stride: windows.stride, ceilMode: ceilMode)
    }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "norm_type=\(pythonText(normType)), kernel_size=\(pythonText(windows.kernelSize)), "
      + "stride=\(hasStride ? pythonText(windows.stride) : "None"), "
      + "ceil_mode=\(pythonText(ceilMode))"
  }
}
