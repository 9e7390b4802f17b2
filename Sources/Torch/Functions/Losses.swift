/// The mean cross-entropy of logits and class indices, like `torch.nn.functional.cross_entropy`.
///
/// - Parameters:
///   - logits: Unnormalized scores, shape `[batch, classes]`.
///   - targets: The class index of each row, shape `[batch]`, int64.
/// - Returns: A scalar.
public func crossEntropy(_ logits: Tensor, _ targets: Tensor) -> Tensor {
  crossEntropyLoss.tensor(.tensor(logits), .tensor(targets))
}

/// The mean squared difference of two tensors of the same shape, like
/// `torch.nn.functional.mse_loss`.
///
/// Different shapes count as a failed operator; see ``catchingTorchErrors(_:)``. PyTorch broadcasts
/// them with a warning, but the mean over all pairs is rarely intended.
///
/// - Returns: A scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  guard haveEqualShapes(predictions, targets, "meanSquaredError") else {
    return Tensor(owning: nil)
  }
  return mseLoss.tensor(.tensor(predictions), .tensor(targets))
}

/// Whether the shapes of predictions and targets are equal; otherwise the loss is a failed
/// operator.
private func haveEqualShapes(_ predictions: Tensor, _ targets: Tensor, _ loss: String) -> Bool {
  // An undefined tensor means that an earlier operator failed, which is already recorded.
  guard predictions.isDefined, targets.isDefined else { return true }
  let shape = predictions.shape
  guard shape != targets.shape else { return true }
  operatorFailed(
    loss, "\(predictions.summary), \(targets.summary)",
    "the predictions have shape \(shape), but the targets have shape \(targets.shape): reshape one "
      + "of them, for example with targets.reshaped(\(shape))")
  return false
}

private let crossEntropyLoss = Operator("aten::cross_entropy_loss")
private let mseLoss = Operator("aten::mse_loss")
