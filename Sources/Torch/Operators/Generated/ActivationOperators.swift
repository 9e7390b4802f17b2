// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Activations and dropout.

extension Tensor {
  /// Alpha dropout, which keeps mean and variance.
  ///
  /// PyTorch: `torch.nn.functional.alpha_dropout`.
  public func alphaDropout(p: Double = 0.5, training: Bool = true) -> Tensor {
    alphaDropoutOperator.tensor(.tensor(self), .double(p), .bool(training))
  }

  /// Alpha dropout, which keeps mean and variance.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.alpha_dropout_`.
  @discardableResult
  public func alphaDropout_(p: Double = 0.5, training: Bool = true) -> Tensor {
    alphaDropoutInPlace.run(.tensor(self), .double(p), .bool(training))
    return self
  }

  /// The continuously differentiable exponential linear unit.
  ///
  /// PyTorch: `torch.nn.functional.celu`.
  public func celu(alpha: any Scalar = 1.0) -> Tensor {
    celuOperator.tensor(.tensor(self), .scalar(alpha))
  }

  /// The continuously differentiable exponential linear unit.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.celu_`.
  @discardableResult
  public func celu_(alpha: any Scalar = 1.0) -> Tensor {
    celuInPlace.run(.tensor(self), .scalar(alpha))
    return self
  }

  /// Every element set to 0 with probability `p`, the others divided by 1 - `p`.
  ///
  /// PyTorch: `torch.nn.functional.dropout`.
  public func dropout(p: Double = 0.5, training: Bool = true) -> Tensor {
    dropoutOperator.tensor(.tensor(self), .double(p), .bool(training))
  }

  /// Every element set to 0 with probability `p`, the others divided by 1 - `p`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.dropout_`.
  @discardableResult
  public func dropout_(p: Double = 0.5, training: Bool = true) -> Tensor {
    dropoutInPlace.run(.tensor(self), .double(p), .bool(training))
    return self
  }

  /// The exponential linear unit.
  ///
  /// PyTorch: `torch.nn.functional.elu`.
  public func elu(alpha: any Scalar = 1) -> Tensor {
    eluOperator.tensor(.tensor(self), .scalar(alpha))
  }

  /// The exponential linear unit.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.elu_`.
  @discardableResult
  public func elu_(alpha: any Scalar = 1) -> Tensor {
    eluInPlace.run(.tensor(self), .scalar(alpha))
    return self
  }

  /// Alpha dropout of whole channels.
  ///
  /// PyTorch: `torch.nn.functional.feature_alpha_dropout`.
  public func featureAlphaDropout(p: Double = 0.5, training: Bool = true) -> Tensor {
    featureAlphaDropoutOperator.tensor(.tensor(self), .double(p), .bool(training))
  }

  /// Alpha dropout of whole channels.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.feature_alpha_dropout_`.
  @discardableResult
  public func featureAlphaDropout_(p: Double = 0.5, training: Bool = true) -> Tensor {
    featureAlphaDropoutInPlace.run(.tensor(self), .double(p), .bool(training))
    return self
  }

  /// Dropout of whole channels.
  ///
  /// PyTorch: `torch.feature_dropout`.
  public func featureDropout(p: Double = 0.5, training: Bool = true) -> Tensor {
    featureDropoutOperator.tensor(.tensor(self), .double(p), .bool(training))
  }

  /// Dropout of whole channels.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.feature_dropout_`.
  @discardableResult
  public func featureDropout_(p: Double = 0.5, training: Bool = true) -> Tensor {
    featureDropoutInPlace.run(.tensor(self), .double(p), .bool(training))
    return self
  }

  /// The Gaussian error linear unit x Φ(x) (Hendrycks & Gimpel 2016).
  ///
  /// PyTorch: `torch.nn.functional.gelu`.
  public func gelu(approximate: GELUApproximation = .exact) -> Tensor {
    geluOperator.tensor(.tensor(self), .string(approximate.rawValue))
  }

  /// The Gaussian error linear unit x Φ(x) (Hendrycks & Gimpel 2016).
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::gelu_`.
  @discardableResult
  public func gelu_(approximate: GELUApproximation = .exact) -> Tensor {
    geluInPlace.run(.tensor(self), .string(approximate.rawValue))
    return self
  }

  /// The gated linear unit: the first half along a dimension times the sigmoid of the second half.
  ///
  /// PyTorch: `torch.nn.functional.glu`.
  public func glu(dim: Int = -1) -> Tensor {
    gluOperator.tensor(.tensor(self), .int(dim))
  }

  /// The elements outside of [-lambd, lambd]; the others are 0.
  ///
  /// PyTorch: `Tensor.hardshrink`.
  public func hardshrink(lambd: any Scalar = 0.5) -> Tensor {
    hardshrinkOperator.tensor(.tensor(self), .scalar(lambd))
  }

  /// A piecewise linear approximation of the sigmoid.
  ///
  /// PyTorch: `torch.nn.functional.hardsigmoid`.
  public func hardsigmoid() -> Tensor {
    hardsigmoidOperator.tensor(.tensor(self))
  }

  /// A piecewise linear approximation of the sigmoid.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::hardsigmoid_`.
  @discardableResult
  public func hardsigmoid_() -> Tensor {
    hardsigmoidInPlace.run(.tensor(self))
    return self
  }

