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
      + "of them, for example with targets.reshape(\(shape))")
  return false
}
