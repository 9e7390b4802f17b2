// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Losses as functions.

/// The binary cross-entropy of probabilities and targets in [0, 1].
///
/// PyTorch: `torch.nn.functional.binary_cross_entropy`.
public func binaryCrossEntropy(
  _ input: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "binaryCrossEntropy") else { return Tensor(owning: nil) }
  return binaryCrossEntropyOperator.tensor(
    .tensor(input), .tensor(target), .optionalTensor(weight), .int(reduction.rawValue))
}

/// The binary cross-entropy of logits and targets in [0, 1].
///
/// PyTorch: `torch.nn.functional.binary_cross_entropy_with_logits`.
public func binaryCrossEntropyWithLogits(
  _ input: Tensor, _ target: Tensor, weight: Tensor? = nil, posWeight: Tensor? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "binaryCrossEntropyWithLogits") else {
    return Tensor(owning: nil)
  }
  return binaryCrossEntropyWithLogitsOperator.tensor(
    .tensor(input), .tensor(target), .optionalTensor(weight), .optionalTensor(posWeight),
    .int(reduction.rawValue))
}

/// A loss on the cosine of pairs: targets of 1 pull them together, -1 push them apart.
///
/// PyTorch: `torch.nn.functional.cosine_embedding_loss`.
public func cosineEmbeddingLoss(
  _ input1: Tensor, _ input2: Tensor, _ target: Tensor, margin: Double = 0.0,
  reduction: LossReduction = .mean
) -> Tensor {
  cosineEmbeddingLossOperator.tensor(
    .tensor(input1), .tensor(input2), .tensor(target), .double(margin), .int(reduction.rawValue))
}

/// The cross-entropy of logits `[batch, classes, …]` and class indices or probabilities.
///
/// PyTorch: `aten::cross_entropy_loss`.
public func crossEntropy(
  _ input: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean,
  ignoreIndex: Int = -100, labelSmoothing: Double = 0.0
) -> Tensor {
  guard areClassTargets(target, of: input, "crossEntropy") else { return Tensor(owning: nil) }
  return crossEntropyLossOperator.tensor(
    .tensor(input), .tensor(target), .optionalTensor(weight), .int(reduction.rawValue),
    .int(ignoreIndex), .double(labelSmoothing))
}

/// The connectionist temporal classification loss of Graves and others, 2006.
///
/// PyTorch: `torch.nn.functional.ctc_loss`.
public func ctcLoss(
  _ logProbs: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int], blank: Int = 0,
  reduction: LossReduction = .mean, zeroInfinity: Bool = false
) -> Tensor {
  ctcLossIntListOperator.tensor(
    .tensor(logProbs), .tensor(targets), .ints(inputLengths), .ints(targetLengths), .int(blank),
    .int(reduction.rawValue), .bool(zeroInfinity))
}

/// The connectionist temporal classification loss of Graves and others, 2006.
///
/// PyTorch: `torch.nn.functional.ctc_loss`.
public func ctcLoss(
  _ logProbs: Tensor, _ targets: Tensor, inputLengths: Tensor, targetLengths: Tensor,
  blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false
) -> Tensor {
  ctcLossTensorOperator.tensor(
    .tensor(logProbs), .tensor(targets), .tensor(inputLengths), .tensor(targetLengths), .int(blank),
    .int(reduction.rawValue), .bool(zeroInfinity))
}

/// The hinge loss of distances and targets of 1 and -1.
///
/// PyTorch: `torch.nn.functional.hinge_embedding_loss`.
public func hingeEmbeddingLoss(
  _ input: Tensor, _ target: Tensor, margin: Double = 1.0, reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "hingeEmbeddingLoss") else { return Tensor(owning: nil) }
  return hingeEmbeddingLossOperator.tensor(
    .tensor(input), .tensor(target), .double(margin), .int(reduction.rawValue))
}

/// The squared error below `delta`, the absolute error above.
///
/// PyTorch: `torch.nn.functional.huber_loss`.
public func huberLoss(
  _ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean, delta: Double = 1.0
) -> Tensor {
  guard haveEqualShapes(input, target, "huberLoss") else { return Tensor(owning: nil) }
  return huberLossOperator.tensor(
    .tensor(input), .tensor(target), .int(reduction.rawValue), .double(delta))
}

/// The Kullback-Leibler divergence of log-probabilities and target probabilities.
///
/// PyTorch: `torch.nn.functional.kl_div`.
public func klDiv(
  _ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean, logTarget: Bool = false
) -> Tensor {
  guard haveEqualShapes(input, target, "klDiv") else { return Tensor(owning: nil) }
  return klDivOperator.tensor(
    .tensor(input), .tensor(target), .int(reduction.rawValue), .bool(logTarget))
}

/// The absolute error.
///
/// PyTorch: `torch.nn.functional.l1_loss`.
public func l1Loss(_ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  guard haveEqualShapes(input, target, "l1Loss") else { return Tensor(owning: nil) }
  return l1LossOperator.tensor(.tensor(input), .tensor(target), .int(reduction.rawValue))
}

/// A loss on the order of two scores; targets of 1 rank the first higher, -1 the second.
///
/// PyTorch: `torch.nn.functional.margin_ranking_loss`.
public func marginRankingLoss(
  _ input1: Tensor, _ input2: Tensor, _ target: Tensor, margin: Double = 0.0,
  reduction: LossReduction = .mean
) -> Tensor {
  marginRankingLossOperator.tensor(
    .tensor(input1), .tensor(input2), .tensor(target), .double(margin), .int(reduction.rawValue))
}

