// Losses of scores and classes or labels. Call them with two arguments: `try loss(logits,
// classes)`.

/// The cross-entropy of logits and class indices or probabilities, like PyTorch's
/// `nn.CrossEntropyLoss`.
public final class CrossEntropyLoss: Module {
  /// A weight for each class; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// The class index of targets that do not count.
  public let ignoreIndex: Int
  /// How the losses of the elements are combined.
  public let reduction: LossReduction
  /// The part of the targets that is spread over all classes, in [0, 1].
  public let labelSmoothing: Double

  /// Creates a loss.
  public init(
    weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: LossReduction = .mean,
    labelSmoothing: Double = 0
  ) {
    self.weight = weight
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
    self.labelSmoothing = labelSmoothing
  }

  /// The loss of logits `[batch, classes, …]` and class indices `[batch, …]`, int64, or
  /// probabilities of the logits' shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    crossEntropy(
      input.0, input.1, weight: weight, reduction: reduction, ignoreIndex: ignoreIndex,
      labelSmoothing: labelSmoothing)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The negative log-likelihood of log-probabilities and class indices, like PyTorch's `nn.NLLLoss`.
public final class NLLLoss: Module {
  /// A weight for each class; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// The class index of targets that do not count.
  public let ignoreIndex: Int
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
    self.weight = weight
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of log-probabilities `[batch, classes, …]` and class indices `[batch, …]`, int64.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    nllLoss(
      input.0, input.1, weight: weight, reduction: reduction, ignoreIndex: ignoreIndex)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The binary cross-entropy of probabilities and targets, like PyTorch's `nn.BCELoss`.
public final class BCELoss: Module {
  /// A weight for each element; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss of probabilities and targets in [0, 1] of the same shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    binaryCrossEntropy(input.0, input.1, weight: weight, reduction: reduction)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The binary cross-entropy of logits and targets, like PyTorch's `nn.BCEWithLogitsLoss`.
public final class BCEWithLogitsLoss: Module {
  /// A weight for each element; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// How the losses of the elements are combined.
  public let reduction: LossReduction
  /// A weight for the positive targets of each class; `nil` for 1.
  @Named private var posWeight: Buffer<Tensor?>

  /// Creates a loss.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean, posWeight: Tensor? = nil) {
    self.weight = weight
    self.reduction = reduction
    _posWeight = Named(Buffer(wrappedValue: posWeight), as: "pos_weight")
  }

  /// The loss of logits and targets in [0, 1] of the same shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    binaryCrossEntropyWithLogits(
      input.0, input.1, weight: weight, posWeight: posWeight.wrappedValue, reduction: reduction)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The hinge loss of several classes, like PyTorch's `nn.MultiMarginLoss`.
public final class MultiMarginLoss: Module {
  /// The power of the differences, 1 or 2.
  public let p: Int
  /// How much higher the score of the class is to be.
  public let margin: Double
  /// A weight for each class; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(
    p: Int = 1, margin: Double = 1, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) {
    self.p = p
    self.margin = margin
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss of scores `[batch, classes]` and class indices `[batch]`, int64.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    multiMarginLoss(
      input.0, input.1, p: p, margin: margin, weight: weight, reduction: reduction)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The hinge loss of several classes and labels, like PyTorch's `nn.MultiLabelMarginLoss`.
public final class MultiLabelMarginLoss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss of scores `[batch, classes]` and the class indices of each sample, int64, of the same
  /// shape; a negative one ends them.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    multilabelMarginLoss(input.0, input.1, reduction: reduction)
  }
}

/// The binary cross-entropy of logits and labels, averaged over the classes, like PyTorch's
/// `nn.MultiLabelSoftMarginLoss`.
public final class MultiLabelSoftMarginLoss: Module {
  /// A weight for each class; `nil` for 1.
  @Buffer private var weight: Tensor?
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss of logits `[batch, classes]` and labels of 0 and 1 of the same shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    multilabelSoftMarginLoss(input.0, input.1, weight: weight, reduction: reduction)
  }

  /// Empty: like PyTorch, it prints no weights.
  public var extraRepr: String { "" }
}

/// The logistic loss of scores and targets of 1 and -1, like PyTorch's `nn.SoftMarginLoss`.
public final class SoftMarginLoss: Module {
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss of scores and targets of the same shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    softMarginLoss(input.0, input.1, reduction: reduction)
  }
}

/// The hinge loss of distances and targets of 1 and -1, like PyTorch's `nn.HingeEmbeddingLoss`.
public final class HingeEmbeddingLoss: Module {
  /// The distance from which negatives do not count.
  public let margin: Double
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(margin: Double = 1, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of distances and targets of the same shape.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    hingeEmbeddingLoss(input.0, input.1, margin: margin, reduction: reduction)
  }
}
