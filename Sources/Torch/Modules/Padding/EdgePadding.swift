internal import Support

/// Puts elements around the last dimensions: the base class of ``ZeroPad2d``, ``ConstantPad2d``,
/// ``ReflectionPad2d``, ``ReplicationPad2d``, ``CircularPad2d`` and the like over one and three
/// dimensions.
public class EdgePadding: Module {
  private let widths: [Int]
  private let mode: PaddingMode
  private let value: Double?

  /// Checks the arguments of a module.
  ///
  /// Negative widths remove elements, as in PyTorch.
  init(
    _ dimensions: Int, _ padding: any IntegerList, _ mode: PaddingMode, value: Double? = nil,
    file: StaticString, line: UInt
  ) {
    widths = spatial(padding, 2 * dimensions, "padding", atLeast: .min, file: file, line: line)
    self.mode = mode
    self.value = value
  }

  /// Pads the last dimensions; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor { input.pad(widths, mode: mode, value: value) }

  /// The widths, as PyTorch prints them.
  public var extraRepr: String { pythonText(widths) }
}
