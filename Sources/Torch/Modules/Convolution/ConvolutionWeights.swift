internal import Support

/// The parameters and settings that all convolutions have.
///
/// It is the base class of ``Convolution`` and ``TransposedConvolution``.
public class ConvolutionWeights {
  /// The kernels.
  ///
  /// The shape is `[outChannels, inChannels / groups, …]`, followed by the kernel size. That of a
  /// transposed convolution is `[inChannels, outChannels / groups, …]`.
  public let weight: Tensor
  /// Shape `[outChannels]`; `nil` without a bias.
  public let bias: Tensor?
  /// The number of channels of the input.
  public let inChannels: Int
  /// The number of channels of the output.
  public let outChannels: Int
  /// The size of the kernel along each dimension.
  public let kernelSize: [Int]
  /// The distance between kernel positions along each dimension.
  public let stride: [Int]
  /// The distance between elements of the kernel along each dimension.
  public let dilation: [Int]
  /// The number of groups of channels that are convolved separately.
  public let groups: Int

  init(
    _ dimensions: Int, transposed: Bool, _ inChannels: Int, _ outChannels: Int,
    kernelSize: any IntegerList, stride: any IntegerList, dilation: any IntegerList, groups: Int,
    bias: Bool, file: StaticString, line: UInt
  ) {
    func integers(_ list: any IntegerList, _ name: String) -> [Int] {
      spatial(list, dimensions, name, atLeast: 1, file: file, line: line)
    }
    self.kernelSize = integers(kernelSize, "kernelSize")
    self.stride = integers(stride, "stride")
    self.dilation = integers(dilation, "dilation")
    require(groups >= 1, "groups is \(groups); use 1 or more", file: file, line: line)
    for (name, channels) in [("inChannels", inChannels), ("outChannels", outChannels)] {
      require(channels >= 0, "\(name) is \(channels); use 0 or more", file: file, line: line)
      require(
        channels % groups == 0, "\(name) is \(channels), which \(groups) groups do not divide",
        file: file, line: line)
    }
    self.groups = groups
    self.inChannels = inChannels
    self.outChannels = outChannels
    weight = .parameter(
      (transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups])
        + self.kernelSize)
    self.bias = bias ? .parameter([outChannels]) : nil
    Init.affine(weight, self.bias)
  }

  /// The sizes and settings, as PyTorch prints them.
  func text(padding: String?, outputPadding: [Int] = [], mode: String = "zeros") -> String {
    var text =
      "\(inChannels), \(outChannels), kernel_size=\(pythonText(kernelSize)), "
      + "stride=\(pythonText(stride))"
    if let padding { text += ", padding=\(padding)" }
    if dilation.contains(where: { $0 != 1 }) { text += ", dilation=\(pythonText(dilation))" }
    if outputPadding.contains(where: { $0 != 0 }) {
      text += ", output_padding=\(pythonText(outputPadding))"
    }
    if groups != 1 { text += ", groups=\(groups)" }
    if bias == nil { text += ", bias=False" }
    if mode != "zeros" { text += ", padding_mode=\(mode)" }
    return text
  }

  /// Runs a convolution and its backward once per process, while other threads wait.
  ///
  /// oneDNN's first convolution is not thread-safe (libtorch 2.13: a bad pointer in
  /// `get_reorder_implementation_list`).
  static let isLibraryInitialized: Void = enableGrad {
    let weight = Tensor.zeros([4, 2, 3, 3])
    weight.requiresGrad = true
    let input = Tensor.zeros([2, 2, 5, 5])
    input.requiresGrad = true
    try? input.conv2d(weight, bias: Tensor.zeros([4])).sum().backward()
  }
}
