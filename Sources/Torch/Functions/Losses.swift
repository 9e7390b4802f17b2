/// The mean squared difference of two tensors of the same shape, like
/// `torch.nn.functional.mse_loss`.
///
/// The shapes must be equal. PyTorch broadcasts other shapes with a warning; the mean over all
/// pairs is rarely intended. Here they are a failed operator; see ``catchingTorchErrors(_:)``.
///
/// - Returns: A scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  guard haveEqualShapes(predictions, targets, "meanSquaredError") else {
    return Tensor(owning: nil)
  }
  return mseLossOp.tensor(.tensor(predictions), .tensor(targets))
}

/// Whether the shapes of predictions and targets are equal; otherwise the loss is a failed
/// operator.
func haveEqualShapes(_ predictions: Tensor, _ targets: Tensor, _ loss: String) -> Bool {
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

private let mseLossOp = Operator("aten::mse_loss")
