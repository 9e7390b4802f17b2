/// The mean cross-entropy of class scores and class numbers, as `torch.nn.functional.cross_entropy`.
///
/// - Parameters:
///   - logits: Unnormalised scores, shape `[batch, classes]`.
///   - targets: The class of each row, shape `[batch]`, int64.
/// - Returns: A scalar.
public func crossEntropy(_ logits: Tensor, _ targets: Tensor) -> Tensor {
  crossEntropyLoss.tensor(.tensor(logits), .tensor(targets))
}

/// The mean squared difference of two tensors of one shape, as `torch.nn.functional.mse_loss`.
///
/// - Returns: A scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  mseLoss.tensor(.tensor(predictions), .tensor(targets))
}

private let crossEntropyLoss = Operator("aten::cross_entropy_loss")
private let mseLoss = Operator("aten::mse_loss")
