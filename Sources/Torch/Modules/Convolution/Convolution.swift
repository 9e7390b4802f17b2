internal import Support

/// A convolution over one, two or three dimensions: the base class of ``Conv1d``, ``Conv2d`` and
/// ``Conv3d``.
public class Convolution: ConvolutionWeights, Module {
  /// The widths of the padding on both sides of each dimension, or the rule for them.
  public let padding: ConvolutionPaddingWidths
  /// What is put around the input.
  public let paddingMode: ConvolutionPaddingMode

  init(
    _ dimensions: Int, _ inChannels: Int, _ outChannels: Int, kernelSize: any IntegerList,
    stride: any IntegerList, padding: any ConvolutionPaddingOption, dilation: any IntegerList,
    groups: Int, bias: Bool, paddingMode: ConvolutionPaddingMode, file: StaticString, line: UInt
  ) {
    self.padding =
      switch padding.convolutionPadding {
      case .widths(let widths):
        .widths(spatial(widths, dimensions, "padding", atLeast: 0, file: file, line: line))
      case .rule(let rule): .rule(rule)
      }
    self.paddingMode = paddingMode
    super.init(
      dimensions, transposed: false, inChannels, outChannels, kernelSize: kernelSize,
      stride: stride, dilation: dilation, groups: groups, bias: bias, file: file, line: line)
    if case .rule(.same) = self.padding {
      require(
        self.stride.allSatisfy { $0 == 1 },
        "padding is .same, which needs a stride of 1, but the stride is \(self.stride): use widths",
        file: file, line: line)
    }
  }

  /// Maps `[batch, inChannels, …]` to `[batch, outChannels, …]`; the batch may be absent.
  ///
  /// A size L becomes (L + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1, rounded down.
  public func forward(_ input: Tensor) -> Tensor {
    Self.isLibraryInitialized
    guard let mode = PaddingMode(rawValue: paddingMode.rawValue) else {
      return convolve(input, padding)
    }
    let padded = input.pad(edges.reversed().flatMap { [$0.before, $0.after] }, mode: mode)
    return convolve(padded, .widths(kernelSize.map { _ in 0 }))
  }

  private func convolve(_ input: Tensor, _ padding: ConvolutionPaddingWidths) -> Tensor {
    let index = kernelSize.count - 1
    return switch padding {
    case .widths(let widths):
      operators[index].tensor(
        .tensor(input), .tensor(weight), .optionalTensor(bias), .ints(stride), .ints(widths),
        .ints(dilation), .int(groups))
    case .rule(let rule):
      ruleOperators[index].tensor(
        .tensor(input), .tensor(weight), .optionalTensor(bias), .ints(stride),
        .string(rule.rawValue), .ints(dilation), .int(groups))
    }
  }

  /// The widths of the padding before and after each dimension.
  private var edges: [(before: Int, after: Int)] {
    switch padding {
    case .widths(let widths): widths.map { ($0, $0) }
    case .rule(.valid): kernelSize.map { _ in (0, 0) }
    case .rule(.same):
      zip(kernelSize, dilation).map { size, dilation in
        let total = dilation * (size - 1)
        return (total / 2, total - total / 2)
      }
    }
  }

  /// The sizes and settings, as PyTorch prints them.
  public var extraRepr: String {
    let text: String? =
      switch padding {
      case .widths(let widths): widths.contains { $0 != 0 } ? pythonText(widths) : nil
      case .rule(let rule): rule.rawValue
      }
    return self.text(padding: text, mode: paddingMode.rawValue)
  }
}

private let operators = (1...3).map { Operator("aten::conv\($0)d") }
private let ruleOperators = (1...3).map { Operator("aten::conv\($0)d", "padding") }
