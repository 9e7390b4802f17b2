internal import Support

// Losses of several embeddings. Call them with three arguments: `try loss(anchor, positive,
// negative)`.

/// A loss on the order of two scores, like PyTorch's `nn.MarginRankingLoss`.
public final class MarginRankingLoss: Module {
  /// How much higher a score is to be.
  public let margin: Double
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of two scores and targets of 1, if the first is to be higher, or -1.
  public func forward(_ input: (Tensor, Tensor, Tensor)) -> Tensor {
    marginRankingLoss(input.0, input.1, input.2, margin: margin, reduction: reduction)
  }
}

/// A loss on the cosine of pairs, like PyTorch's `nn.CosineEmbeddingLoss`.
public final class CosineEmbeddingLoss: Module {
  /// The cosine up to which pairs of target -1 do not count.
  public let margin: Double
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of pairs `[batch, features]` and targets `[batch]` of 1, to pull them together, or
  /// -1.
  public func forward(_ input: (Tensor, Tensor, Tensor)) -> Tensor {
    cosineEmbeddingLoss(input.0, input.1, input.2, margin: margin, reduction: reduction)
  }
}

/// A loss that pulls the positive closer to the anchor than the negative, like PyTorch's
/// `nn.TripletMarginLoss`.
public final class TripletMarginLoss: Module {
  /// How much farther a negative is to be.
  public let margin: Double
  /// The exponent of the norm.
  public let p: Double
  /// Added to each difference.
  public let eps: Double
  /// Whether the distance of positive and negative counts if it is smaller.
  public let swap: Bool
  /// How the losses of the elements are combined.
  public let reduction: LossReduction

  /// Creates a loss.
  public init(
    margin: Double = 1, p: Double = 2, eps: Double = 1e-6, swap: Bool = false,
    reduction: LossReduction = .mean
  ) {
    self.margin = margin
    self.p = p
    self.eps = eps
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss of anchors, positives and negatives, each `[batch, features]`.
  public func forward(_ input: (Tensor, Tensor, Tensor)) -> Tensor {
    tripletMarginLoss(
      input.0, input.1, input.2, margin: margin, p: p, eps: eps, swap: swap, reduction: reduction)
  }
}

/// A loss that pulls the positive closer to the anchor than the negative, with any distance, like
/// PyTorch's `nn.TripletMarginWithDistanceLoss`.
public final class TripletMarginWithDistanceLoss: Module {
  /// How much farther a negative is to be.
  public let margin: Double
  /// Whether the distance of positive and negative counts if it is smaller.
  public let swap: Bool
  /// How the losses of the triplets are combined.
  public let reduction: LossReduction
  private let distanceFunction: (Tensor, Tensor) throws -> Tensor

  /// Creates a loss.
  ///
  /// - Parameters:
  ///   - distanceFunction: Returns the distances of pairs; `nil` for the Euclidean distance.
  ///   - margin: How much farther a negative is to be; above 0.
  ///   - swap: Whether the distance of positive and negative counts if it is smaller.
  ///   - reduction: How the losses of the triplets are combined.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    distanceFunction: ((Tensor, Tensor) throws -> Tensor)? = nil, margin: Double = 1,
    swap: Bool = false, reduction: LossReduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      margin > 0, "TripletMarginWithDistanceLoss: margin is \(margin); use a number above 0",
      file: file, line: line)
    self.distanceFunction = distanceFunction ?? { $0.pairwiseDistance($1) }
    self.margin = margin
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss of anchors, positives and negatives.
  ///
  /// - Throws: The errors of the distance function.
  public func forward(_ input: (Tensor, Tensor, Tensor)) throws -> Tensor {
    try tripletMarginWithDistanceLoss(
      input.0, input.1, input.2, distanceFunction: distanceFunction, margin: margin, swap: swap,
      reduction: reduction)
  }
}
