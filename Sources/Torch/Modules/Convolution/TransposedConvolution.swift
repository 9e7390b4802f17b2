/// A transposed convolution over one, two or three dimensions: the base class of
/// ``ConvTranspose1d``, ``ConvTranspose2d`` and ``ConvTranspose3d``.
///
/// It is the gradient of a convolution with respect to its input (Zeiler et al. 2010). It is not
/// the inverse of a convolution.
public class TransposedConvolution: ConvolutionWeights, Module {
  /// The width that is removed from both sides of each dimension of the output.
  public let padding: [Int]
  /// The width that is added to the end of each dimension of the output.
  public let outputPadding: [Int]

  init(
    _ dimensions: Int, _ inChannels: Int, _ outChannels: Int, kernelSize: any IntegerList,
    stride: any IntegerList, padding: any IntegerList, outputPadding: any IntegerList,
    groups: Int, bias: Bool, dilation: any IntegerList, file: StaticString, line: UInt
  ) {
    func integers(_ list: any IntegerList, _ name: String) -> [Int] {
      spatial(list, dimensions, name, atLeast: 0, file: file, line: line)
    }
    self.padding = integers(padding, "padding")
    self.outputPadding = integers(outputPadding, "outputPadding")
    super.init(
      dimensions, transposed: true, inChannels, outChannels, kernelSize: kernelSize,
      stride: stride, dilation: dilation, groups: groups, bias: bias, file: file, line: line)
  }

  /// Maps `[batch, inChannels, …]` to `[batch, outChannels, …]`; the batch may be absent.
  ///
  /// A size L becomes (L - 1) stride - 2 padding + dilation (kernelSize - 1) + outputPadding + 1.
  public func forward(_ input: Tensor) -> Tensor { convolve(input, outputPadding) }

  /// Computes an output of a given size, of which several are possible if the stride exceeds 1.
  ///
  /// Like PyTorch's argument `output_size`. A size that is not possible is a failed operator.
  ///
  /// - Parameters:
  ///   - input: Shape `[batch, inChannels, …]`; the batch may be absent.
  ///   - outputSize: The sizes of the output after the channels.
  /// - Returns: Shape `[batch, outChannels] + outputSize`.
  public func callAsFunction(_ input: Tensor, outputSize: [Int]) -> Tensor {
    tracked {
      guard let outputPadding = outputPadding(for: outputSize, of: input) else {
        return Tensor(owning: nil)
      }
      return convolve(input, outputPadding)
    }
  }

  private func convolve(_ input: Tensor, _ outputPadding: [Int]) -> Tensor {
    Self.isLibraryInitialized
    return operators[kernelSize.count - 1].tensor(
      .tensor(input), .tensor(weight), .optionalTensor(bias), .ints(stride), .ints(padding),
      .ints(outputPadding), .int(groups), .ints(dilation))
  }

  /// The padding that gives an output size; a size that is not possible is a failed operator.
  private func outputPadding(for size: [Int], of input: Tensor) -> [Int]? {
    guard input.isDefined else { return nil }
    let dimensions = kernelSize.count
    let shape = Array(input.shape.suffix(dimensions))
    let smallest = shape.indices.map { index in
      (shape[index] - 1) * stride[index] - 2 * padding[index]
        + dilation[index] * (kernelSize[index] - 1) + 1
    }
    let isPossible =
      size.count == dimensions && shape.count == dimensions
      && size.indices.allSatisfy {
        size[$0] >= smallest[$0] && size[$0] < smallest[$0] + stride[$0]
      }
    guard isPossible else {
      let largest = smallest.indices.map { smallest[$0] + stride[$0] - 1 }
      operatorFailed(
        "\(type(of: self))", input.summary,
        "outputSize is \(size), but an input of shape \(input.shape) gives sizes from \(smallest) "
          + "to \(largest): use one of these")
      return nil
    }
    return size.indices.map { size[$0] - smallest[$0] }
  }

  /// The sizes and settings, as PyTorch prints them.
  public var extraRepr: String {
    text(
      padding: padding.contains { $0 != 0 } ? pythonText(padding) : nil,
      outputPadding: outputPadding)
  }
}

private let operators = [
  Operator("aten::conv_transpose1d"), Operator("aten::conv_transpose2d", "input"),
  Operator("aten::conv_transpose3d", "input"),
]
