// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Attention as a function.

/// Attention: softmax(Q Kᵀ scale + mask) V of Vaswani and others, 2017.
///
/// PyTorch: `torch.nn.functional.scaled_dot_product_attention`.
public func scaledDotProductAttention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, attnMask: Tensor? = nil, dropoutP: Double = 0.0,
  isCausal: Bool = false, scale: Double? = nil, enableGqa: Bool = false
) -> Tensor {
  scaledDotProductAttentionOperator.tensor(
    .tensor(query), .tensor(key), .tensor(value), .optionalTensor(attnMask), .double(dropoutP),
    .bool(isCausal), .optionalDouble(scale), .bool(enableGqa))
}

private let scaledDotProductAttentionOperator = Operator("aten::scaled_dot_product_attention")
