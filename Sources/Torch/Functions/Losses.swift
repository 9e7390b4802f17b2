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
/// - Returns: A scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  mseLoss.tensor(.tensor(predictions), .tensor(targets))
}

private let crossEntropyLoss = Operator("aten::cross_entropy_loss")
private let mseLoss = Operator("aten::mse_loss")
