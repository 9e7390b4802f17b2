import Torch

nonisolated(unsafe) let convolutionCalls: [String: ModuleFactory] = [
  "Conv1d": { ModuleCall(convolution(Conv1d.init, try ConvolutionArguments($0))) },
  "Conv2d": { ModuleCall(convolution(Conv2d.init, try ConvolutionArguments($0))) },
  "Conv3d": { ModuleCall(convolution(Conv3d.init, try ConvolutionArguments($0))) },
  "ConvTranspose1d": { transposed(convolution(ConvTranspose1d.init, try Transposed($0))) },
  "ConvTranspose2d": { transposed(convolution(ConvTranspose2d.init, try Transposed($0))) },
  "ConvTranspose3d": { transposed(convolution(ConvTranspose3d.init, try Transposed($0))) },
]

private struct ConvolutionArguments {
  let inChannels: Int
  let outChannels: Int
  let kernelSize: any IntegerList
  let stride: any IntegerList
  let padding: any ConvolutionPaddingOption
  let dilation: any IntegerList
  let groups: Int
  let bias: Bool
  let mode: ConvolutionPaddingMode

  init(_ arguments: Arguments) throws {
    inChannels = try arguments.int(0, "in_channels")
    outChannels = try arguments.int(1, "out_channels")
    kernelSize = try arguments.integers(2, "kernel_size")
    stride = try arguments.integers(3, "stride", default: 1)
    if let rule = arguments.value(4, "padding")?.stringValue {
      padding = rule == "same" ? ConvolutionPaddingWidths.rule(.same) : .rule(.valid)
    } else {
      padding = try arguments.integers(4, "padding", default: 0).integers
    }
    dilation = try arguments.integers(5, "dilation", default: 1)
    groups = try arguments.int(6, "groups", default: 1)
    bias = try arguments.bool(7, "bias", default: true)
    mode = try arguments.choice(8, "padding_mode", default: .zeros)
  }
}

private struct Transposed {
  let inChannels: Int
  let outChannels: Int
  let kernelSize: any IntegerList
  let stride: any IntegerList
  let padding: any IntegerList
  let outputPadding: any IntegerList
  let groups: Int
  let bias: Bool
  let dilation: any IntegerList

  init(_ arguments: Arguments) throws {
    inChannels = try arguments.int(0, "in_channels")
    outChannels = try arguments.int(1, "out_channels")
    kernelSize = try arguments.integers(2, "kernel_size")
    stride = try arguments.integers(3, "stride", default: 1)
    padding = try arguments.integers(4, "padding", default: 0)
    outputPadding = try arguments.integers(5, "output_padding", default: 0)
    groups = try arguments.int(6, "groups", default: 1)
    bias = try arguments.bool(7, "bias", default: true)
    dilation = try arguments.integers(8, "dilation", default: 1)
  }
}

private func convolution<Called>(
  _ create: (
    Int, Int, any IntegerList, any IntegerList, any ConvolutionPaddingOption, any IntegerList, Int,
    Bool, ConvolutionPaddingMode, StaticString, UInt
  ) -> Called, _ arguments: ConvolutionArguments
) -> Called {
  create(
    arguments.inChannels, arguments.outChannels, arguments.kernelSize, arguments.stride,
    arguments.padding, arguments.dilation, arguments.groups, arguments.bias, arguments.mode,
    #fileID,
    #line)
}

private func convolution<Called>(
  _ create: (
    Int, Int, any IntegerList, any IntegerList, any IntegerList, any IntegerList, Int, Bool,
    any IntegerList, StaticString, UInt
  ) -> Called, _ arguments: Transposed
) -> Called {
  create(
    arguments.inChannels, arguments.outChannels, arguments.kernelSize, arguments.stride,
    arguments.padding, arguments.outputPadding, arguments.groups, arguments.bias,
    arguments.dilation, #fileID, #line)
}

private func transposed(_ module: TransposedConvolution) -> ModuleCall {
  ModuleCall(module) { module, inputs in
    let input = try inputs.tensor(0, "input")
    guard let size = try inputs.optionalIntegers(1, "output_size") else {
      return [try module(input)]
    }
    return [module(input, outputSize: size.integers)]
  }
}
