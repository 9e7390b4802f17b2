internal import Support

/// The mean of each window over one, two or three dimensions: the base class of ``AvgPool1d``,
/// ``AvgPool2d`` and ``AvgPool3d``.
public class AvgPooling: Module {
  private let windows: PoolingWindows
  private let ceilMode: Bool
  private let countIncludePad: Bool
  private let divisorOverride: Int?

  init(
    _ dimensions: Int, _ kernelSize: any IntegerList, stride: (any IntegerList)?,
    padding: any IntegerList, ceilMode: Bool, countIncludePad: Bool, divisorOverride: Int? = nil,
    file: StaticString, line: UInt
  ) {
    windows = PoolingWindows(
      dimensions, kernelSize, stride: stride, padding: padding, file: file, line: line)
    require(
      divisorOverride != 0, "divisorOverride is 0; use another number, or nil", file: file,
      line: line)
    self.ceilMode = ceilMode
    self.countIncludePad = countIncludePad
    self.divisorOverride = divisorOverride
  }

  /// Maps `[batch, channels, …]` to the means, `[batch, channels, …]`; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor {
    switch windows.dimensions {
    case 1:
      input.avgPool1d(
        windows.kernelSize, stride: windows.stride, padding: windows.padding, ceilMode: ceilMode,
        countIncludePad: countIncludePad)
    case 2:
      input.avgPool2d(
        windows.kernelSize, stride: windows.stride, padding: windows.padding, ceilMode: ceilMode,
        countIncludePad: countIncludePad, divisorOverride: divisorOverride)
    default:
      input.avgPool3d(
        windows.kernelSize, stride: windows.stride, padding: windows.padding, ceilMode: ceilMode,
        countIncludePad: countIncludePad, divisorOverride: divisorOverride)
    }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    // PyTorch stores tuples for one dimension only.
    let lists = [windows.kernelSize, windows.stride, windows.padding]
      .map { windows.dimensions == 1 ? pythonText(windows.integers($0)) : pythonText($0) }
    return "kernel_size=\(lists[0]), stride=\(lists[1]), padding=\(lists[2])"
  }
}
