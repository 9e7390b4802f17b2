/// Whether targets belong to logits of classes; otherwise the loss is a failed operator.
///
/// Class indices, int64, have the shape of the logits without the classes, dimension 1. Floating-
/// point targets are probabilities and have the shape of the logits.
func areClassTargets(_ targets: Tensor, of logits: Tensor, _ loss: String) -> Bool {
  // An undefined tensor means that an earlier operator failed, which is already recorded.
  guard logits.isDefined, targets.isDefined, let problem = mismatch(logits, targets) else {
    return true
  }
  operatorFailed(loss, "\(logits.summary), \(targets.summary)", problem)
  return false
}

private func mismatch(_ logits: Tensor, _ targets: Tensor) -> String? {
  let shape = logits.shape
  let given = targets.shape
  guard let first = shape.first else {
    return "the logits are a scalar: pass a tensor of shape [batch, classes]"
  }
  if targets.dtype.isFloatingPoint {
    if shape == given { return nil }
    return
      "floating-point targets are probabilities and need the logits' shape [batch, classes], but "
      + "the logits have shape \(shape) and the targets \(given): for class indices, convert the "
      + "targets with to(.int64)"
  }
  guard targets.dtype == .int64 else {
    return
      "the targets have type \(targets.dtype), but class indices are int64: convert them with "
      + "to(.int64)"
  }
  let expected = shape.count == 1 ? [] : [first] + shape[2...]
  guard given != expected else { return nil }
  let samples = expected.reduce(1, *)
  let remedy =
    targets.count == samples
    ? "reshape them with targets.reshape(\(expected))"
    : "pass one class index for each of the \(samples) samples"
  return
    "the logits have shape \(shape), so the targets need shape \(expected), but they have shape "
    + "\(given): \(remedy)"
}
