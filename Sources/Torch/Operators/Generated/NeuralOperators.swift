// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Layers as functions: convolution, pooling, normalization, attention.

extension Tensor {
  /// Average pooling to a length, whatever that of the input.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_avg_pool1d`.
  public func adaptiveAvgPool1d(_ outputSize: any IntegerList) -> Tensor {
    adaptiveAvgPool1dOperator.tensor(.tensor(self), .list(outputSize, 1))
  }

  /// Average pooling to a height and width, whatever those of the input.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_avg_pool2d`.
  public func adaptiveAvgPool2d(_ outputSize: any IntegerList) -> Tensor {
    adaptiveAvgPool2dOperator.tensor(.tensor(self), .list(outputSize, 2))
  }

  /// Average pooling to a depth, height and width, whatever those of the input.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_avg_pool3d`.
  public func adaptiveAvgPool3d(_ outputSize: any IntegerList) -> Tensor {
    adaptiveAvgPool3dOperator.tensor(.tensor(self), .list(outputSize, 3))
  }

  /// Max pooling to a length, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_max_pool1d`.
  public func adaptiveMaxPool1d(_ outputSize: any IntegerList) -> (output: Tensor, indices: Tensor)
  {
    let results = adaptiveMaxPool1dOperator.tensors(count: 2, .tensor(self), .list(outputSize, 1))
    return (output: results[0], indices: results[1])
  }

  /// Max pooling to a height and width, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_max_pool2d`.
  public func adaptiveMaxPool2d(_ outputSize: any IntegerList) -> (output: Tensor, indices: Tensor)
  {
    let results = adaptiveMaxPool2dOperator.tensors(count: 2, .tensor(self), .list(outputSize, 2))
    return (output: results[0], indices: results[1])
  }

  /// Max pooling to a depth, height and width, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.adaptive_max_pool3d`.
  public func adaptiveMaxPool3d(_ outputSize: any IntegerList) -> (output: Tensor, indices: Tensor)
  {
    let results = adaptiveMaxPool3dOperator.tensors(count: 2, .tensor(self), .list(outputSize, 3))
    return (output: results[0], indices: results[1])
  }

  /// The sampling grid of affine maps.
  ///
  /// PyTorch: `torch.affine_grid_generator`.
  public func affineGrid(size: [Int], alignCorners: Bool = false) -> Tensor {
    affineGridGeneratorOperator.tensor(.tensor(self), .ints(size), .bool(alignCorners))
  }