/// The squared error.
///
/// PyTorch: `torch.nn.functional.mse_loss`.
public func mseLoss(_ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  guard haveEqualShapes(input, target, "mseLoss") else { return Tensor(owning: nil) }
  return mseLossOperator.tensor(.tensor(input), .tensor(target), .int(reduction.rawValue))
}

/// The hinge loss of several classes.
///
/// PyTorch: `torch.nn.functional.multi_margin_loss`.
public func multiMarginLoss(
  _ input: Tensor, _ target: Tensor, p: any Scalar = 1, margin: any Scalar = 1,
  weight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  multiMarginLossOperator.tensor(
    .tensor(input), .tensor(target), .scalar(p), .scalar(margin), .optionalTensor(weight),
    .int(reduction.rawValue))
}

/// The hinge loss of several classes and labels.
///
/// PyTorch: `torch.nn.functional.multilabel_margin_loss`.
public func multilabelMarginLoss(
  _ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  multilabelMarginLossOperator.tensor(.tensor(input), .tensor(target), .int(reduction.rawValue))
}

/// The negative log-likelihood of log-probabilities and class indices.
///
/// PyTorch: `aten::nll_loss_nd`.
public func nllLoss(
  _ input: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean,
  ignoreIndex: Int = -100
) -> Tensor {
  nllLossNdOperator.tensor(
    .tensor(input), .tensor(target), .optionalTensor(weight), .int(reduction.rawValue),
    .int(ignoreIndex))
}

/// The negative log-likelihood of Poisson distributed targets.
///
/// PyTorch: `torch.nn.functional.poisson_nll_loss`.
public func poissonNllLoss(
  _ input: Tensor, _ target: Tensor, logInput: Bool = true, full: Bool = false, eps: Double = 1e-08,
  reduction: LossReduction = .mean
) -> Tensor {
  guard haveEqualShapes(input, target, "poissonNllLoss") else { return Tensor(owning: nil) }
  return poissonNllLossOperator.tensor(
    .tensor(input), .tensor(target), .bool(logInput), .bool(full), .double(eps),
    .int(reduction.rawValue))
}

/// The squared error below `beta`, the absolute error above.
///
/// PyTorch: `torch.nn.functional.smooth_l1_loss`.
public func smoothL1Loss(
  _ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean, beta: Double = 1.0
) -> Tensor {
  guard haveEqualShapes(input, target, "smoothL1Loss") else { return Tensor(owning: nil) }
  return smoothL1LossOperator.tensor(
    .tensor(input), .tensor(target), .int(reduction.rawValue), .double(beta))
}

/// The logistic loss of scores and targets of 1 and -1.
///
/// PyTorch: `torch.nn.functional.soft_margin_loss`.
public func softMarginLoss(_ input: Tensor, _ target: Tensor, reduction: LossReduction = .mean)
  -> Tensor
{
  guard haveEqualShapes(input, target, "softMarginLoss") else { return Tensor(owning: nil) }
  return softMarginLossOperator.tensor(.tensor(input), .tensor(target), .int(reduction.rawValue))
}

/// A loss that pulls the positive closer to the anchor than the negative.
///
/// PyTorch: `torch.nn.functional.triplet_margin_loss`.
public func tripletMarginLoss(
  _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor, margin: Double = 1.0, p: Double = 2.0,
  eps: Double = 1e-06, swap: Bool = false, reduction: LossReduction = .mean
) -> Tensor {
  tripletMarginLossOperator.tensor(
    .tensor(anchor), .tensor(positive), .tensor(negative), .double(margin), .double(p),
    .double(eps), .bool(swap), .int(reduction.rawValue))
}

private let binaryCrossEntropyOperator = Operator("aten::binary_cross_entropy")
private let binaryCrossEntropyWithLogitsOperator = Operator(
  "aten::binary_cross_entropy_with_logits")
private let cosineEmbeddingLossOperator = Operator("aten::cosine_embedding_loss")
private let crossEntropyLossOperator = Operator("aten::cross_entropy_loss")
private let ctcLossIntListOperator = Operator("aten::ctc_loss", "IntList")
private let ctcLossTensorOperator = Operator("aten::ctc_loss", "Tensor")
private let hingeEmbeddingLossOperator = Operator("aten::hinge_embedding_loss")
private let huberLossOperator = Operator("aten::huber_loss")
private let klDivOperator = Operator("aten::kl_div")
private let l1LossOperator = Operator("aten::l1_loss")
private let marginRankingLossOperator = Operator("aten::margin_ranking_loss")
private let mseLossOperator = Operator("aten::mse_loss")
private let multiMarginLossOperator = Operator("aten::multi_margin_loss")
private let multilabelMarginLossOperator = Operator("aten::multilabel_margin_loss")
private let nllLossNdOperator = Operator("aten::nll_loss_nd")
private let poissonNllLossOperator = Operator("aten::poisson_nll_loss")
private let smoothL1LossOperator = Operator("aten::smooth_l1_loss")
private let softMarginLossOperator = Operator("aten::soft_margin_loss")
private let tripletMarginLossOperator = Operator("aten::triplet_margin_loss")
