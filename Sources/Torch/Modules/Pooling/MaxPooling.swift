internal import Support

/// The maximum of each window over one, two or three dimensions: the base class of ``MaxPool1d``,
/// ``MaxPool2d`` and ``MaxPool3d``.
public class MaxPooling: Module {
  private let windows: PoolingWindows
  private let dilation: any IntegerList
  private let ceilMode: Bool

  init(
    _ dimensions: Int, _ kernelSize: any IntegerList, stride: (any IntegerList)?,
    padding: any IntegerList, dilation: any IntegerList, ceilMode: Bool, file: StaticString,
    line: UInt
  ) {
    windows = PoolingWindows(
      dimensions, kernelSize, stride: stride, padding: padding, file: file, line: line)
    _ = spatial(dilation, dimensions, "dilation", atLeast: 1, file: file, line: line)
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// Maps `[batch, channels, …]` to the maxima, `[batch, channels, …]`; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor {
    operators[windows.dimensions - 1].tensor(
      .tensor(input), windows.kernelArgument, windows.strideArgument, windows.paddingArgument,
      .list(dilation, windows.dimensions), .bool(ceilMode))
  }

  /// Returns the maxima and their int64 indices in the flattened input of each channel.
  ///
  /// Like PyTorch's argument `return_indices`. ``MaxUnpool2d`` and its like take the indices.
  public func withIndices(_ input: Tensor) -> (output: Tensor, indices: Tensor) {
    tracked {
      let results = operatorsWithIndices[windows.dimensions - 1].tensors(
        count: 2, .tensor(input), windows.kernelArgument, windows.strideArgument,
        windows.paddingArgument, .list(dilation, windows.dimensions), .bool(ceilMode))
      return (results[0], results[1])
    }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "kernel_size=\(pythonText(windows.kernelSize)), stride=\(pythonText(windows.stride)), "
      + "padding=\(pythonText(windows.padding)), dilation=\(pythonText(dilation)), "
      + "ceil_mode=\(pythonText(ceilMode))"
  }
}

private let operators = (1...3).map { Operator("aten::max_pool\($0)d") }
private let operatorsWithIndices = (1...3).map { Operator("aten::max_pool\($0)d_with_indices") }