  /// Average pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.avg_pool1d`.
  public func avgPool1d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true
  ) -> Tensor {
    avgPool1dOperator.tensor(
      .tensor(self), .list(kernelSize, 1), .list(stride, 1), .list(padding, 1), .bool(ceilMode),
      .bool(countIncludePad))
  }

  /// Average pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.avg_pool2d`.
  public func avgPool2d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) -> Tensor {
    avgPool2dOperator.tensor(
      .tensor(self), .list(kernelSize, 2), .list(stride, 2), .list(padding, 2), .bool(ceilMode),
      .bool(countIncludePad), .optionalInt(divisorOverride))
  }

  /// Average pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.avg_pool3d`.
  public func avgPool3d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) -> Tensor {
    avgPool3dOperator.tensor(
      .tensor(self), .list(kernelSize, 3), .list(stride, 3), .list(padding, 3), .bool(ceilMode),
      .bool(countIncludePad), .optionalInt(divisorOverride))
  }

  /// Batch normalization by the statistics of the batch or the running ones.
  ///
  /// PyTorch: `torch.nn.functional.batch_norm`.
  public func batchNorm(
    weight: Tensor? = nil, bias: Tensor? = nil, runningMean: Tensor? = nil,
    runningVar: Tensor? = nil, training: Bool = false, momentum: Double = 0.1, eps: Double = 1e-05
  ) -> Tensor {
    batchNormOperator.tensor(
      .tensor(self), .optionalTensor(weight), .optionalTensor(bias), .optionalTensor(runningMean),
      .optionalTensor(runningVar), .bool(training), .double(momentum), .double(eps), .bool(true))
  }

  /// The bilinear map of two inputs.
  ///
  /// PyTorch: `torch.nn.functional.bilinear`.
  public func bilinear(_ input2: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    bilinearOperator.tensor(.tensor(self), .tensor(input2), .tensor(weight), .optionalTensor(bias))
  }

  /// The sums of overlapping blocks: the inverse of `unfold` on images.
  ///
  /// PyTorch: `aten::col2im`.
  public func fold(
    outputSize: any IntegerList, kernelSize: any IntegerList, dilation: any IntegerList = 1,
    padding: any IntegerList = 0, stride: any IntegerList = 1
  ) -> Tensor {
    col2imOperator.tensor(
      .tensor(self), .list(outputSize, 2), .list(kernelSize, 2), .list(dilation, 2),
      .list(padding, 2), .list(stride, 2))
  }

  /// Convolution over a length: `self` has shape `[batch, channels, length]`.
  ///
  /// PyTorch: `torch.nn.functional.conv1d`.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv1dOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 1), .list(padding, 1),
      .list(dilation, 1), .int(groups))
  }

  /// Convolution over a length: `self` has shape `[batch, channels, length]`.
  ///
  /// PyTorch: `torch.nn.functional.conv1d`.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1, padding: ConvolutionPadding,
    dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv1dPaddingOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 1),
      .string(padding.rawValue), .list(dilation, 1), .int(groups))
  }

  /// Convolution over pictures: `self` has shape `[batch, channels, height, width]`.
  ///
  /// PyTorch: `torch.nn.functional.conv2d`.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv2dOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 2), .list(padding, 2),
      .list(dilation, 2), .int(groups))
  }

  /// Convolution over pictures: `self` has shape `[batch, channels, height, width]`.
  ///
  /// PyTorch: `torch.nn.functional.conv2d`.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1, padding: ConvolutionPadding,
    dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv2dPaddingOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 2),
      .string(padding.rawValue), .list(dilation, 2), .int(groups))
  }

  /// Convolution over volumes: `self` has shape `[batch, channels, depth, height, width]`.
  ///
  /// PyTorch: `torch.nn.functional.conv3d`.
  public func conv3d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv3dOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 3), .list(padding, 3),
      .list(dilation, 3), .int(groups))
  }

  /// Convolution over volumes: `self` has shape `[batch, channels, depth, height, width]`.
  ///
  /// PyTorch: `torch.nn.functional.conv3d`.
  public func conv3d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1, padding: ConvolutionPadding,
    dilation: any IntegerList = 1, groups: Int = 1
  ) -> Tensor {
    conv3dPaddingOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 3),
      .string(padding.rawValue), .list(dilation, 3), .int(groups))
  }

  /// Transposed convolution over a length.
  ///
  /// PyTorch: `torch.nn.functional.conv_transpose1d`.
  public func convTranspose1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, outputPadding: any IntegerList = 0, groups: Int = 1,
    dilation: any IntegerList = 1
  ) -> Tensor {
    convTranspose1dOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 1), .list(padding, 1),
      .list(outputPadding, 1), .int(groups), .list(dilation, 1))
  }

  /// Transposed convolution over pictures.
  ///
  /// PyTorch: `torch.nn.functional.conv_transpose2d`.
  public func convTranspose2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, outputPadding: any IntegerList = 0, groups: Int = 1,
    dilation: any IntegerList = 1
  ) -> Tensor {
    convTranspose2dInputOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 2), .list(padding, 2),
      .list(outputPadding, 2), .int(groups), .list(dilation, 2))
  }

  /// Transposed convolution over volumes.
  ///
  /// PyTorch: `torch.nn.functional.conv_transpose3d`.
  public func convTranspose3d(
    _ weight: Tensor, bias: Tensor? = nil, stride: any IntegerList = 1,
    padding: any IntegerList = 0, outputPadding: any IntegerList = 0, groups: Int = 1,
    dilation: any IntegerList = 1
  ) -> Tensor {
    convTranspose3dInputOperator.tensor(
      .tensor(self), .tensor(weight), .optionalTensor(bias), .list(stride, 3), .list(padding, 3),
      .list(outputPadding, 3), .int(groups), .list(dilation, 3))
  }

  /// The rows of the table at `indices`.
  ///
  /// PyTorch: `torch.nn.functional.embedding`.
  public func embedding(_ indices: Tensor, paddingIdx: Int = -1, scaleGradByFreq: Bool = false)
    -> Tensor
  {
    embeddingOperator.tensor(
      .tensor(self), .tensor(indices), .int(paddingIdx), .bool(scaleGradByFreq))
  }

  /// Sums, means or maxima of bags of rows of the table at `indices`.
  ///
  /// PyTorch: `torch.nn.functional.embedding_bag`.
  public func embeddingBag(
    _ indices: Tensor, offsets: Tensor, scaleGradByFreq: Bool = false,
    mode: EmbeddingBagMode = .mean, perSampleWeights: Tensor? = nil,
    includeLastOffset: Bool = false, paddingIdx: Int?
  ) -> Tensor {
    embeddingBagPaddingIdxOperator.tensor(
      .tensor(self), .tensor(indices), .tensor(offsets), .bool(scaleGradByFreq),
      .int(mode.rawValue), .bool(false), .optionalTensor(perSampleWeights),
      .bool(includeLastOffset), .optionalInt(paddingIdx))
  }

  /// The input sampled at the points of a grid.
  ///
  /// PyTorch: `torch.grid_sampler`.
  public func gridSample(
    _ grid: Tensor, interpolationMode: GridInterpolation = .bilinear,
    paddingMode: GridPadding = .zeros, alignCorners: Bool = false
  ) -> Tensor {
    gridSamplerOperator.tensor(
      .tensor(self), .tensor(grid), .int(interpolationMode.rawValue), .int(paddingMode.rawValue),
      .bool(alignCorners))
  }

  /// Group normalization.
  ///
  /// PyTorch: `torch.nn.functional.group_norm`.
  public func groupNorm(
    _ numGroups: Int, weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-05
  ) -> Tensor {
    groupNormOperator.tensor(
      .tensor(self), .int(numGroups), .optionalTensor(weight), .optionalTensor(bias), .double(eps))
  }

  /// Max pooling over windows at random places (Graham 2014).
  ///
  /// PyTorch: `torch.nn.functional.fractional_max_pool2d`.
  public func fractionalMaxPool2d(
    _ kernelSize: any IntegerList, outputSize: any IntegerList, randomSamples: Tensor
  ) -> (output: Tensor, indices: Tensor) {
    let results = fractionalMaxPool2dOperator.tensors(
      count: 2, .tensor(self), .list(kernelSize, 2), .list(outputSize, 2), .tensor(randomSamples))
    return (output: results[0], indices: results[1])
  }

  /// Max pooling over windows at random places (Graham 2014).
  ///
  /// PyTorch: `torch.nn.functional.fractional_max_pool3d`.
  public func fractionalMaxPool3d(
    _ kernelSize: any IntegerList, outputSize: any IntegerList, randomSamples: Tensor
  ) -> (output: Tensor, indices: Tensor) {
    let results = fractionalMaxPool3dOperator.tensors(
      count: 2, .tensor(self), .list(kernelSize, 3), .list(outputSize, 3), .tensor(randomSamples))
    return (output: results[0], indices: results[1])
  }

  /// A gated recurrent unit over sequences.
  ///
  /// PyTorch: `torch.gru`.
  public func gru(
    _ hx: Tensor, _ params: [Tensor], hasBiases: Bool, numLayers: Int, dropout: Double,
    training: Bool, bidirectional: Bool, batchFirst: Bool
  ) -> (output: Tensor, hidden: Tensor) {
    let results = gruInputOperator.tensors(
      count: 2, .tensor(self), .tensor(hx), .tensors(params), .bool(hasBiases), .int(numLayers),
      .double(dropout), .bool(training), .bool(bidirectional), .bool(batchFirst))
    return (output: results[0], hidden: results[1])
  }

  /// One step of a gated recurrent unit.
  ///
  /// PyTorch: `torch.gru_cell`.
  public func gruCell(
    _ hx: Tensor, _ wIh: Tensor, _ wHh: Tensor, bIh: Tensor? = nil, bHh: Tensor? = nil
  ) -> Tensor {
    gruCellOperator.tensor(
      .tensor(self), .tensor(hx), .tensor(wIh), .tensor(wHh), .optionalTensor(bIh),
      .optionalTensor(bHh))
  }

  /// The sliding blocks of pictures as columns.
  ///
  /// PyTorch: `aten::im2col`.
  public func unfoldBlocks(
    kernelSize: any IntegerList, dilation: any IntegerList = 1, padding: any IntegerList = 0,
    stride: any IntegerList = 1
  ) -> Tensor {
    im2colOperator.tensor(
      .tensor(self), .list(kernelSize, 2), .list(dilation, 2), .list(padding, 2), .list(stride, 2))
  }

  /// Instance normalization.
  ///
  /// PyTorch: `torch.nn.functional.instance_norm`.
  public func instanceNorm(
    weight: Tensor? = nil, bias: Tensor? = nil, runningMean: Tensor? = nil,
    runningVar: Tensor? = nil, useInputStats: Bool = true, momentum: Double = 0.1,
    eps: Double = 1e-05
  ) -> Tensor {
    instanceNormOperator.tensor(
      .tensor(self), .optionalTensor(weight), .optionalTensor(bias), .optionalTensor(runningMean),
      .optionalTensor(runningVar), .bool(useInputStats), .double(momentum), .double(eps),
      .bool(true))
  }

  /// Layer normalization over the last dimensions.
  ///
  /// PyTorch: `torch.nn.functional.layer_norm`.
  public func layerNorm(
    _ normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-05
  ) -> Tensor {
    layerNormOperator.tensor(
      .tensor(self), .ints(normalizedShape), .optionalTensor(weight), .optionalTensor(bias),
      .double(eps))
  }

  /// `self @ weight.t() + bias`.
  ///
  /// PyTorch: `torch.nn.functional.linear`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    linearOperator.tensor(.tensor(self), .tensor(weight), .optionalTensor(bias))
  }

  /// A long short-term memory over sequences.
  ///
  /// PyTorch: `torch.lstm`.
  public func lstm(
    _ hx: [Tensor], _ params: [Tensor], hasBiases: Bool, numLayers: Int, dropout: Double,
    training: Bool, bidirectional: Bool, batchFirst: Bool
  ) -> (output: Tensor, hidden: Tensor, cell: Tensor) {
    let results = lstmInputOperator.tensors(
      count: 3, .tensor(self), .tensors(hx), .tensors(params), .bool(hasBiases), .int(numLayers),
      .double(dropout), .bool(training), .bool(bidirectional), .bool(batchFirst))
    return (output: results[0], hidden: results[1], cell: results[2])
  }

  /// One step of a long short-term memory.
  ///
  /// PyTorch: `torch.lstm_cell`.
  public func lstmCell(
    _ hx: [Tensor], _ wIh: Tensor, _ wHh: Tensor, bIh: Tensor? = nil, bHh: Tensor? = nil
  ) -> (hidden: Tensor, cell: Tensor) {
    let results = lstmCellOperator.tensors(
      count: 2, .tensor(self), .tensors(hx), .tensor(wIh), .tensor(wHh), .optionalTensor(bIh),
      .optionalTensor(bHh))
    return (hidden: results[0], cell: results[1])
  }

  /// Max pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.max_pool1d`.
  public func maxPool1d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPool1dOperator.tensor(
      .tensor(self), .list(kernelSize, 1), .list(stride, 1), .list(padding, 1), .list(dilation, 1),
      .bool(ceilMode))
  }

  /// Max pooling over windows, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.max_pool1d_with_indices`.
  public func maxPool1dWithIndices(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> (output: Tensor, indices: Tensor) {
    let results = maxPool1dWithIndicesOperator.tensors(
      count: 2, .tensor(self), .list(kernelSize, 1), .list(stride, 1), .list(padding, 1),
      .list(dilation, 1), .bool(ceilMode))
    return (output: results[0], indices: results[1])
  }

  /// Max pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.max_pool2d`.
  public func maxPool2d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPool2dOperator.tensor(
      .tensor(self), .list(kernelSize, 2), .list(stride, 2), .list(padding, 2), .list(dilation, 2),
      .bool(ceilMode))
  }

  /// Max pooling over windows, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.max_pool2d_with_indices`.
  public func maxPool2dWithIndices(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> (output: Tensor, indices: Tensor) {
    let results = maxPool2dWithIndicesOperator.tensors(
      count: 2, .tensor(self), .list(kernelSize, 2), .list(stride, 2), .list(padding, 2),
      .list(dilation, 2), .bool(ceilMode))
    return (output: results[0], indices: results[1])
  }

  /// Max pooling over windows.
  ///
  /// PyTorch: `torch.nn.functional.max_pool3d`.
  public func maxPool3d(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPool3dOperator.tensor(
      .tensor(self), .list(kernelSize, 3), .list(stride, 3), .list(padding, 3), .list(dilation, 3),
      .bool(ceilMode))
  }

  /// Max pooling over windows, with the indices of the maxima.
  ///
  /// PyTorch: `torch.nn.functional.max_pool3d_with_indices`.
  public func maxPool3dWithIndices(
    _ kernelSize: any IntegerList, stride: any IntegerList = [Int](), padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false
  ) -> (output: Tensor, indices: Tensor) {
    let results = maxPool3dWithIndicesOperator.tensors(
      count: 2, .tensor(self), .list(kernelSize, 3), .list(stride, 3), .list(padding, 3),
      .list(dilation, 3), .bool(ceilMode))
    return (output: results[0], indices: results[1])
  }

  /// The maxima at their indices; the other elements are 0.
  ///
  /// PyTorch: `torch.nn.functional.max_unpool2d`.
  public func maxUnpool2d(_ indices: Tensor, _ outputSize: any IntegerList) -> Tensor {
    maxUnpool2dOperator.tensor(.tensor(self), .tensor(indices), .list(outputSize, 2))
  }

  /// The maxima at their indices; the other elements are 0.
  ///
  /// PyTorch: `torch.nn.functional.max_unpool3d`.
  public func maxUnpool3d(
    _ indices: Tensor, outputSize: any IntegerList, stride: any IntegerList,
    padding: any IntegerList
  ) -> Tensor {
    maxUnpool3dOperator.tensor(
      .tensor(self), .tensor(indices), .list(outputSize, 3), .list(stride, 3), .list(padding, 3))
  }

  /// Vectors with a 1 at each class index.
  ///
  /// PyTorch: `torch.nn.functional.one_hot`.
  public func oneHot(numClasses: Int = -1) -> Tensor {
    oneHotOperator.tensor(.tensor(self), .int(numClasses))
  }

  /// The tensor padded at the ends of its last dimensions.
  ///
  /// PyTorch: `torch.nn.functional.pad`.
  public func pad(_ pad: [Int], mode: PaddingMode = .constant, value: Double? = nil) -> Tensor {
    padOperator.tensor(.tensor(self), .ints(pad), .string(mode.rawValue), .optionalDouble(value))
  }

  /// Channels rearranged into pictures that are `upscaleFactor` times as large.
  ///
  /// PyTorch: `torch.nn.functional.pixel_shuffle`.
  public func pixelShuffle(_ upscaleFactor: Int) -> Tensor {
    pixelShuffleOperator.tensor(.tensor(self), .int(upscaleFactor))
  }

  /// The inverse of `pixelShuffle`.
  ///
  /// PyTorch: `torch.nn.functional.pixel_unshuffle`.
  public func pixelUnshuffle(_ downscaleFactor: Int) -> Tensor {
    pixelUnshuffleOperator.tensor(.tensor(self), .int(downscaleFactor))
  }

  /// Root mean square normalization over the last dimensions.
  ///
  /// PyTorch: `torch.nn.functional.rms_norm`.
  public func rmsNorm(_ normalizedShape: [Int], weight: Tensor? = nil, eps: Double? = nil) -> Tensor
  {
    rmsNormOperator.tensor(
      .tensor(self), .ints(normalizedShape), .optionalTensor(weight), .optionalDouble(eps))
  }

  /// An Elman network with the rectified linear unit over sequences.
  ///
  /// PyTorch: `torch.rnn_relu`.
  public func rnnRelu(
    _ hx: Tensor, _ params: [Tensor], hasBiases: Bool, numLayers: Int, dropout: Double,
    training: Bool, bidirectional: Bool, batchFirst: Bool
  ) -> (output: Tensor, hidden: Tensor) {
    let results = rnnReluInputOperator.tensors(
      count: 2, .tensor(self), .tensor(hx), .tensors(params), .bool(hasBiases), .int(numLayers),
      .double(dropout), .bool(training), .bool(bidirectional), .bool(batchFirst))
    return (output: results[0], hidden: results[1])
  }

  /// One step of an Elman network with the rectified linear unit.
  ///
  /// PyTorch: `torch.rnn_relu_cell`.
  public func rnnReluCell(
    _ hx: Tensor, _ wIh: Tensor, _ wHh: Tensor, bIh: Tensor? = nil, bHh: Tensor? = nil
  ) -> Tensor {
    rnnReluCellOperator.tensor(
      .tensor(self), .tensor(hx), .tensor(wIh), .tensor(wHh), .optionalTensor(bIh),
      .optionalTensor(bHh))
  }

  /// An Elman network with the hyperbolic tangent over sequences.
  ///
  /// PyTorch: `torch.rnn_tanh`.
  public func rnnTanh(
    _ hx: Tensor, _ params: [Tensor], hasBiases: Bool, numLayers: Int, dropout: Double,
    training: Bool, bidirectional: Bool, batchFirst: Bool
  ) -> (output: Tensor, hidden: Tensor) {
    let results = rnnTanhInputOperator.tensors(
      count: 2, .tensor(self), .tensor(hx), .tensors(params), .bool(hasBiases), .int(numLayers),
      .double(dropout), .bool(training), .bool(bidirectional), .bool(batchFirst))
    return (output: results[0], hidden: results[1])
  }

  /// One step of an Elman network with the hyperbolic tangent.
  ///
  /// PyTorch: `torch.rnn_tanh_cell`.
  public func rnnTanhCell(
    _ hx: Tensor, _ wIh: Tensor, _ wHh: Tensor, bIh: Tensor? = nil, bHh: Tensor? = nil
  ) -> Tensor {
    rnnTanhCellOperator.tensor(
      .tensor(self), .tensor(hx), .tensor(wIh), .tensor(wHh), .optionalTensor(bIh),
      .optionalTensor(bHh))
  }

  /// Pictures resized by bicubic interpolation.
  ///
  /// PyTorch: `aten::upsample_bicubic2d.vec`.
  public func upsampleBicubic2d(_ outputSize: [Int]?, alignCorners: Bool, scaleFactors: [Double]?)
    -> Tensor
  {
    upsampleBicubic2dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .bool(alignCorners), .optionalDoubles(scaleFactors))
  }

  /// Pictures resized by bilinear interpolation.
  ///
  /// PyTorch: `aten::upsample_bilinear2d.vec`.
  public func upsampleBilinear2d(_ outputSize: [Int]?, alignCorners: Bool, scaleFactors: [Double]?)
    -> Tensor
  {
    upsampleBilinear2dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .bool(alignCorners), .optionalDoubles(scaleFactors))
  }

  /// Sequences resized by linear interpolation.
  ///
  /// PyTorch: `aten::upsample_linear1d.vec`.
  public func upsampleLinear1d(_ outputSize: [Int]?, alignCorners: Bool, scaleFactors: [Double]?)
    -> Tensor
  {
    upsampleLinear1dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .bool(alignCorners), .optionalDoubles(scaleFactors))
  }

  /// Sequences resized by repetition of the nearest element.
  ///
  /// PyTorch: `aten::upsample_nearest1d.vec`.
  public func upsampleNearest1d(_ outputSize: [Int]?, _ scaleFactors: [Double]?) -> Tensor {
    upsampleNearest1dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .optionalDoubles(scaleFactors))
  }

  /// Pictures resized by repetition of the nearest element.
  ///
  /// PyTorch: `aten::upsample_nearest2d.vec`.
  public func upsampleNearest2d(_ outputSize: [Int]?, _ scaleFactors: [Double]?) -> Tensor {
    upsampleNearest2dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .optionalDoubles(scaleFactors))
  }

  /// Volumes resized by repetition of the nearest element.
  ///
  /// PyTorch: `aten::upsample_nearest3d.vec`.
  public func upsampleNearest3d(_ outputSize: [Int]?, _ scaleFactors: [Double]?) -> Tensor {
    upsampleNearest3dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .optionalDoubles(scaleFactors))
  }

  /// Volumes resized by trilinear interpolation.
  ///
  /// PyTorch: `aten::upsample_trilinear3d.vec`.
  public func upsampleTrilinear3d(_ outputSize: [Int]?, alignCorners: Bool, scaleFactors: [Double]?)
    -> Tensor
  {
    upsampleTrilinear3dVecOperator.tensor(
      .tensor(self), .optionalInts(outputSize), .bool(alignCorners), .optionalDoubles(scaleFactors))
  }
}

