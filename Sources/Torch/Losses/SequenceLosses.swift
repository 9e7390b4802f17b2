/// The Kullback-Leibler divergence of log-probabilities and target probabilities, like PyTorch's
/// `nn.KLDivLoss`.
public final class KLDivLoss: Module {
  /// How the losses of the elements are combined.
  public enum Reduction: String, Sendable {
    /// Not at all.
    case none
    /// By their sum, divided by the size of the batch: the divergence.
    case batchmean
    /// By their mean.
    case mean
    /// By their sum.
    case sum
  }

  /// How the losses of the elements are combined.
  public let reduction: Reduction
  /// Whether the targets are logarithms of probabilities.
  public let logTarget: Bool

  /// Creates a loss.
  public init(reduction: Reduction = .mean, logTarget: Bool = false) {
    self.reduction = reduction
    self.logTarget = logTarget
  }

  /// The loss of log-probabilities and targets of the same shape, of which dimension 0 is the
  /// batch.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    let reduction: LossReduction =
      switch reduction {
      case .none: .none
      case .mean: .mean
      case .sum, .batchmean: .sum
      }
    let loss = klDiv(input.0, input.1, reduction: reduction, logTarget: logTarget)
    guard self.reduction == .batchmean, let batch = input.0.isDefined ? input.0.shape.first : nil
    else { return loss }
    return loss / batch
  }
}

/// The connectionist temporal classification loss of Graves and others, 2006, like PyTorch's
/// `nn.CTCLoss`.
public final class CTCLoss: Module {
  /// The class of the blank.
  public let blank: Int
  /// How the losses of the sequences are combined; a mean is of losses divided by target lengths.
  public let reduction: LossReduction
  /// Whether infinite losses, of inputs that are too short, and their gradients become 0.
  public let zeroInfinity: Bool

  /// Creates a loss.
  public init(blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false) {
    self.blank = blank
    self.reduction = reduction
    self.zeroInfinity = zeroInfinity
  }

  /// The loss of log-probabilities `[time, batch, classes]`, targets `[batch, length]` or the
  /// targets of all sequences in one vector, and the lengths of both, int64 `[batch]`.
  public func forward(_ input: (Tensor, Tensor, Tensor, Tensor)) -> Tensor {
    ctcLoss(
      input.0, input.1, inputLengths: input.2, targetLengths: input.3, blank: blank,
      reduction: reduction, zeroInfinity: zeroInfinity)
  }

  /// Computes the loss; see ``forward(_:)``.
  ///
  /// - Throws: Nothing of its own.
  public func callAsFunction(
    _ logProbs: Tensor, _ targets: Tensor, _ inputLengths: Tensor, _ targetLengths: Tensor
  ) throws -> Tensor {
    try callAsFunction((logProbs, targets, inputLengths, targetLengths))
  }
}