  /// The element times `hardsigmoid`.
  ///
  /// PyTorch: `torch.nn.functional.hardswish`.
  public func hardswish() -> Tensor {
    hardswishOperator.tensor(.tensor(self))
  }

  /// The element times `hardsigmoid`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::hardswish_`.
  @discardableResult
  public func hardswish_() -> Tensor {
    hardswishInPlace.run(.tensor(self))
    return self
  }

  /// The elements limited to [minVal, maxVal].
  ///
  /// PyTorch: `torch.nn.functional.hardtanh`.
  public func hardtanh(minVal: any Scalar = -1, maxVal: any Scalar = 1) -> Tensor {
    hardtanhOperator.tensor(.tensor(self), .scalar(minVal), .scalar(maxVal))
  }

  /// The elements limited to [minVal, maxVal].
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.hardtanh_`.
  @discardableResult
  public func hardtanh_(minVal: any Scalar = -1, maxVal: any Scalar = 1) -> Tensor {
    hardtanhInPlace.run(.tensor(self), .scalar(minVal), .scalar(maxVal))
    return self
  }

  /// The element, or `negativeSlope` times a negative element.
  ///
  /// PyTorch: `torch.nn.functional.leaky_relu`.
  public func leakyRelu(negativeSlope: any Scalar = 0.01) -> Tensor {
    leakyReluOperator.tensor(.tensor(self), .scalar(negativeSlope))
  }

  /// The element, or `negativeSlope` times a negative element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.leaky_relu_`.
  @discardableResult
  public func leakyRelu_(negativeSlope: any Scalar = 0.01) -> Tensor {
    leakyReluInPlace.run(.tensor(self), .scalar(negativeSlope))
    return self
  }

  /// The logarithm of the sigmoid.
  ///
  /// PyTorch: `aten::log_sigmoid`.
  public func logSigmoid() -> Tensor {
    logSigmoidOperator.tensor(.tensor(self))
  }

  /// The logarithm of the softmax along a dimension.
  ///
  /// PyTorch: `Tensor.log_softmax`.
  public func logSoftmax(dim: Int, dtype: DType? = nil) -> Tensor {
    logSoftmaxIntOperator.tensor(.tensor(self), .int(dim), .optionalDType(dtype))
  }

  /// The element times tanh(softplus(x)).
  ///
  /// PyTorch: `torch.nn.functional.mish`.
  public func mish() -> Tensor {
    mishOperator.tensor(.tensor(self))
  }

  /// The element times tanh(softplus(x)).
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::mish_`.
  @discardableResult
  public func mish_() -> Tensor {
    mishInPlace.run(.tensor(self))
    return self
  }

  /// The element, or `weight` times a negative element.
  ///
  /// PyTorch: `Tensor.prelu`.
  public func prelu(_ weight: Tensor) -> Tensor {
    preluOperator.tensor(.tensor(self), .tensor(weight))
  }

  /// The rectified linear unit of every element.
  ///
  /// PyTorch: `Tensor.relu`.
  public func relu() -> Tensor {
    reluOperator.tensor(.tensor(self))
  }

  /// The rectified linear unit of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.relu_`.
  @discardableResult
  public func relu_() -> Tensor {
    reluInPlace.run(.tensor(self))
    return self
  }

  /// The elements limited to [0, 6].
  ///
  /// PyTorch: `torch.nn.functional.relu6`.
  public func relu6() -> Tensor {
    relu6Operator.tensor(.tensor(self))
  }

  /// The elements limited to [0, 6].
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::relu6_`.
  @discardableResult
  public func relu6_() -> Tensor {
    relu6InPlace.run(.tensor(self))
    return self
  }

  /// The leaky rectified linear unit with a random slope while training.
  ///
  /// PyTorch: `torch.nn.functional.rrelu`.
  public func rrelu(
    lower: any Scalar = 0.125, upper: any Scalar = 0.3333333333333333, training: Bool = false,
    generator: Generator? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return rreluOperator.tensor(
      .tensor(self), .scalar(lower), .scalar(upper), .bool(training), .optionalGenerator(generator))
  }

  /// The leaky rectified linear unit with a random slope while training.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.rrelu_`.
  @discardableResult
  public func rrelu_(
    lower: any Scalar = 0.125, upper: any Scalar = 0.3333333333333333, training: Bool = false,
    generator: Generator? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    rreluInPlace.run(
      .tensor(self), .scalar(lower), .scalar(upper), .bool(training), .optionalGenerator(generator))
    return self
  }

