// Losses of predictions and targets of the same shape. Call them with two arguments: `try loss(x,
// y)`.

/// The absolute error, like PyTorch's `nn.L1Loss`.
public final class L1Loss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss of predictions and targets.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    l1Loss(input.0, input.1, reduction: reduction)
  }
}

/// The squared error, like PyTorch's `nn.MSELoss`.
public final class MSELoss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss of predictions and targets.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    mseLoss(input.0, input.1, reduction: reduction)
  }
}

/// The squared error below `beta` and the absolute error above, like PyTorch's `nn.SmoothL1Loss`.
public final class SmoothL1Loss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction
  /// Where the squared error ends; 0 or more.
  public let beta: Double

  /// Creates a loss.
  public init(reduction: LossReduction = .mean, beta: Double = 1) {
    self.reduction = reduction
    self.beta = beta
  }

  /// The loss of predictions and targets.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    smoothL1Loss(input.0, input.1, reduction: reduction, beta: beta)
  }
}

/// The squared error below `delta` and the absolute error above, multiplied by `delta`, like
/// PyTorch's `nn.HuberLoss`.
public final class HuberLoss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction
  /// Where the squared error ends; above 0.
  public let delta: Double

  /// Creates a loss.
  public init(reduction: LossReduction = .mean, delta: Double = 1) {
    self.reduction = reduction
    self.delta = delta
  }

  /// The loss of predictions and targets.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    huberLoss(input.0, input.1, reduction: reduction, delta: delta)
  }
}

/// The negative log-likelihood of Poisson distributed targets, like PyTorch's `nn.PoissonNLLLoss`.
public final class PoissonNLLLoss: Module {
  /// Whether the predictions are logarithms of rates.
  public let logInput: Bool
  /// Whether the Stirling term is added.
  public let full: Bool
  /// Added to rates before their logarithm.
  public let eps: Double
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(
    logInput: Bool = true, full: Bool = false, eps: Double = 1e-8, reduction: LossReduction = .mean
  ) {
    self.logInput = logInput
    self.full = full
    self.eps = eps
    self.reduction = reduction
  }

  /// The loss of predictions and targets.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    poissonNllLoss(
      input.0, input.1, logInput: logInput, full: full, eps: eps, reduction: reduction)
  }
}

/// The negative log-likelihood of targets with Gaussian distributions, like PyTorch's
/// `nn.GaussianNLLLoss`.
public final class GaussianNLLLoss: Module {
  /// Whether the constant term is added.
  public let full: Bool
  /// The smallest variance.
  public let eps: Double
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(full: Bool = false, eps: Double = 1e-6, reduction: LossReduction = .mean) {
    self.full = full
    self.eps = eps
    self.reduction = reduction
  }

  /// The loss of means, targets and variances; see
  /// ``gaussianNllLoss(_:_:var:full:eps:reduction:)``.
  public func forward(_ input: (Tensor, Tensor, Tensor)) -> Tensor {
    gaussianNllLoss(
      input.0, input.1, var: input.2, full: full, eps: eps, reduction: reduction)
  }
}
