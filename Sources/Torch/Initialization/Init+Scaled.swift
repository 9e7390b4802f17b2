internal import Support

extension Init {
  /// The nonlinearity that follows a layer; it decides the scale of the layer's weights.
  public enum Nonlinearity: Sendable {
    /// None, a linear layer or a convolution.
    case linear
    /// The sigmoid.
    case sigmoid
    /// The hyperbolic tangent.
    case tanh
    /// The rectified linear unit.
    case relu
    /// The leaky rectified linear unit, with its slope for negative inputs.
    case leakyRelu(negativeSlope: Double = 0.01)
    /// The scaled exponential linear unit.
    case selu
  }

  /// The number of connections that ``kaimingUniform(_:mode:nonlinearity:file:line:)`` divides by.
  public enum FanMode: Sendable {
    /// The inputs of each output: keeps the variance of activations.
    case fanIn
    /// The outputs of each input: keeps the variance of gradients.
    case fanOut
  }

  /// The factor by which weights are scaled for a nonlinearity.
  ///
  /// PyTorch: `torch.nn.init.calculate_gain`.
  public static func calculateGain(_ nonlinearity: Nonlinearity) -> Double {
    switch nonlinearity {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 3.0 / 4
    }
  }

  /// Fills a tensor from the uniform distribution with the variance 2 gain² / (fanIn + fanOut).
  ///
  /// PyTorch: `torch.nn.init.xavier_uniform_` (Glorot & Bengio 2010).
  ///
  /// - Precondition: The tensor has 2 or more dimensions.
  public static func xavierUniform(
    _ tensor: Tensor, gain: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    let fans = fans(of: tensor, file: file, line: line)
    let bound = 3.0.squareRoot() * (gain * (2 / Double(fans.in + fans.out)).squareRoot())
    uniform(tensor, a: -bound, b: bound)
  }

  /// Fills a tensor from the normal distribution with the variance 2 gain² / (fanIn + fanOut).
  ///
  /// PyTorch: `torch.nn.init.xavier_normal_` (Glorot & Bengio 2010).
  ///
  /// - Precondition: The tensor has 2 or more dimensions.
  public static func xavierNormal(
    _ tensor: Tensor, gain: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    let fans = fans(of: tensor, file: file, line: line)
    normal(tensor, std: gain * (2 / Double(fans.in + fans.out)).squareRoot())
  }

  /// Fills a tensor from the uniform distribution with the variance gain² / fan.
  ///
  /// PyTorch: `torch.nn.init.kaiming_uniform_` (He et al. 2015). An empty tensor is left as it is.
  ///
  /// - Parameters:
  ///   - tensor: The weight of a layer, shape `[outputs, inputs, …]`.
  ///   - mode: Which connections are counted.
  ///   - nonlinearity: What follows the layer. PyTorch's argument `a` is the slope of
  ///     ``Nonlinearity/leakyRelu(negativeSlope:)``, whose default is 0 in PyTorch's function and
  ///     here.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The tensor has 2 or more dimensions.
  public static func kaimingUniform(
    _ tensor: Tensor, mode: FanMode = .fanIn,
    nonlinearity: Nonlinearity = .leakyRelu(negativeSlope: 0), file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard tensor.count > 0 else { return }
    let bound =
      3.0.squareRoot() * deviation(of: tensor, mode, nonlinearity, file: file, line: line)
    uniform(tensor, a: -bound, b: bound)
  }

  /// Fills a tensor from the normal distribution with the variance gain² / fan.
  ///
  /// PyTorch: `torch.nn.init.kaiming_normal_` (He et al. 2015). The arguments are those of
  /// ``kaimingUniform(_:mode:nonlinearity:file:line:)``.
  ///
  /// - Precondition: The tensor has 2 or more dimensions.
  public static func kaimingNormal(
    _ tensor: Tensor, mode: FanMode = .fanIn,
    nonlinearity: Nonlinearity = .leakyRelu(negativeSlope: 0), file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard tensor.count > 0 else { return }
    normal(tensor, std: deviation(of: tensor, mode, nonlinearity, file: file, line: line))
  }

  private static func deviation(
    of tensor: Tensor, _ mode: FanMode, _ nonlinearity: Nonlinearity, file: StaticString,
    line: UInt
  ) -> Double {
    let fans = fans(of: tensor, file: file, line: line)
    return calculateGain(nonlinearity) / Double(mode == .fanIn ? fans.in : fans.out).squareRoot()
  }

  /// The inputs of each output and the outputs of each input.
  private static func fans(
    of tensor: Tensor, file: StaticString, line: UInt
  ) -> (in: Int, out: Int) {
    let shape = tensor.shape
    require(
      shape.count >= 2,
      "the tensor has shape \(shape), from which the number of inputs and outputs does not follow: "
        + "pass a weight of 2 or more dimensions", file: file, line: line)
    let field = shape[2...].reduce(1, *)
    return (shape[1] * field, shape[0] * field)
  }

  /// Initializes a layer as PyTorch's linear layers and convolutions are: uniformly from
  /// ±1/√fanIn.
  static func affine(_ weight: Tensor, _ bias: Tensor?) {
    kaimingUniform(weight, nonlinearity: .leakyRelu(negativeSlope: 5.0.squareRoot()))
    guard let bias else { return }
    let fan = weight.shape[1...].reduce(1, *)
    let bound = fan > 0 ? 1 / Double(fan).squareRoot() : 0
    uniform(bias, a: -bound, b: bound)
  }
}
