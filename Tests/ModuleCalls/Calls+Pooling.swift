import Torch

nonisolated(unsafe) let poolingCalls: [String: ModuleFactory] = [
  "MaxPool1d": { try maxPool(MaxPool1d.init, $0) },
  "MaxPool2d": { try maxPool(MaxPool2d.init, $0) },
  "MaxPool3d": { try maxPool(MaxPool3d.init, $0) },
  "MaxUnpool1d": { try maxUnpool(MaxUnpool1d.init, $0) },
  "MaxUnpool2d": { try maxUnpool(MaxUnpool2d.init, $0) },
  "MaxUnpool3d": { try maxUnpool(MaxUnpool3d.init, $0) },
  "AvgPool1d": {
    ModuleCall(
      AvgPool1d(
        try $0.integers(0, "kernel_size"), stride: try $0.optionalIntegers(1, "stride"),
        padding: try $0.integers(2, "padding", default: 0),
        ceilMode: try $0.bool(3, "ceil_mode", default: false),
        countIncludePad: try $0.bool(4, "count_include_pad", default: true)))
  },
  "AvgPool2d": { try avgPool(AvgPool2d.init, $0) },
  "AvgPool3d": { try avgPool(AvgPool3d.init, $0) },
  "LPPool1d": { try lpPool(LPPool1d.init, $0) },
  "LPPool2d": { try lpPool(LPPool2d.init, $0) },
  "LPPool3d": { try lpPool(LPPool3d.init, $0) },
  "AdaptiveAvgPool1d": { try adaptive(AdaptiveAvgPool1d.init, $0) },
  "AdaptiveAvgPool2d": { try adaptive(AdaptiveAvgPool2d.init, $0) },
  "AdaptiveAvgPool3d": { try adaptive(AdaptiveAvgPool3d.init, $0) },
  "AdaptiveMaxPool1d": { try adaptiveMax(AdaptiveMaxPool1d.init, $0) },
  "AdaptiveMaxPool2d": { try adaptiveMax(AdaptiveMaxPool2d.init, $0) },
  "AdaptiveMaxPool3d": { try adaptiveMax(AdaptiveMaxPool3d.init, $0) },
  "FractionalMaxPool2d": { try fractional(FractionalMaxPool2d.init, $0) },
  "FractionalMaxPool3d": { try fractional(FractionalMaxPool3d.init, $0) },
]

private typealias Integers = any IntegerList

private func maxPool<Called: MaxPooling>(
  _ create: (Integers, Integers?, Integers, Integers, Bool, StaticString, UInt) -> Called,
  _ arguments: Arguments
) throws -> ModuleCall {
  let hasIndices = try arguments.bool(4, "return_indices", default: false)
  let module = create(
    try arguments.integers(0, "kernel_size"), try arguments.optionalIntegers(1, "stride"),
    try arguments.integers(2, "padding", default: 0),
    try arguments.integers(3, "dilation", default: 1),
    try arguments.bool(5, "ceil_mode", default: false), #fileID, #line)
  return ModuleCall(module) { module, inputs in
    let input = try inputs.tensor(0, "input")
    guard hasIndices else { return [try module(input)] }
    let result = module.withIndices(input)
    return [result.output, result.indices]
  }
}

private func maxUnpool<Called: MaxUnpooling>(
  _ create: (Integers, Integers?, Integers, StaticString, UInt) -> Called, _ arguments: Arguments
) throws -> ModuleCall {
  let module = create(
    try arguments.integers(0, "kernel_size"), try arguments.optionalIntegers(1, "stride"),
    try arguments.integers(2, "padding", default: 0), #fileID, #line)
  return ModuleCall(module) { module, inputs in
    let input = try inputs.tensor(0, "input")
    let indices = try inputs.tensor(1, "indices")
    guard let size = try inputs.optionalIntegers(2, "output_size") else {
      return [try module(input, indices)]
    }
    return [module(input, indices, outputSize: size.integers)]
  }
}

private func avgPool<Called: AvgPooling>(
  _ create: (Integers, Integers?, Integers, Bool, Bool, Int?, StaticString, UInt) -> Called,
  _ arguments: Arguments
) throws -> ModuleCall {
  ModuleCall(
    create(
      try arguments.integers(0, "kernel_size"), try arguments.optionalIntegers(1, "stride"),
      try arguments.integers(2, "padding", default: 0),
      try arguments.bool(3, "ceil_mode", default: false),
      try arguments.bool(4, "count_include_pad", default: true),
      try arguments.optionalInt(5, "divisor_override"), #fileID, #line))
}

private func lpPool<Called: LPPooling>(
  _ create: (Double, Integers, Integers?, Bool, StaticString, UInt) -> Called,
  _ arguments: Arguments
) throws -> ModuleCall {
  ModuleCall(
    create(
      try arguments.double(0, "norm_type"), try arguments.integers(1, "kernel_size"),
      try arguments.optionalIntegers(2, "stride"),
      try arguments.bool(3, "ceil_mode", default: false), #fileID, #line))
}

private func outputSize(_ arguments: Arguments) throws -> any OptionalIntegerList {
  guard let elements = arguments.value(0, "output_size")?.elements else {
    return try arguments.int(0, "output_size")
  }
  return elements.map(\.intValue)
}

private func adaptive<Called: AdaptivePooling>(
  _ create: (any OptionalIntegerList, StaticString, UInt) -> Called, _ arguments: Arguments
) throws -> ModuleCall {
  ModuleCall(create(try outputSize(arguments), #fileID, #line))
}

private func adaptiveMax<Called: AdaptiveMaxPooling>(
  _ create: (any OptionalIntegerList, StaticString, UInt) -> Called, _ arguments: Arguments
) throws -> ModuleCall {
  let hasIndices = try arguments.bool(1, "return_indices", default: false)
  return ModuleCall(create(try outputSize(arguments), #fileID, #line)) { module, inputs in
    let input = try inputs.tensor(0, "input")
    guard hasIndices else { return [try module(input)] }
    let result = module.withIndices(input)
    return [result.output, result.indices]
  }
}

private func fractional<Called: FractionalMaxPooling>(
  _ create: (Integers, Integers?, (any NumberList)?, Tensor?, StaticString, UInt) -> Called,
  _ arguments: Arguments
) throws -> ModuleCall {
  let hasIndices = try arguments.bool(3, "return_indices", default: false)
  let module = create(
    try arguments.integers(0, "kernel_size"), try arguments.optionalIntegers(1, "output_size"),
    try arguments.optionalNumbers(2, "output_ratio"),
    try arguments.optionalTensor(4, "_random_samples"), #fileID, #line)
  return ModuleCall(module) { module, inputs in
    let input = try inputs.tensor(0, "input")
    guard hasIndices else { return [try module(input)] }
    let result = module.withIndices(input)
    return [result.output, result.indices]
  }
}
