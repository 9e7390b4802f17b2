/// Parameters that an optimizer treats alike.
public struct ParameterGroup {
  /// The tensors to update; those without a gradient are left alone.
  public var parameters: [Tensor]
  /// The step size, which a schedule changes between steps.
  public var learningRate: Double
  /// The fraction of the weights that decays, per unit of learning rate.
  public var weightDecay: Double

  /// Creates a group.
  public init(_ parameters: [Tensor], learningRate: Double, weightDecay: Double = 0) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}

/// Updates parameters from their gradients.
public protocol Optimizer: Stateful {
  /// What is updated, and how fast.
  var groups: [ParameterGroup] { get set }

  /// Updates all parameters that have a gradient, in place.
  func step()

  /// As ``step()`` with all gradients multiplied by a scalar, as clipping does; what `grad` holds
  /// afterwards is not promised.
  func step(scalingGradientsBy factor: Tensor)
}

extension Optimizer {
  /// Multiplies the gradients in place first.
  public func step(scalingGradientsBy factor: Tensor) {
    scaleGradients(of: groups.flatMap(\.parameters), by: factor)
    step()
  }

  /// Forgets all gradients, so that the next backward pass starts from none.
  public func zeroGrad() {
    for group in groups {
      for parameter in group.parameters { parameter.grad = nil }
    }
  }
}

extension ParameterGroup {
  /// The parameters that have a gradient, and the gradients.
  var updates: (parameters: [Tensor], gradients: [Tensor]) {
    var result: (parameters: [Tensor], gradients: [Tensor]) = ([], [])
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      result.parameters.append(parameter)
      result.gradients.append(gradient)
    }
    return result
  }
}
