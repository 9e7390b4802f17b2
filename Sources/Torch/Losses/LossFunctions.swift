internal import Glibc

// Losses that PyTorch composes of other operators, so that no operator of libtorch computes them.

/// The negative log-likelihood of targets with Gaussian distributions.
///
/// PyTorch: `torch.nn.functional.gaussian_nll_loss` (Nix & Weigend 1994). Variances below `eps`
/// count as `eps`; their gradient is that of the variance itself.
///
/// - Parameters:
///   - input: The means.
///   - target: The targets, of the means' shape.
///   - variance: The variances, 0 or more: of the means' shape, or with one value for each row of
///     the last dimension, which is then 1 or missing.
///   - full: Whether the constant term is added.
///   - eps: The smallest variance.
///   - reduction: How the losses of the elements are combined.
/// - Returns: The loss.
public func gaussianNllLoss(
  _ input: Tensor, _ target: Tensor, `var` variance: Tensor, full: Bool = false, eps: Double = 1e-6,
  reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "gaussianNllLoss") else { return Tensor(owning: nil) }
  guard variance.isDefined, input.isDefined, target.isDefined else { return Tensor(owning: nil) }
  let shape = input.shape
  let given = variance.shape
  var variance = variance
  if given != shape {
    let isShort = given == shape.dropLast()
    let differing = zip(shape, given).filter { $0 != $1 }.map(\.1)
    guard isShort || given.count == shape.count && differing == [1] else {
      return failedLoss(
        "gaussianNllLoss", [input, variance],
        "the variances have shape \(given), but the means have shape \(shape): pass variances of "
          + "the same shape, or with a last dimension of 1")
    }
    if isShort { variance = variance.unsqueeze(dim: -1) }
  }
  guard !(variance.detach() .< 0).any().isTrue else {
    return failedLoss(
      "gaussianNllLoss", [variance],
      "a variance is negative: compute variances with exp() or softplus()")
  }
  // The gradient passes through the limit, as in PyTorch.
  let limited = variance + (variance.detach().clampMin(eps) - variance.detach())
  let error = input - target
  var loss = 0.5 * (limited.log() + error.pow(2) / limited)
  if full { loss = loss + 0.5 * log(2 * Double.pi) }
  return loss.reduced(reduction)
}

/// The binary cross-entropy of logits and labels, averaged over the classes.
///
/// PyTorch: `torch.nn.functional.multilabel_soft_margin_loss`.
///
/// - Parameters:
///   - input: Logits, shape `[…, classes]`.
///   - target: Labels of 0 and 1, of the logits' shape.
///   - weight: A weight for each class.
///   - reduction: How the losses of the samples are combined.
/// - Returns: The loss; without a reduction, of shape `[…]`.
public func multilabelSoftMarginLoss(
  _ input: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "multilabelSoftMarginLoss") else {
    return Tensor(owning: nil)
  }
  var loss = -(target * input.logSigmoid() + (1 - target) * (-input).logSigmoid())
  if let weight { loss = loss * weight }
  let classes = loss.isDefined ? loss.shape.last ?? 1 : 1
  return (loss.sum(dim: -1) / classes).reduced(reduction)
}

/// A loss that pulls the positive closer to the anchor than the negative, with any distance.
///
/// PyTorch: `torch.nn.functional.triplet_margin_with_distance_loss`.
///
/// - Parameters:
///   - anchor: The anchors.
///   - positive: Samples that are to be close to the anchors.
///   - negative: Samples that are to be far from the anchors.
///   - distanceFunction: Returns the distances of pairs.
///   - margin: How much farther a negative is to be; above 0.
///   - swap: Whether the distance of positive and negative counts if it is smaller than that of
///     anchor and negative (Balntas et al. 2016).
///   - reduction: How the losses of the triplets are combined.
/// - Returns: The loss.
/// - Throws: The errors of `distanceFunction`.
public func tripletMarginWithDistanceLoss<Failure: Error>(
  _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor,
  distanceFunction: (Tensor, Tensor) throws(Failure) -> Tensor, margin: Double = 1,
  swap: Bool = false, reduction: LossReduction = .mean
) throws(Failure) -> Tensor {
  let all = [anchor, positive, negative]
  if all.allSatisfy(\.isDefined), Set(all.map(\.ndim)).count > 1 {
    return failedLoss(
      "tripletMarginWithDistanceLoss", all,
      "the anchors, positives and negatives have \(all.map(\.ndim)) dimensions: pass tensors of "
        + "the same number of dimensions")
  }
  let positives = try distanceFunction(anchor, positive)
  var negatives = try distanceFunction(anchor, negative)
  if swap { negatives = negatives.minimum(try distanceFunction(positive, negative)) }
  return (margin + positives - negatives).clampMin(0).reduced(reduction)
}

extension Tensor {
  /// The losses of elements, combined.
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    }
  }

  /// Whether the one element is true.
  fileprivate var isTrue: Bool { isDefined && item != 0 }
}

/// Reports a failed operator, and returns its undefined result.
private func failedLoss(_ name: String, _ tensors: [Tensor], _ problem: String) -> Tensor {
  operatorFailed(name, tensors.map(\.summary).joined(separator: ", "), problem)
  return Tensor(owning: nil)
}