private let adaptiveAvgPool1dOperator = Operator("aten::adaptive_avg_pool1d")
private let adaptiveAvgPool2dOperator = Operator("aten::adaptive_avg_pool2d")
private let adaptiveAvgPool3dOperator = Operator("aten::adaptive_avg_pool3d")
private let adaptiveMaxPool1dOperator = Operator("aten::adaptive_max_pool1d")
private let adaptiveMaxPool2dOperator = Operator("aten::adaptive_max_pool2d")
private let adaptiveMaxPool3dOperator = Operator("aten::adaptive_max_pool3d")
private let affineGridGeneratorOperator = Operator("aten::affine_grid_generator")
private let avgPool1dOperator = Operator("aten::avg_pool1d")
private let avgPool2dOperator = Operator("aten::avg_pool2d")
private let avgPool3dOperator = Operator("aten::avg_pool3d")
private let batchNormOperator = Operator("aten::batch_norm")
private let bilinearOperator = Operator("aten::bilinear")
private let col2imOperator = Operator("aten::col2im")
private let conv1dOperator = Operator("aten::conv1d")
private let conv1dPaddingOperator = Operator("aten::conv1d", "padding")
private let conv2dOperator = Operator("aten::conv2d")
private let conv2dPaddingOperator = Operator("aten::conv2d", "padding")
private let conv3dOperator = Operator("aten::conv3d")
private let conv3dPaddingOperator = Operator("aten::conv3d", "padding")
private let convTranspose1dOperator = Operator("aten::conv_transpose1d")
private let convTranspose2dInputOperator = Operator("aten::conv_transpose2d", "input")
private let convTranspose3dInputOperator = Operator("aten::conv_transpose3d", "input")
private let embeddingOperator = Operator("aten::embedding")
private let embeddingBagPaddingIdxOperator = Operator("aten::embedding_bag", "padding_idx")
private let gridSamplerOperator = Operator("aten::grid_sampler")
private let groupNormOperator = Operator("aten::group_norm")
private let fractionalMaxPool2dOperator = Operator("aten::fractional_max_pool2d")
private let fractionalMaxPool3dOperator = Operator("aten::fractional_max_pool3d")
private let gruInputOperator = Operator("aten::gru", "input")
private let gruCellOperator = Operator("aten::gru_cell")
private let im2colOperator = Operator("aten::im2col")
private let instanceNormOperator = Operator("aten::instance_norm")
private let layerNormOperator = Operator("aten::layer_norm")
private let linearOperator = Operator("aten::linear")
private let lstmInputOperator = Operator("aten::lstm", "input")
private let lstmCellOperator = Operator("aten::lstm_cell")
private let maxPool1dOperator = Operator("aten::max_pool1d")
private let maxPool1dWithIndicesOperator = Operator("aten::max_pool1d_with_indices")
private let maxPool2dOperator = Operator("aten::max_pool2d")
private let maxPool2dWithIndicesOperator = Operator("aten::max_pool2d_with_indices")
private let maxPool3dOperator = Operator("aten::max_pool3d")
private let maxPool3dWithIndicesOperator = Operator("aten::max_pool3d_with_indices")
private let maxUnpool2dOperator = Operator("aten::max_unpool2d")
private let maxUnpool3dOperator = Operator("aten::max_unpool3d")
private let oneHotOperator = Operator("aten::one_hot")
private let padOperator = Operator("aten::pad")
private let pixelShuffleOperator = Operator("aten::pixel_shuffle")
private let pixelUnshuffleOperator = Operator("aten::pixel_unshuffle")
private let rmsNormOperator = Operator("aten::rms_norm")
private let rnnReluInputOperator = Operator("aten::rnn_relu", "input")
private let rnnReluCellOperator = Operator("aten::rnn_relu_cell")
private let rnnTanhInputOperator = Operator("aten::rnn_tanh", "input")
private let rnnTanhCellOperator = Operator("aten::rnn_tanh_cell")
private let upsampleBicubic2dVecOperator = Operator("aten::upsample_bicubic2d", "vec")
private let upsampleBilinear2dVecOperator = Operator("aten::upsample_bilinear2d", "vec")
private let upsampleLinear1dVecOperator = Operator("aten::upsample_linear1d", "vec")
private let upsampleNearest1dVecOperator = Operator("aten::upsample_nearest1d", "vec")
private let upsampleNearest2dVecOperator = Operator("aten::upsample_nearest2d", "vec")
private let upsampleNearest3dVecOperator = Operator("aten::upsample_nearest3d", "vec")
private let upsampleTrilinear3dVecOperator = Operator("aten::upsample_trilinear3d", "vec")