  /// The scaled exponential linear unit.
  ///
  /// PyTorch: `torch.nn.functional.selu`.
  public func selu() -> Tensor {
    seluOperator.tensor(.tensor(self))
  }

  /// The scaled exponential linear unit.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.selu_`.
  @discardableResult
  public func selu_() -> Tensor {
    seluInPlace.run(.tensor(self))
    return self
  }

  /// The element times its sigmoid.
  ///
  /// PyTorch: `torch.nn.functional.silu`.
  public func silu() -> Tensor {
    siluOperator.tensor(.tensor(self))
  }

  /// The element times its sigmoid.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `aten::silu_`.
  @discardableResult
  public func silu_() -> Tensor {
    siluInPlace.run(.tensor(self))
    return self
  }

  /// The softmax along a dimension.
  ///
  /// PyTorch: `Tensor.softmax`.
  public func softmax(dim: Int, dtype: DType? = nil) -> Tensor {
    softmaxIntOperator.tensor(.tensor(self), .int(dim), .optionalDType(dtype))
  }

  /// log(1 + exp(beta x)) / beta of every element.
  ///
  /// PyTorch: `torch.nn.functional.softplus`.
  public func softplus(beta: any Scalar = 1, threshold: any Scalar = 20) -> Tensor {
    softplusOperator.tensor(.tensor(self), .scalar(beta), .scalar(threshold))
  }

  /// The elements moved towards 0 by `lambd`.
  ///
  /// PyTorch: `torch.nn.functional.softshrink`.
  public func softshrink(lambd: any Scalar = 0.5) -> Tensor {
    softshrinkOperator.tensor(.tensor(self), .scalar(lambd))
  }

  /// The elements above a threshold; the others are `value`.
  ///
  /// PyTorch: `torch.nn.functional.threshold`.
  public func threshold(_ threshold: any Scalar, _ value: any Scalar) -> Tensor {
    thresholdOperator.tensor(.tensor(self), .scalar(threshold), .scalar(value))
  }

  /// The elements above a threshold; the others are `value`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `torch.nn.functional.threshold_`.
  @discardableResult
  public func threshold_(_ threshold: any Scalar, _ value: any Scalar) -> Tensor {
    thresholdInPlace.run(.tensor(self), .scalar(threshold), .scalar(value))
    return self
  }
}

private let alphaDropoutOperator = Operator("aten::alpha_dropout")
private let alphaDropoutInPlace = Operator("aten::alpha_dropout_")
private let celuOperator = Operator("aten::celu")
private let celuInPlace = Operator("aten::celu_")
private let dropoutOperator = Operator("aten::dropout")
private let dropoutInPlace = Operator("aten::dropout_")
private let eluOperator = Operator("aten::elu")
private let eluInPlace = Operator("aten::elu_")
private let featureAlphaDropoutOperator = Operator("aten::feature_alpha_dropout")
private let featureAlphaDropoutInPlace = Operator("aten::feature_alpha_dropout_")
private let featureDropoutOperator = Operator("aten::feature_dropout")
private let featureDropoutInPlace = Operator("aten::feature_dropout_")
private let geluOperator = Operator("aten::gelu")
private let geluInPlace = Operator("aten::gelu_")
private let gluOperator = Operator("aten::glu")
private let hardshrinkOperator = Operator("aten::hardshrink")
private let hardsigmoidOperator = Operator("aten::hardsigmoid")
private let hardsigmoidInPlace = Operator("aten::hardsigmoid_")
private let hardswishOperator = Operator("aten::hardswish")
private let hardswishInPlace = Operator("aten::hardswish_")
private let hardtanhOperator = Operator("aten::hardtanh")
private let hardtanhInPlace = Operator("aten::hardtanh_")
private let leakyReluOperator = Operator("aten::leaky_relu")
private let leakyReluInPlace = Operator("aten::leaky_relu_")
private let logSigmoidOperator = Operator("aten::log_sigmoid")
private let logSoftmaxIntOperator = Operator("aten::log_softmax", "int")
private let mishOperator = Operator("aten::mish")
private let mishInPlace = Operator("aten::mish_")
private let preluOperator = Operator("aten::prelu")
private let reluOperator = Operator("aten::relu")
private let reluInPlace = Operator("aten::relu_")
private let relu6Operator = Operator("aten::relu6")
private let relu6InPlace = Operator("aten::relu6_")
private let rreluOperator = Operator("aten::rrelu")
private let rreluInPlace = Operator("aten::rrelu_")
private let seluOperator = Operator("aten::selu")
private let seluInPlace = Operator("aten::selu_")
private let siluOperator = Operator("aten::silu")
private let siluInPlace = Operator("aten::silu_")
private let softmaxIntOperator = Operator("aten::softmax", "int")
private let softplusOperator = Operator("aten::softplus")
private let softshrinkOperator = Operator("aten::softshrink")
private let thresholdOperator = Operator("aten::threshold")
private let thresholdInPlace = Operator("aten::threshold_")
